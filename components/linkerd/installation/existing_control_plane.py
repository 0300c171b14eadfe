"""
The component `ExistingControlPlane`: a control plane that something else installed.

Nothing of it is changed. What its extensions, links and other clusters rely on is read and compared
with the arguments, in previews too: its version, its domains, the proxies' admin port, and the
anchors that it trusts. Decision: docs/decisions/0027-what-is-on-an-existing-cluster.md
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from ...arguments import checked
from ...support import linkerd_release
from ...yaml_text import parsed
from ..identity import certificates
from ..labels import CONFIG, CONTROL_PLANE_NAMESPACE, TRUST_ROOTS, TRUST_ROOTS_KEY
from ..ports import ADMIN_PORT
from .images import chart_of, edge
from .installed import LinkerdInstallation


@checked
@dataclass(frozen=True, kw_only=True)
class ExistingControlPlaneArgs(LinkerdInstallation):
    """
    Arguments of `ExistingControlPlane`: the settings that it is expected to have.

    All problems are reported together, as one `ValueError`.
    """

    trust_anchors_pem: pulumi.Input[str]
    """Trust anchors that all linked clusters share, and that it must trust: PEM certificates."""


class ExistingControlPlane(pulumi.ComponentResource):
    """
    Linkerd's control plane on one cluster, which something else installed.

    Makes:
        nothing; it reads the namespace `linkerd` and two ConfigMaps in it.
    Example:
        ExistingControlPlane(
            "office-linkerd",
            ExistingControlPlaneArgs(cluster=office, trust_anchors_pem=anchor.certificate_pem),
        )
    """

    installation: LinkerdInstallation
    """Settings that extensions share with the control plane."""

    namespace_uid: pulumi.Output[str]
    """UID of its namespace: a cluster that was replaced has another one, or none."""

    version: pulumi.Output[str]
    """Its release, e.g. `edge-26.6.3`; known once it has been compared with the arguments."""

    def __init__(
        self,
        name: str,
        args: ExistingControlPlaneArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:ExistingControlPlane", name, {}, opts)
        self.installation = args
        namespace = kubernetes.core.v1.Namespace.get(
            f"{name}-namespace", CONTROL_PLANE_NAMESPACE, opts=_reading(args, parent=self)
        )
        config, roots = (
            kubernetes.core.v1.ConfigMap.get(
                f"{name}-{each}", f"{CONTROL_PLANE_NAMESPACE}/{each}", opts=_reading(args, self)
            )
            for each in (CONFIG, TRUST_ROOTS)
        )
        self.namespace_uid = namespace.metadata.uid
        self.version = pulumi.Output.all(config.data, roots.data, args.trust_anchors_pem).apply(
            lambda read: _compared(args, *read)
        )
        self.register_outputs({"version": self.version})


def _reading(args: ExistingControlPlaneArgs, parent: pulumi.Resource) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(parent=parent, provider=args.cluster.provider)


def _compared(
    args: ExistingControlPlaneArgs,
    config: Mapping[str, str],
    roots: Mapping[str, str],
    trust_anchors_pem: str,
) -> str:
    """Return the release; RunError if the control plane is not as the arguments say."""
    values = parsed(config.get("values", "")) or {}
    problems = [
        *setting_problems(args, values),
        *trust_problems(args.cluster.name, roots.get(TRUST_ROOTS_KEY, ""), trust_anchors_pem),
    ]
    if problems:
        raise pulumi.RunError("\n".join(problems))
    return str(values["linkerdVersion"])


def setting_problems(args: LinkerdInstallation, values: Mapping[str, Any]) -> Iterator[str]:
    """
    List what the values of an installed control plane have other than expected.

    Args:
        values: those of the chart, as `linkerd-config` has them.
    """
    on = f"Linkerd on {args.cluster.name!r}"
    version = str(values.get("linkerdVersion"))
    if version != edge(args.version):
        chart = chart_of(version)
        use = "an upgrade of it, as it was installed"
        if linkerd_release(chart) is not None:
            described = f"Linkerd(versions={{{args.cluster.name!r}: {chart!r}}})"
            use = f"{described}, or upgrade it as it was installed"
        yield (
            f"{on} must be {edge(args.version)}, of chart {args.version} (got {version}). Its "
            f"proxies and its extension would be of two versions. Use: {use}"
        )
    domain = values.get("clusterDomain")
    if domain != args.cluster_domain:
        yield (
            f"{on} must have the cluster domain {args.cluster_domain} (got {domain}). Links would "
            f'lead to names that do not exist. Use: cluster_domain="{domain}"'
        )
    trust_domain = values.get("identityTrustDomain") or domain
    if trust_domain != args.trust_domain:
        yield (
            f"{on} must have the trust domain {args.trust_domain} (got {trust_domain}). Its "
            "proxies would have other identities than links expect. Install it with: "
            f"identityTrustDomain={args.trust_domain}"
        )
    port = ((values.get("proxy") or {}).get("ports") or {}).get("admin", ADMIN_PORT)
    if port != args.proxy.admin_port:
        yield (
            f"{on} must have the admin port {args.proxy.admin_port} (got {port}). Sources would "
            f"probe a port that its gateway does not have. Use: ProxyConfig(admin_port={port})"
        )


def trust_problems(cluster: str, trusted_pem: str, trust_anchors_pem: str) -> list[str]:
    """List the anchors of the environment that an installed control plane does not trust."""
    trusted = {one.strip() for one in certificates.split(trusted_pem)}
    expected = [one.strip() for one in certificates.split(trust_anchors_pem)]
    missing = sum(one not in trusted for one in expected)
    if not missing:
        return []
    return [
        f"Linkerd on {cluster!r} must trust every anchor of the environment (it lacks {missing} of "
        f"{len(expected)}). Its proxies and those of other clusters would refuse one another. "
        "Use: the anchor of that Linkerd as linkmesh:anchorCertificate of the stack trust, or add "
        "the environment's to its identityTrustAnchorsPEM"
    ]
