"""
A link on its source: what the target granted, put where Linkerd looks for it.

Linkerd reads the credentials in two places, and forgets to look again: the mirror controller reads
them when its `Link` changes, and the destination controller sees a Secret come and go but not
change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
import yaml

from .. import names
from ..cluster import Cluster
from ..versions import LINKERD_EDGE
from .control_plane import NAMESPACE as CONTROL_PLANE_NAMESPACE
from .multicluster import NAMESPACE, PROBE_PATH, PROBE_PERIOD_SECONDS, Gateway

# Source: linkerd2, pkg/k8s/labels.go
EXPORTED = "mirror.linkerd.io/exported"
FEDERATED = "mirror.linkerd.io/federated"
CREDENTIALS_TYPE = "mirror.linkerd.io/remote-kubeconfig"
CLUSTER_NAME = "multicluster.linkerd.io/cluster-name"
CLUSTER_DOMAIN = "multicluster.linkerd.io/cluster-domain"
TRUST_DOMAIN = "multicluster.linkerd.io/trust-domain"

# Annotations of the target's Service that would be wrong on its mirror: what tools have noted about
# the original, and orders to controllers that would make a second load balancer or DNS name.
EXCLUDED_ANNOTATIONS = [
    "kubectl.kubernetes.io/*",
    "pulumi.com/*",
    "external-dns.alpha.kubernetes.io/*",
    "service.beta.kubernetes.io/*",
]
EXCLUDED_LABELS = ["app.kubernetes.io/managed-by"]


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a target gives to one source: all that a `Link` needs to know."""

    target: str
    """Name of the target cluster; the end of its mirror services' names."""

    account: str
    """Service account with which the source looks at the target."""

    token: pulumi.Input[str]
    """The account's token; treated as a secret."""

    api_server: pulumi.Input[str]
    """URL of the target's API server, as pods on the source reach it."""

    certificate_authority_data: pulumi.Input[str]
    """Certificates that vouch for that API server: PEM, base64."""

    gateway: Gateway
    """The target's gateway."""

    cluster_domain: str = "cluster.local"
    """Suffix of the target's DNS names."""

    trust_domain: str = "cluster.local"
    """Suffix of the target's identities."""


@dataclass(frozen=True, kw_only=True)
class LinkArgs:
    """Who calls, and what it was granted."""

    source: Cluster
    """The cluster that calls. Its multicluster extension has a controller for the target."""

    grant: Grant
    """What the target gave."""

    export_labels: Sequence[str] = ("true",)
    """
    Values of the label `mirror.linkerd.io/exported` that this source mirrors.

    `true`, Linkerd's own, is offered to every source; the others name chosen ones.
    """


def credentials_kubeconfig(
    *, target: str, account: str, token: str, api_server: str, certificate_authority_data: str
) -> str:
    """
    Make the kubeconfig with which the source's controllers reach the target.

    Source: linkerd2, multicluster/cmd/link-gen.go
    """
    cluster = {"server": api_server, "certificate-authority-data": certificate_authority_data}
    context = {"cluster": target, "user": account}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "preferences": {},
        "clusters": [{"name": target, "cluster": {k: v for k, v in cluster.items() if v}}],
        "contexts": [{"name": target, "context": context}],
        "current-context": target,
        "users": [{"name": account, "user": {"token": token}}],
    }
    return yaml.safe_dump(config)


def export_selector(export_labels: Sequence[str]) -> dict[str, Any]:
    """Make the label selector of the services that a source mirrors."""
    if tuple(export_labels) == ("true",):
        return {"matchLabels": {EXPORTED: "true"}}
    values = sorted(export_labels)
    return {"matchExpressions": [{"key": EXPORTED, "operator": "In", "values": values}]}


def link_spec(grant: Grant, export_labels: Sequence[str] = ("true",)) -> dict[str, Any]:
    """
    Make the `spec` of a `Link` in gateway mode; ports are strings in it.

    Source: linkerd2, multicluster/cmd/link-gen.go and the chart's link-crd.yaml (v1alpha3)
    """
    return {
        "targetClusterName": grant.target,
        "targetClusterDomain": grant.cluster_domain,
        "targetClusterLinkerdNamespace": CONTROL_PLANE_NAMESPACE,
        "clusterCredentialsSecret": names.credentials_secret(grant.target),
        "gatewayAddress": grant.gateway.address,
        "gatewayPort": str(grant.gateway.port),
        "gatewayIdentity": grant.gateway.identity,
        "probeSpec": {
            "path": PROBE_PATH,
            "port": str(grant.gateway.probe_port),
            "period": f"{PROBE_PERIOD_SECONDS}s",
            # The CRD's own defaults, spelt out so that nothing is left to it.
            "timeout": "30s",
            "failureThreshold": "3",
        },
        "selector": export_selector(export_labels),
        "remoteDiscoverySelector": {"matchLabels": {EXPORTED: "remote-discovery"}},
        "federatedServiceSelector": {"matchLabels": {FEDERATED: "member"}},
        "excludedAnnotations": EXCLUDED_ANNOTATIONS,
        "excludedLabels": EXCLUDED_LABELS,
    }


class Link(pulumi.ComponentResource):
    """
    One direction: the source sees, and can call, what the target exports to it.

    Makes:
        on the source, two Secrets with the credentials, and the `Link`.
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
        super().__init__("linkmesh:index:Link", name, {}, opts)
        self.target = args.grant.target
        kubeconfig = _kubeconfig(args.grant)
        discovery = _discovery_credentials(name, args, kubeconfig, parent=self)
        mirroring = _mirror_credentials(name, args, kubeconfig, parent=self)
        self.link = _link(name, args, depends_on=[discovery, mirroring], parent=self)
        self.register_outputs({"target": self.target})


def _kubeconfig(grant: Grant) -> pulumi.Output[str]:
    return pulumi.Output.secret(
        pulumi.Output.all(
            token=grant.token,
            api_server=grant.api_server,
            certificate_authority_data=grant.certificate_authority_data,
        ).apply(
            lambda given: credentials_kubeconfig(
                target=grant.target, account=grant.account, **given
            )
        )
    )


def _mirror_credentials(
    name: str, args: LinkArgs, kubeconfig: pulumi.Output[str], parent: pulumi.Resource
) -> kubernetes.core.v1.Secret:
    return kubernetes.core.v1.Secret(
        f"{name}-credentials",
        metadata={
            "name": names.credentials_secret(args.grant.target),
            "namespace": NAMESPACE,
        },
        type=CREDENTIALS_TYPE,
        string_data={"kubeconfig": kubeconfig},
        opts=pulumi.ResourceOptions(parent=parent, provider=args.source.provider),
    )


def _discovery_credentials(
    name: str, args: LinkArgs, kubeconfig: pulumi.Output[str], parent: pulumi.Resource
) -> kubernetes.core.v1.Secret:
    grant = args.grant
    # The destination controller sees this Secret come and go, but not change: so it is replaced.
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
            },
        },
        type=CREDENTIALS_TYPE,
        string_data={"kubeconfig": kubeconfig},
        opts=pulumi.ResourceOptions(
            parent=parent,
            provider=args.source.provider,
            # The provider may note what we give as `stringData` under either name.
            replace_on_changes=["stringData", "data"],
            delete_before_replace=True,
        ),
    )


def _link(
    name: str, args: LinkArgs, depends_on: list[pulumi.Resource], parent: pulumi.Resource
) -> kubernetes.apiextensions.CustomResource:
    return kubernetes.apiextensions.CustomResource(
        f"{name}-link",
        api_version="multicluster.linkerd.io/v1alpha3",
        kind="Link",
        metadata={
            "name": args.grant.target,
            "namespace": NAMESPACE,
            "annotations": {"linkerd.io/created-by": f"linkerd/cli {LINKERD_EDGE}"},
        },
        spec=link_spec(args.grant, args.export_labels),
        opts=pulumi.ResourceOptions(
            parent=parent, provider=args.source.provider, depends_on=depends_on
        ),
    )
