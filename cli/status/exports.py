"""
Rules for exports: whether sources can call what is exported to them.

A fault that the link causes is not the export's own. A gateway that does not answer its source's
probes is a fault of the link, and visible only by its effect: Linkerd marks the addresses of the
mirrors as not ready, whereas it removes those of a service without pods.
Source: linkerd2, multicluster/service-mirror/cluster_watcher.go
"""

from linkmesh import names
from linkmesh.environment import LinkSpec
from linkmesh.environment.parts import APPS, part_of
from linkmesh.linkerd.labels import GATEWAY, MULTICLUSTER_NAMESPACE

from ..mirrors.evaluate import Cause, CauseKind, find_cause
from ..mirrors.waiting import Expected
from .faults import Fault, Finding, refresh_and_deploy
from .observations import ObservedExport

FAULTS = {
    CauseKind.NAME: Fault.MIRROR,
    CauseKind.SERVICE: Fault.SERVICE,
    CauseKind.LABEL: Fault.LABEL,
    CauseKind.LINK: Fault.LINK_MISSING,
    CauseKind.CONTROLLER: Fault.CONTROLLER,
    CauseKind.NAMESPACE: Fault.NAMESPACE,
    CauseKind.FOREIGN: Fault.FOREIGN,
    CauseKind.NOT_MIRRORED: Fault.MIRROR,
    CauseKind.NOT_YET: Fault.MIRROR,
    CauseKind.MEMBER: Fault.MEMBER,
    CauseKind.STALE: Fault.OUT_OF_DATE,
    CauseKind.PORTS: Fault.PORTS,
    CauseKind.ENDPOINTS: Fault.ENDPOINTS,
    CauseKind.PROBE: Fault.PROBE,
}

# What an unhealthy link can cause: a mirror that is missing, out of date, or without addresses.
CAUSED_BY_LINK = {
    CauseKind.LINK,
    CauseKind.CONTROLLER,
    CauseKind.NOT_MIRRORED,
    CauseKind.NOT_YET,
    CauseKind.MEMBER,
    CauseKind.STALE,
    CauseKind.PORTS,
    CauseKind.PROBE,
}


def link_of(expected: Expected) -> LinkSpec:
    """Return the link that creates a mirror."""
    return LinkSpec(expected.export.source, expected.export.target)


def finding(name: str, observed: ObservedExport, *, link_is_healthy: bool) -> Finding | None:
    """
    Return the fault of an export; None if it has none, or if its link causes it.

    Args:
        name: name of the environment.
    """
    if observed.observation is None:
        return None  # the cluster that could not be read has a finding
    cause = find_cause(observed.observation)
    if cause is None or (cause.kind in CAUSED_BY_LINK and not link_is_healthy):
        return None
    if cause.kind is CauseKind.PROBE:
        return _probe(observed)
    return Finding(
        fault=FAULTS[cause.kind],
        subject=str(observed.expected),
        cause=cause.text,
        remedy=_remedy(name, cause, observed),
    )


def _probe(observed: ObservedExport) -> Finding:
    link = link_of(observed.expected)
    return Finding(
        fault=Fault.PROBE,
        subject=str(link),
        cause=f"the gateway of {link.target!r} does not answer the probes of {link.source!r}: "
        "addresses of its mirrors are not ready",
        remedy=f"check whether its pods run on {link.target!r} (kubectl -n "
        f"{MULTICLUSTER_NAMESPACE} get deployment {GATEWAY}), and whether {link.source!r} may "
        "reach its probe port: "
        "load balancer, health checks, firewall, and the source ranges of the Service",
    )


def _remedy(name: str, cause: Cause, observed: ObservedExport) -> str:
    """Return the remedy. Pulumi notices changes made with kubectl only when it refreshes."""
    if cause.kind is CauseKind.LABEL:
        if observed.observation is not None and observed.observation.is_labelled:
            return cause.remedy
        part = part_of(APPS, link_of(observed.expected).target)
        return (
            f"deploy the export again: {refresh_and_deploy(name, part)}. "
            "Or remove it from the description"
        )
    if cause.kind is CauseKind.SERVICE:
        return cause.remedy or "deploy it"
    if cause.kind is CauseKind.NOT_YET:
        return f"wait for it: mesh up {name}"
    if cause.kind is CauseKind.NOT_MIRRORED:
        return f"do what it says, then check again: mesh status {name}"
    if cause.kind is CauseKind.ENDPOINTS and not cause.remedy:
        export = observed.expected.export
        return (
            f"read the log of its controller: kubectl -n {MULTICLUSTER_NAMESPACE} logs deployment/"
            f"{names.mirror_controller(export.target)}"
        )
    return cause.remedy
