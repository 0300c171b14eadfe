"""
The component `Link`: the source's half of a link, made from the grant of its target.

Linkerd reads the credentials in two places, and not again when they change: the mirror controller
reads them when the spec of its `Link` changes, and the destination controller when a Secret is
created. So the spec contains a value that changes with the credentials, and the Secret is replaced.

The destination controller also asks only then whether it may read pods, and gives up if not. So its
Secret exists only for a link that calls pods directly, notes the rights, and is replaced when they
change (docs/decisions/0020-discovery-credentials.md).

Proxies of callers of a federated service use the addresses that they know until their stream ends,
after at most an hour, or linkerd-destination is restarted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from ... import names
from ...arguments import checked
from ...versions import LINKERD_EDGE
from ..installation.installed import MulticlusterInstallation, waiting_for
from ..installation.multicluster import LinkerdMulticluster, multicluster_of
from ..labels import (
    CLUSTER_DOMAIN,
    CLUSTER_NAME,
    CONTROL_PLANE_NAMESPACE,
    CREATED_BY,
    CREDENTIALS_TYPE,
    LINK_GROUP,
    LINK_VERSION,
    MULTICLUSTER_NAMESPACE,
    TRUST_DOMAIN,
)
from ..mode import LinkMode
from .export_labels import EVERY_SOURCE
from .grant import LinkGrant
from .link_fields import RIGHTS, credentials_mark
from .link_objects import credentials_kubeconfig, link_spec
from .mirror_cleanup import mirror_cleanup
from .rights import calls_pods, discovery_rights


@checked
@dataclass(frozen=True, kw_only=True)
class LinkArgs:
    """Arguments of `Link`."""

    source: LinkerdMulticluster | MulticlusterInstallation
    """
    The multicluster extension of the cluster that calls; the target is one of its `targets`.

    A `MulticlusterInstallation` is for one that another program installed.
    """

    grant: LinkGrant
    """The grant of the target: `LinkAccess.grant`."""

    api_server: pulumi.Input[str] | None = None
    """
    URL at which pods on the source reach the target's API server; None: the URL in the grant.

    As `--api-server-address` of `linkerd multicluster link-gen`: for a target with another address
    for its sources, e.g. a private endpoint, or the address of a kind cluster for another one.
    """

    export_labels: Sequence[str] = (EVERY_SOURCE[LinkMode.GATEWAY],)
    """
    Values of the label `mirror.linkerd.io/exported` whose services this source mirrors.

    By default Linkerd's own, `true`. An `ExportedService` with `sources` has another value, which
    the links of these sources must list: `ExportedServiceArgs.label`.
    """

    discovery_labels: Sequence[str] = (EVERY_SOURCE[LinkMode.FLAT],)
    """Values of the same label whose services this source calls pod to pod."""

    federated_labels: Sequence[str] = (EVERY_SOURCE[LinkMode.FEDERATED],)
    """Values of the label `mirror.linkerd.io/federated` whose services this source joins."""

    @property
    def installation(self) -> MulticlusterInstallation:
        """Settings of the extension of the source."""
        return multicluster_of(self.source)


class Link(pulumi.ComponentResource):
    """
    A link in one direction: the source can call the services that the target exports to it.

    It waits for the multicluster extension of the source.

    Makes:
        on the source, a Secret with the credentials, another one if it calls pods directly, and the
        `Link`; and a resource that deletes the mirror services when the link is deleted.
    Example:
        access = LinkAccess("east-access-west", LinkAccessArgs(target=east, source="west"))
        Link("west-east", LinkArgs(source=west, grant=access.grant))
    Source: linkerd2, multicluster/cmd/link-gen.go
    """

    target: str
    """Name of the target cluster."""

    def __init__(
        self,
        name: str,
        args: LinkArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        opts = waiting_for(opts, args.source)
        super().__init__("linkmesh:index:Link", name, {}, opts)
        self.target = args.grant.target
        kubeconfig = _kubeconfig(args)
        before: list[pulumi.Resource] = [_mirror_credentials(name, args, kubeconfig, parent=self)]
        if calls_pods(args.grant.modes):
            before.append(_discovery_credentials(name, args, kubeconfig, parent=self))
        # Made before the link, so that it is removed after it.
        before.append(_cleanup(name, args, parent=self))
        self.link = _link(name, args, depends_on=before, parent=self)
        self.register_outputs({"target": self.target})


def _kubeconfig(args: LinkArgs) -> pulumi.Output[str]:
    grant = args.grant
    return pulumi.Output.secret(
        pulumi.Output.all(
            account=grant.account,
            token=grant.token,
            api_server=_api_server(args),
            certificate_authority_data=grant.certificate_authority_data,
        ).apply(lambda given: credentials_kubeconfig(target=grant.target, **given))
    )


def _mark(args: LinkArgs) -> pulumi.Output[str]:
    grant = args.grant
    mark = pulumi.Output.all(
        account=grant.account,
        generation=grant.generation,
        api_server=_api_server(args),
        certificate_authority_data=grant.certificate_authority_data,
    ).apply(
        lambda given: credentials_mark(
            account=given["account"],
            # Numbers come through a stack reference as floats.
            generation=int(given["generation"]),
            api_server=given["api_server"],
            certificate_authority_data=given["certificate_authority_data"],
        )
    )
    # The number may come from a contract that is secret as a whole. It is no secret itself.
    return pulumi.Output.unsecret(mark)


def _api_server(args: LinkArgs) -> pulumi.Input[str]:
    return args.grant.api_server if args.api_server is None else args.api_server


def _mirror_credentials(
    name: str, args: LinkArgs, kubeconfig: pulumi.Output[str], parent: pulumi.Resource
) -> kubernetes.core.v1.Secret:
    return kubernetes.core.v1.Secret(
        f"{name}-credentials",
        metadata={
            "name": names.credentials_secret(args.grant.target),
            "namespace": MULTICLUSTER_NAMESPACE,
        },
        type=CREDENTIALS_TYPE,
        string_data={"kubeconfig": kubeconfig},
        opts=pulumi.ResourceOptions(parent=parent, provider=args.installation.cluster.provider),
    )


def _discovery_credentials(
    name: str, args: LinkArgs, kubeconfig: pulumi.Output[str], parent: pulumi.Resource
) -> kubernetes.core.v1.Secret:
    grant = args.grant
    # The destination controller does not notice changes of this Secret: so it is replaced. The old
    # one is deleted first: deleted later, under another name, it would take the new one's cluster
    # out of the controller's store, whose key is the label.
    # Source: linkerd2, controller/api/destination/watcher/cluster_store.go
    return kubernetes.core.v1.Secret(
        f"{name}-discovery-credentials",
        metadata={
            "name": names.credentials_secret(grant.target),
            "namespace": CONTROL_PLANE_NAMESPACE,
            "labels": {CLUSTER_NAME: grant.target},
            "annotations": {
                TRUST_DOMAIN: grant.trust_domain,
                CLUSTER_DOMAIN: grant.cluster_domain,
                RIGHTS: discovery_rights(),
            },
        },
        type=CREDENTIALS_TYPE,
        string_data={"kubeconfig": kubeconfig},
        opts=pulumi.ResourceOptions(
            parent=parent,
            provider=args.installation.cluster.provider,
            # The provider may note what we give as `stringData` under either name.
            replace_on_changes=["stringData", "data", "metadata.annotations"],
            delete_before_replace=True,
        ),
    )


def _cleanup(name: str, args: LinkArgs, parent: pulumi.Resource) -> pulumi.Resource:
    return mirror_cleanup(
        f"{name}-mirrors",
        target=args.grant.target,
        kubeconfig=args.installation.cluster.kubeconfig,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _link(
    name: str, args: LinkArgs, depends_on: list[pulumi.Resource], parent: pulumi.Resource
) -> kubernetes.apiextensions.CustomResource:
    return kubernetes.apiextensions.CustomResource(
        f"{name}-link",
        api_version=f"{LINK_GROUP}/{LINK_VERSION}",
        kind="Link",
        metadata={
            "name": args.grant.target,
            "namespace": MULTICLUSTER_NAMESPACE,
            "annotations": {CREATED_BY: f"linkerd/cli {LINKERD_EDGE}"},
        },
        spec=link_spec(
            args.grant,
            mark=_mark(args),
            export_labels=args.export_labels,
            discovery_labels=args.discovery_labels,
            federated_labels=args.federated_labels,
        ),
        opts=pulumi.ResourceOptions(
            parent=parent, provider=args.installation.cluster.provider, depends_on=depends_on
        ),
    )
