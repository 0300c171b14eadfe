"""
Extra Helm values that contradict what others know.

Extra values are merged last, so they win on their cluster. But links, credentials, policies, load
balancers and other clusters know what our arguments say: a gateway at another port would be
installed, and every source would still call the old one. So such values are errors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...arguments.text import shown
from ..ports import CONTROL_PORT, INBOUND_PORT, OUTBOUND_PORT

_ABSENT = object()


@dataclass(frozen=True)
class SharedValue:
    """A value that others know too."""

    path: str
    """Its keys, joined by points."""

    known_by: str
    """Who knows it."""

    use: str
    """What to use instead of the extra value."""

    default: object = _ABSENT
    """The chart's own, for where we set none; without it, an extra value contradicts nothing."""


_DOMAIN = "Links, credentials and policies have this domain"
_GATEWAY = "Each Link gives its source this"
_PORTS = "Gateways, probes, security groups and policies have these ports"
_REACH = "The plan says who may reach the gateway"

_ONE_DOMAIN = "no such value in an environment, or {} of LinkerdControlPlaneArgs in a program"
_CLUSTER_DOMAIN = _ONE_DOMAIN.format("cluster_domain")
_TRUST_DOMAIN = _ONE_DOMAIN.format("trust_domain")
_GATEWAY_ARGS = "no such value; the kind of cluster decides, or gateway= in a program"
_ADMIN_PORT = "ProxyConfig(admin_port=)"

CONTROL_PLANE = (
    SharedValue("clusterDomain", _DOMAIN, _CLUSTER_DOMAIN),
    SharedValue("identityTrustDomain", _DOMAIN, _TRUST_DOMAIN),
    SharedValue("identityTrustAnchorsPEM", "Every cluster trusts these anchors", "mesh rotate"),
    SharedValue(
        "identity.externalCA", "The issuer's Secret is made for it", "Linkerd(cert_manager=)"
    ),
    SharedValue(
        "identity.issuer.scheme", "The issuer's Secret has this form", "Linkerd(cert_manager=)"
    ),
    SharedValue("cniEnabled", "The CNI plugin is installed for it, or is not", "Linkerd(cni=)"),
    SharedValue("proxy.ports.admin", _PORTS, _ADMIN_PORT),
    SharedValue("proxy.ports.inbound", _PORTS, "no such value", INBOUND_PORT),
    SharedValue("proxy.ports.outbound", _PORTS, "no such value", OUTBOUND_PORT),
    SharedValue("proxy.ports.control", _PORTS, "no such value", CONTROL_PORT),
)

MULTICLUSTER = (
    SharedValue("gateway.enabled", _GATEWAY, "a link and an export, which make a gateway"),
    SharedValue("gateway.name", _GATEWAY, "no such value", "linkerd-gateway"),
    SharedValue("gateway.port", _GATEWAY, _GATEWAY_ARGS, INBOUND_PORT),
    SharedValue("gateway.serviceType", _GATEWAY, _GATEWAY_ARGS, "LoadBalancer"),
    SharedValue("gateway.nodePort", _GATEWAY, _GATEWAY_ARGS),
    SharedValue("gateway.probe", _GATEWAY, f"no such value, or {_ADMIN_PORT} for the port"),
    SharedValue("gateway.loadBalancerClass", _REACH, _GATEWAY_ARGS),
    SharedValue(
        "gateway.loadBalancerSourceRanges", _REACH, "the links and operators, which make it"
    ),
    SharedValue("gateway.serviceAnnotations", _REACH, _GATEWAY_ARGS),
    SharedValue("controllers", "Each link has a mirror controller", "links"),
    SharedValue("identityTrustDomain", _DOMAIN, _TRUST_DOMAIN),
    SharedValue("linkerdNamespace", "Links name this namespace", "no such value", "linkerd"),
)

VIZ = (
    SharedValue("clusterDomain", _DOMAIN, _CLUSTER_DOMAIN),
    SharedValue("identityTrustDomain", _DOMAIN, _TRUST_DOMAIN),
    SharedValue("linkerdNamespace", "Links name this namespace", "no such value", "linkerd"),
)

CNI = (
    SharedValue("proxyAdminPort", _PORTS, _ADMIN_PORT),
    SharedValue("inboundProxyPort", _PORTS, "no such value", INBOUND_PORT),
    SharedValue("outboundProxyPort", _PORTS, "no such value", OUTBOUND_PORT),
    SharedValue("proxyControlPort", _PORTS, "no such value", CONTROL_PORT),
)


def value_problems(
    chart: str,
    shared: tuple[SharedValue, ...],
    *,
    ours: Mapping[str, Any],
    extra: Mapping[str, Any],
) -> list[str]:
    """
    List the extra values of a chart that contradict ours.

    Args:
        shared: which of them others know.
    """
    problems = []
    for each in shared:
        known, given = _at(ours, each.path), _at(extra, each.path)
        expected = each.default if known is _ABSENT else known
        if given is _ABSENT or expected is _ABSENT:
            continue
        problems += [
            f"value {path} of chart {chart} must be {shown(right)} (got {shown(wrong)}). "
            f"{each.known_by}, and would still have it. Use: {each.use}"
            for path, right, wrong in _differences(each.path, expected, given)
        ]
    return problems


def _at(values: Mapping[str, Any], path: str) -> object:
    """Return the value at a path; what stands in its way, if it is no map."""
    found: object = values
    for key in path.split("."):
        if not isinstance(found, Mapping):
            return found
        if key not in found:
            return _ABSENT
        found = found[key]
    return found


def _differences(path: str, expected: object, given: object) -> list[tuple[str, object, object]]:
    """List where a value differs; what only an extra map has contradicts nothing."""
    if isinstance(expected, Mapping) and isinstance(given, Mapping):
        return [
            difference
            for key in expected.keys() & given.keys()
            for difference in _differences(f"{path}.{key}", expected[key], given[key])
        ]
    # Helm reads "4143" and 4143 as one port.
    is_same = expected is given or _plain(expected) == _plain(given)
    return [] if is_same else [(path, expected, given)]


def _plain(value: object) -> object:
    """Compare numbers and texts as Helm's templates write them; nothing else is equal to ours."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int) else value
