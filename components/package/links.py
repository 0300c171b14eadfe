"""Links and exports for other languages: both halves of a link, and an exported service."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from ..linkerd.identities import TRUST_DOMAIN
from ..linkerd.installation.installed import GatewayEndpoint, MulticlusterInstallation
from ..linkerd.links.access import LinkAccess, LinkAccessArgs
from ..linkerd.links.exports import ExportedService, ExportedServiceArgs
from ..linkerd.links.grant import LinkGrant
from ..linkerd.links.link import Link, LinkArgs
from ..linkerd.mode import LinkMode
from ..names import CLUSTER_DOMAIN
from .cluster import GivenCluster, OnCluster, on_cluster, others
from .crossing import Crossing, Given, chosen, fields


@dataclass(frozen=True, kw_only=True)
class LinkAccessGrant:
    """What a target grants to one source: all that a `Link` needs of an access."""

    account: pulumi.Input[str]
    """Service account on the target that the source uses."""

    token: pulumi.Input[str]
    """Token of the account; a secret."""

    generation: pulumi.Input[int]
    """Number of the token: with another number the source's controllers read the new token."""

    api_server: pulumi.Input[str]
    """URL of the target's API server, as the target knows it."""

    certificate_authority_data: pulumi.Input[str]
    """CA certificates of that API server: PEM in base64; empty if a public CA signed its own."""


@dataclass(frozen=True, kw_only=True)
class TargetInputs:
    """The target's gateway, and its domains."""

    gateway: GatewayEndpoint | None = None
    """The gateway of its `LinkerdMulticluster`; None if the target is only called pod to pod."""

    cluster_domain: str = CLUSTER_DOMAIN
    """Suffix of the target's DNS names."""

    trust_domain: str = TRUST_DOMAIN
    """Suffix of the target's identities."""


@dataclass(frozen=True, kw_only=True)
class LinkInputs:
    """The target of a link."""

    target: str
    """Name of the target cluster; the end of its mirror services' names."""

    grant: LinkAccessGrant
    """The grant of the target: `LinkAccess.grant`."""

    modes: Collection[LinkMode] = (LinkMode.GATEWAY,)
    """The modes that the account has rights for: those of the `LinkAccess`."""


@dataclass(frozen=True, kw_only=True)
class AccessOutputs:
    """What a program reads of a `LinkAccess`."""

    grant: LinkAccessGrant
    """What the `Link` on the source needs; its token never expires, until the access is deleted."""


@dataclass(frozen=True, kw_only=True)
class ExportOutputs:
    """What a program reads of an `ExportedService`."""

    mirror: str
    """Name of the Service that sources call: `<service>-<cluster>` or `<service>-federated`."""

    namespace: str
    """Its namespace, the same on every cluster."""

    host: str
    """Host name that pods of sources call, e.g. `orders-cloud.shop.svc.cluster.local`."""

    label: Mapping[str, str]
    """The label of the Service; links of chosen sources list its value in `export_labels`."""


def _access(name: str, given: Given, opts: pulumi.ResourceOptions) -> LinkAccess:
    own = others(given, *(each.field for each in fields(TargetInputs)))

    def args(cluster: GivenCluster) -> LinkAccessArgs:
        target = MulticlusterInstallation(cluster=cluster, **_given(given, TargetInputs))
        return LinkAccessArgs(target=target, **own)

    return on_cluster(LinkAccess, name, given, opts, args)


def _link(name: str, given: Given, opts: pulumi.ResourceOptions) -> Link:
    access: LinkAccessGrant = given["grant"]
    grant = LinkGrant(
        target=given["target"],
        modes=given.get("modes", (LinkMode.GATEWAY,)),
        **vars(access),
        **{"gateway": None, **_given(given, TargetInputs)},
    )
    own = others(given, *(each.field for each in fields(TargetInputs, LinkInputs)))

    def args(cluster: GivenCluster) -> LinkArgs:
        return LinkArgs(source=MulticlusterInstallation(cluster=cluster), grant=grant, **own)

    return on_cluster(Link, name, given, opts, args)


def _given(given: Given, surface: type) -> dict[str, Any]:
    names = {each.field for each in fields(surface)}
    return {key: value for key, value in given.items() if key in names}


class _Exported(ExportedService):
    """An `ExportedService` that knows its label."""

    def __init__(self, name: str, args: ExportedServiceArgs, opts: pulumi.ResourceOptions) -> None:
        super().__init__(name, args, opts)
        self.label = args.label


def _export(name: str, given: Given, opts: pulumi.ResourceOptions) -> _Exported:
    def args(cluster: GivenCluster) -> ExportedServiceArgs:
        return ExportedServiceArgs(cluster=cluster, **others(given))

    return on_cluster(_Exported, name, given, opts, args)


def _exported(made: _Exported) -> ExportOutputs:
    return ExportOutputs(
        mirror=made.mirror, namespace=made.namespace, host=made.host(), label=made.label
    )


def _granted(made: LinkAccess) -> AccessOutputs:
    names = [each.field for each in fields(LinkAccessGrant)]
    return AccessOutputs(
        grant=LinkAccessGrant(**{each: getattr(made.grant, each) for each in names})
    )


_ON_CLUSTER = fields(OnCluster)

CROSSINGS = {
    "LinkAccess": Crossing(
        component=LinkAccess,
        inputs=(
            *_ON_CLUSTER,
            *fields(TargetInputs),
            *fields(LinkAccessArgs, without=["target"]),
        ),
        outputs=fields(AccessOutputs),
        make=_access,
        result=_granted,
    ),
    "Link": Crossing(
        component=Link,
        inputs=(
            *_ON_CLUSTER,
            *fields(LinkInputs),
            *fields(TargetInputs),
            *fields(LinkArgs, without=["source", "grant"]),
        ),
        outputs=chosen(Link, "target"),
        make=_link,
    ),
    "ExportedService": Crossing(
        component=ExportedService,
        inputs=(*_ON_CLUSTER, *fields(ExportedServiceArgs, without=["cluster", "resource"])),
        outputs=fields(ExportOutputs),
        make=_export,
        result=_exported,
    ),
}
