"""
Whether callers can call what is exported to them, from what was seen of both clusters; pure.

What follows from a fault of the link is none of the export's own. A gateway that does not answer
its source's probe is one of the link, and seen by its effect only: Linkerd marks the addresses of
the mirrors as not ready, whereas those of a service without pods go.
Source: linkerd2, multicluster/service-mirror/cluster_watcher.go
"""

from components import names
from components.environment import LinkSpec
from components.linkerd.labels import GATEWAY, MULTICLUSTER_NAMESPACE

from ..mirrors.evaluate import Cause, Why, cause_of_none
from ..mirrors.waiting import Expected
from .faults import Fault, Finding
from .observations import ExportSeen

FAULTS = {
    Why.NAME: Fault.MIRROR,
    Why.SERVICE: Fault.SERVICE,
    Why.LABEL: Fault.LABEL,
    Why.LINK: Fault.LINK_MISSING,
    Why.CONTROLLER: Fault.CONTROLLER,
    Why.NAMESPACE: Fault.NAMESPACE,
    Why.FOREIGN: Fault.FOREIGN,
    Why.REFUSED: Fault.MIRROR,
    Why.NOT_YET: Fault.MIRROR,
    Why.MEMBER: Fault.MEMBER,
    Why.STALE: Fault.OUT_OF_DATE,
    Why.PORTS: Fault.PORTS,
    Why.ENDPOINTS: Fault.ENDPOINTS,
    Why.PROBE: Fault.PROBE,
}

# What a link that is not well can bring about: no mirror, one that is out of date, or without
# addresses.
FOLLOWING = {
    *(Why.LINK, Why.CONTROLLER, Why.REFUSED, Why.NOT_YET),
    *(Why.MEMBER, Why.STALE, Why.PORTS, Why.PROBE),
}


def link_of(expected: Expected) -> LinkSpec:
    """Tell by which link a mirror is made."""
    return LinkSpec(expected.export.source, expected.export.target)


def finding(name: str, seen: ExportSeen, *, link_is_well: bool) -> Finding | None:
    """
    Tell what is wrong with an export; None if nothing is, or if it follows from its link.

    Args:
        name: name of the environment.
    """
    if seen.observed is None:
        return None  # a finding of the cluster that could not be looked at
    cause = cause_of_none(seen.observed)
    if cause is None or (cause.why in FOLLOWING and not link_is_well):
        return None
    if cause.why is Why.PROBE:
        return _probe(seen)
    return Finding(
        fault=FAULTS[cause.why],
        subject=str(seen.expected),
        cause=cause.what,
        remedy=_remedy(name, cause, seen),
    )


def _probe(seen: ExportSeen) -> Finding:
    link = link_of(seen.expected)
    return Finding(
        fault=Fault.PROBE,
        subject=str(link),
        cause=f"the gateway of {link.target!r} does not answer the probes of {link.source!r}: "
        "addresses of its mirrors are not ready",
        remedy=f"see whether its pods run on {link.target!r} (kubectl -n "
        f"{MULTICLUSTER_NAMESPACE} get deployment {GATEWAY}), and whether {link.source!r} may "
        "reach its probe port: "
        "load balancer, health checks, firewall, and the ranges that the Service lets in",
    )


def _remedy(name: str, cause: Cause, seen: ExportSeen) -> str:
    """Say what to do; what a person did by hand, Pulumi notices only when it refreshes."""
    if cause.why is Why.LABEL:
        return (
            f"deploy the export again: pulumi refresh --stack {name}.apps, then mesh up {name}. "
            "Or take it out of the description"
        )
    if cause.why is Why.SERVICE:
        return cause.remedy or "deploy it"
    if cause.why is Why.NOT_YET:
        return f"wait for it: mesh up {name}"
    if cause.why is Why.REFUSED:
        return f"do what it says, then look again: mesh status {name}"
    if cause.why is Why.ENDPOINTS and not cause.remedy:
        export = seen.expected.export
        return (
            f"see what its controller says: kubectl -n {MULTICLUSTER_NAMESPACE} logs deployment/"
            f"{names.mirror_controller(export.target)}"
        )
    return cause.remedy
