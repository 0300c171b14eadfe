"""Rules on load balancers of Services, Linkerd's gateway among them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .clusters import EVERYWHERE
from .rule import Finding, Resource, Rule

RELEASE = "kubernetes:helm.sh/v3:Release"
SERVICE = "kubernetes:core/v1:Service"

CHART = "linkerd-multicluster"
NLB_CLASSES = ("service.k8s.aws/nlb", "eks.amazonaws.com/nlb")
SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme"
SCHEMES = ("internal", "internet-facing")


@dataclass(frozen=True, kw_only=True)
class _Balancer:
    """The load balancer of a Service, from a manifest or the values of Linkerd's chart."""

    of: Resource
    load_balancer_class: str | None
    annotations: Mapping[str, Any]
    ranges: Sequence[str]
    ranges_unknown: bool


def _balancers(resources: Sequence[Resource]) -> Iterator[_Balancer]:
    for each in resources:
        if each.type == SERVICE and each.at("spec.type") == "LoadBalancer":
            yield _balancer(each, "spec", each.at("metadata.annotations"))
        elif each.type == RELEASE and each.at("chart") and CHART in str(each.at("chart")):
            gateway = each.at("values.gateway")
            if gateway and gateway.get("enabled", True):
                yield _balancer(each, "values.gateway", gateway.get("serviceAnnotations"))


def _balancer(resource: Resource, path: str, annotations: Mapping[str, Any] | None) -> _Balancer:
    return _Balancer(
        of=resource,
        load_balancer_class=resource.at(f"{path}.loadBalancerClass"),
        annotations=annotations or {},
        ranges=resource.at(f"{path}.loadBalancerSourceRanges") or (),
        ranges_unknown=resource.is_unknown(f"{path}.loadBalancerSourceRanges"),
    )


def _without_scheme(resources: Sequence[Resource]) -> Iterator[Finding]:
    for balancer in _balancers(resources):
        scheme = balancer.annotations.get(SCHEME)
        if balancer.load_balancer_class in NLB_CLASSES and scheme not in SCHEMES:
            yield Finding(
                f"a Network Load Balancer must have a scheme (got {scheme}). Whether the internet "
                f"reaches it would depend on its controller. Set {SCHEME}.",
                balancer.of.urn,
            )


def _open_to_all(resources: Sequence[Resource]) -> Iterator[Finding]:
    for balancer in _balancers(resources):
        internal = balancer.annotations.get(SCHEME) == "internal"
        missing = (
            balancer.load_balancer_class in NLB_CLASSES
            and not balancer.ranges
            and not balancer.ranges_unknown
        )
        if any(block in EVERYWHERE for block in balancer.ranges) or (missing and not internal):
            yield Finding(
                "a load balancer must be open to named blocks only (got the whole "
                "internet). Set loadBalancerSourceRanges to the addresses of callers.",
                balancer.of.urn,
            )


RULES = (
    Rule(
        name="nlb-scheme",
        description="A Network Load Balancer has a scheme.",
        source="aws-load-balancer-controller, docs/guide/service/annotations.md",
        check=_without_scheme,
    ),
    Rule(
        name="gateway-source-ranges",
        description="Load balancers are open to named CIDR blocks only.",
        source="aws-load-balancer-controller, docs/guide/service/annotations.md",
        check=_open_to_all,
    ),
)
