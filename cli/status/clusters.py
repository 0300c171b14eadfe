"""
Whether a cluster by itself is well: its control plane, certificates and versions; pure.

Certificates are found faulty some time before they end, since renewing them takes a deployment; one
that cert-manager renews lives for days only, and is at fault when it has ended.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from components import names
from components.environment import Eks, Plan
from components.linkerd.labels import (
    CONTROL_PLANE_NAMESPACE,
    DESTINATION,
    GATEWAY,
    IDENTITY,
    MULTICLUSTER_NAMESPACE,
    PROXY_INJECTOR,
)
from components.support import linkerd_problems
from components.versions import EKS_RELEASES, ENDED_SUPPORT

from .faults import Fault, Finding
from .links import chart_of
from .observations import ClusterSeen

# `up` renews what ends within 60 days: what ends within 30 was not renewed for a month. The same
# for versions of Kubernetes, of which `plan` tells for 60 days.
RENEWAL = timedelta(days=30)

NEEDED = (DESTINATION, IDENTITY, PROXY_INJECTOR)

ISSUER = "issuer"


def findings(name: str, plan: Plan, seen: ClusterSeen, at: datetime) -> Iterator[Finding]:
    """List what is wrong with a cluster."""
    if not seen.deployed:
        remedy = f"deploy it: mesh up {name}"
        yield _found(seen, Fault.NOT_DEPLOYED, "the cluster is not deployed", remedy)
        return
    if seen.problem:
        yield _found(
            seen,
            Fault.UNKNOWN,
            f"what is on the cluster is unknown: {seen.problem}",
            "see whether kubectl reaches it from here: network, VPN, and rights of your role",
        )
        return
    for what, why in seen.unread.items():
        cause = f"{what} could not be looked at and are unknown: {why}"
        yield _found(seen, Fault.UNKNOWN, cause, "see whether your role may read them")
    yield from _workloads(name, plan, seen)
    yield from _certificates(name, plan, seen, at)
    yield from _versions(name, plan, seen, at.date())
    yield from _servers(seen)
    yield from _releases(name, seen)


def _releases(name: str, seen: ClusterSeen) -> Iterator[Finding]:
    for each in seen.releases:
        if not each.status.startswith("pending-"):
            continue
        # Of a first installation there is no revision to go back to.
        verb = "uninstall" if each.status == "pending-install" else "rollback"
        yield _found(
            seen,
            Fault.RELEASE,
            f"the Helm release {each.namespace}/{each.name} is {each.status}: a run was "
            "interrupted, and Helm refuses to change it",
            f"helm -n {each.namespace} {verb} {each.name}, then: mesh up {name}",
        )


def _servers(seen: ClusterSeen) -> Iterator[Finding]:
    for each in seen.overlaps:
        yield _found(
            seen,
            Fault.SERVERS,
            f"Servers {each.used} and {each.ignored} in {each.namespace} select port {each.port} "
            f"of the same pods: Linkerd uses the older one, {each.used} (accessPolicy "
            f"{each.policy}), and ignores {each.ignored}",
            f"remove the one that is not meant: kubectl -n {each.namespace} delete server NAME",
        )


def _found(seen: ClusterSeen, fault: Fault, cause: str, remedy: str) -> Finding:
    return Finding(fault=fault, subject=seen.name, cause=cause, remedy=remedy)


def _workloads(name: str, plan: Plan, seen: ClusterSeen) -> Iterator[Finding]:
    if "deployments" in seen.unread:
        return
    needed = [(CONTROL_PLANE_NAMESPACE, each) for each in NEEDED]
    if plan.clusters[seen.name].gateway:
        needed.append((MULTICLUSTER_NAMESPACE, GATEWAY))
    for namespace, workload in needed:
        if (namespace, workload) not in seen.workloads:
            yield _found(
                seen,
                Fault.DEPLOYMENT,
                f"Deployment {namespace}/{workload} is missing",
                f"deploy the cluster again: mesh up {name}. If nothing changes, it was deleted by "
                f"hand: helm -n {namespace} rollback the release to its newest revision",
            )
    for (namespace, workload), has in sorted(seen.workloads.items()):
        # Those of mirror controllers are their links'.
        if has.available >= has.wanted or workload.startswith(names.mirror_controller("")):
            continue
        yield _found(
            seen,
            Fault.DEPLOYMENT,
            f"Deployment {namespace}/{workload} has {has.available} of {has.wanted} replicas "
            "available",
            f"see why: kubectl -n {namespace} describe deployment {workload}",
        )


def _certificates(name: str, plan: Plan, seen: ClusterSeen, at: datetime) -> Iterator[Finding]:
    if not {"secrets", "anchors"} & {*seen.unread}:
        for needed in ("anchor", ISSUER):
            if not any(one.name.startswith(needed) for one in seen.certificates):
                cause = f"the certificate {needed} cannot be found"
                yield _found(seen, Fault.UNKNOWN, cause, f"deploy it again: mesh up {name}")
    for one in seen.certificates:
        is_managed = plan.environment.linkerd.cert_manager is not None and one.name == ISSUER
        if one.expires - at > (timedelta() if is_managed else RENEWAL):
            continue
        what = "anchor" if one.name.startswith("anchor") else "issuers"
        how = f"mesh up {name} renews it"
        if one.name.startswith(("anchor", ISSUER)):
            how = f"mesh rotate {name} {what} replaces it without a failed request"
        if is_managed:
            how = "see cert-manager: kubectl -n linkerd describe certificates"
        ended = "ended" if one.expires <= at else "ends"
        cause = f"the certificate {one.name} {ended} on {one.expires:%Y-%m-%d}"
        yield _found(seen, Fault.CERTIFICATE, cause, how)


def _versions(name: str, plan: Plan, seen: ClusterSeen, today: date) -> Iterator[Finding]:
    if not seen.linkerd and "deployments" not in seen.unread:
        cause = "the version of Linkerd cannot be found"
        yield _found(seen, Fault.UNKNOWN, cause, f"deploy it again: mesh up {name}")
    described = plan.clusters[seen.name].linkerd_version
    if seen.linkerd and chart_of(seen.linkerd) != described:
        cause = f"Linkerd is {seen.linkerd} (chart {chart_of(seen.linkerd)}), not {described}"
        yield _found(seen, Fault.VERSIONS, cause, f"deploy it: mesh up {name}")
    elif seen.linkerd and seen.kubernetes:
        for problem in linkerd_problems(seen.kubernetes, described):
            cause, _, remedy = problem.partition(" Linkerd documents no other. ")
            yield _found(seen, Fault.VERSIONS, cause, remedy)
    end = support_end(plan, seen)
    if end is not None and end - today <= RENEWAL:
        yield _found(
            seen,
            Fault.SUPPORT,
            f"AWS' standard support of Kubernetes {seen.kubernetes} "
            f"{'ended' if end < today else 'ends'} on {end}",
            f"upgrade it one minor version at a time, to {max(EKS_RELEASES)}: Eks(kubernetes=..)",
        )


def support_end(plan: Plan, seen: ClusterSeen) -> date | None:
    """Tell when AWS' standard support of a cluster's Kubernetes ends; None if it is not on AWS."""
    if not isinstance(plan.clusters[seen.name].described, Eks):
        return None
    minor = ".".join(seen.kubernetes.split(".")[:2])
    if minor in ENDED_SUPPORT:
        return ENDED_SUPPORT[minor]
    return EKS_RELEASES[minor].support_end if minor in EKS_RELEASES else None
