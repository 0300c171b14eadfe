"""
Rules for a single cluster: its control plane, certificates and versions.

A certificate is a fault 30 days before it expires, because renewing it takes a deployment. One that
cert-manager renews is valid for days only, so it is a fault only after it has expired.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from linkmesh import names
from linkmesh.environment import Eks, Plan
from linkmesh.linkerd.installation.images import chart_of
from linkmesh.linkerd.labels import (
    CONTROL_PLANE_NAMESPACE,
    DESTINATION,
    GATEWAY,
    IDENTITY,
    MULTICLUSTER_NAMESPACE,
    PROXY_INJECTOR,
)
from linkmesh.support import linkerd_problems
from linkmesh.versions import EKS_RELEASES, ENDED_SUPPORT

from .faults import Fault, Finding
from .observations import Certificate, ObservedCluster

# `up` renews what expires within 60 days, so what expires within 30 was not renewed for a month.
# The same applies to versions of Kubernetes, which `plan` reports for 60 days.
RENEWAL = timedelta(days=30)

NEEDED = (DESTINATION, IDENTITY, PROXY_INJECTOR)

ISSUER = "issuer"


def findings(name: str, plan: Plan, observed: ObservedCluster, at: datetime) -> Iterator[Finding]:
    """List what is wrong with a cluster."""
    if not observed.deployed:
        remedy = f"deploy it: mesh up {name}"
        yield _found(observed, Fault.NOT_DEPLOYED, "the cluster is not deployed", remedy)
        return
    if observed.problem:
        yield _found(
            observed,
            Fault.UNKNOWN,
            f"the state of the cluster is unknown: {observed.problem}",
            "check whether kubectl reaches it from here: network, VPN, and rights of your role",
        )
        return
    for what, why in observed.unread.items():
        cause = f"{what} could not be read and are unknown: {why}"
        yield _found(observed, Fault.UNKNOWN, cause, "check whether your role may read them")
    yield from _workloads(name, plan, observed)
    yield from _certificates(name, plan, observed, at)
    yield from _versions(name, plan, observed, at.date())
    yield from _servers(observed)
    yield from _releases(name, observed)


def _releases(name: str, observed: ObservedCluster) -> Iterator[Finding]:
    for each in observed.releases:
        if not each.status.startswith("pending-"):
            continue
        # A first installation has no revision to roll back to.
        verb = "uninstall" if each.status == "pending-install" else "rollback"
        yield _found(
            observed,
            Fault.RELEASE,
            f"the Helm release {each.namespace}/{each.name} is {each.status}: a run was "
            "interrupted, and Helm refuses to change it",
            f"helm -n {each.namespace} {verb} {each.name}, then: mesh up {name}",
        )


def _servers(observed: ObservedCluster) -> Iterator[Finding]:
    for each in observed.overlaps:
        yield _found(
            observed,
            Fault.SERVERS,
            f"Servers {each.used} and {each.ignored} in {each.namespace} select port {each.port} "
            f"of the same pods: Linkerd uses the older one, {each.used} (accessPolicy "
            f"{each.policy}), and ignores {each.ignored}",
            f"remove the one that is not meant: kubectl -n {each.namespace} delete server NAME",
        )


def _found(observed: ObservedCluster, fault: Fault, cause: str, remedy: str) -> Finding:
    return Finding(fault=fault, subject=observed.name, cause=cause, remedy=remedy)


def _workloads(name: str, plan: Plan, observed: ObservedCluster) -> Iterator[Finding]:
    if "deployments" in observed.unread:
        return
    needed = [(CONTROL_PLANE_NAMESPACE, each) for each in NEEDED]
    if plan.clusters[observed.name].gateway:
        needed.append((MULTICLUSTER_NAMESPACE, GATEWAY))
    for namespace, workload in needed:
        if (namespace, workload) not in observed.workloads:
            yield _found(
                observed,
                Fault.DEPLOYMENT,
                f"Deployment {namespace}/{workload} is missing",
                f"deploy the cluster again: mesh up {name}. If nothing changes, it was deleted "
                f"manually: helm -n {namespace} rollback the release to its newest revision",
            )
    for (namespace, workload), has in sorted(observed.workloads.items()):
        # Mirror controllers are evaluated with their links.
        if has.available >= has.desired or workload.startswith(names.mirror_controller("")):
            continue
        yield _found(
            observed,
            Fault.DEPLOYMENT,
            f"Deployment {namespace}/{workload} has {has.available} of {has.desired} replicas "
            "available",
            f"find out why: kubectl -n {namespace} describe deployment {workload}",
        )


def is_due(one: Certificate, plan: Plan, at: datetime) -> bool:
    """Return whether a certificate should have been renewed."""
    return one.expires - at <= (timedelta() if _is_managed(one, plan) else RENEWAL)


def _is_managed(one: Certificate, plan: Plan) -> bool:
    """Return whether cert-manager renews a certificate."""
    return plan.environment.linkerd.cert_manager is not None and one.name == ISSUER


def _certificates(
    name: str, plan: Plan, observed: ObservedCluster, at: datetime
) -> Iterator[Finding]:
    if not {"secrets", "anchors"} & {*observed.unread}:
        for needed in ("anchor", ISSUER):
            if not any(one.name.startswith(needed) for one in observed.certificates):
                cause = f"the certificate {needed} was not found"
                yield _found(observed, Fault.UNKNOWN, cause, f"deploy it again: mesh up {name}")
    for one in observed.certificates:
        if not is_due(one, plan, at):
            continue
        is_managed = _is_managed(one, plan)
        is_ours = not plan.clusters[observed.name].has_linkerd
        what = "anchor" if one.name.startswith("anchor") else "issuers"
        how = f"mesh up {name} renews it"
        if one.name.startswith(("anchor", ISSUER)):
            how = f"mesh rotate {name} {what} replaces it without a failed request"
        if not is_ours:
            how = "renew it with what installed Linkerd on that cluster"
        elif is_managed:
            how = "check cert-manager: kubectl -n linkerd describe certificates"
        verb = "expired" if one.expires <= at else "expires"
        cause = f"the certificate {one.name} {verb} on {one.expires:%Y-%m-%d}"
        yield _found(observed, Fault.CERTIFICATE, cause, how)


def _versions(name: str, plan: Plan, observed: ObservedCluster, today: date) -> Iterator[Finding]:
    if not observed.linkerd and "deployments" not in observed.unread:
        cause = "the version of Linkerd was not found"
        yield _found(observed, Fault.UNKNOWN, cause, f"deploy it again: mesh up {name}")
    described = plan.clusters[observed.name].linkerd_version
    if observed.linkerd and chart_of(observed.linkerd) != described:
        cause = (
            f"Linkerd is {observed.linkerd} (chart {chart_of(observed.linkerd)}), not {described}"
        )
        remedy = f"deploy it: mesh up {name}"
        if plan.clusters[observed.name].has_linkerd:
            chart = chart_of(observed.linkerd)
            remedy = f'describe it: Linkerd(versions={{"{observed.name}": "{chart}"}})'
        yield _found(observed, Fault.VERSIONS, cause, remedy)
    elif observed.linkerd and observed.kubernetes:
        for problem in linkerd_problems(observed.kubernetes, described):
            cause, _, remedy = problem.partition(" Linkerd documents no other. ")
            yield _found(observed, Fault.VERSIONS, cause, remedy)
    end = support_end(plan, observed)
    if end is not None and end - today <= RENEWAL:
        yield _found(
            observed,
            Fault.SUPPORT,
            f"AWS' standard support of Kubernetes {observed.kubernetes} "
            f"{'ended' if end < today else 'ends'} on {end}",
            f"upgrade it one minor version at a time, to {max(EKS_RELEASES)}: Eks(kubernetes=..)",
        )


def support_end(plan: Plan, observed: ObservedCluster) -> date | None:
    """Return when AWS' standard support of a cluster's Kubernetes ends; None if it is not EKS."""
    if not isinstance(plan.clusters[observed.name].described, Eks):
        return None
    minor = ".".join(observed.kubernetes.split(".")[:2])
    if minor in ENDED_SUPPORT:
        return ENDED_SUPPORT[minor]
    return EKS_RELEASES[minor].support_end if minor in EKS_RELEASES else None
