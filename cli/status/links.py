"""
Rules for links, from the observed state of source and target.

`Link.status` is not used, because its entries never disappear. The gateway's probe is visible only
by its effect on mirrors: see `exports`.
Source: linkerd2, multicluster/service-mirror/cluster_watcher.go
"""

import ipaddress
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from linkmesh import names
from linkmesh.environment import Eks, LinkSpec, Plan
from linkmesh.environment.parts import LINKS, part_of
from linkmesh.linkerd.installation.images import chart_of
from linkmesh.linkerd.labels import GATEWAY, MULTICLUSTER_NAMESPACE
from linkmesh.support import skew_problems

from . import credentials, link_drift
from .faults import Fault, Finding, refresh_and_deploy
from .observations import ObservedCluster, ObservedEnvironment

# A controller renews its Lease every few seconds. Clocks of machines differ, so it gets minutes.
# Source: linkerd2, multicluster/cmd/service-mirror/main.go
SILENT = timedelta(minutes=5)


class LinkEvaluation:
    """Evaluates one link; each rule finds at most one fault."""

    def __init__(
        self, name: str, plan: Plan, link: LinkSpec, observed: ObservedEnvironment
    ) -> None:
        self.name, self.plan, self.observed = name, plan, observed
        self.link, self.planned = link, plan.link(link.source, link.target)
        self.source, self.target = observed.clusters[link.source], observed.clusters[link.target]
        self.spec: Mapping[str, Any] = self.source.links.get(names.link(link.target), {})

    def findings(self) -> list[Finding]:
        """List what is wrong with the link."""
        if self.source.problem or self.target.problem:
            return []  # the cluster that could not be read has a finding
        if not (self.source.deployed and self.target.deployed):
            return []  # the cluster that is not deployed has a finding
        found = [*self._link(), *self._controller()]
        if self.spec:
            found += credentials.findings(self.name, self.planned, self.observed)
            found += [*self._gateway(), *self._differs(), *self._changed()]
        return [*found, *self._anchors(), *self._versions(), *self._overlap()]

    @property
    def _again(self) -> str:
        return refresh_and_deploy(self.name, part_of(LINKS, self.link.source))

    def _found(self, fault: Fault, cause: str, remedy: str) -> Finding:
        return Finding(fault=fault, subject=str(self.link), cause=cause, remedy=remedy)

    def _link(self) -> Iterator[Finding]:
        if not self.spec and "links" not in self.source.unread:
            yield self._found(
                Fault.LINK_MISSING,
                f"{self.link.source!r} has no Link to {self.link.target!r}",
                f"create it again: {self._again}",
            )

    def _controller(self) -> Iterator[Finding]:
        if "deployments" in self.source.unread:
            return
        name = names.mirror_controller(self.link.target)
        workload = self.source.workloads.get((MULTICLUSTER_NAMESPACE, name))
        if workload is None:
            yield self._found(
                Fault.CONTROLLER,
                f"{self.link.source!r} has no mirror controller of {self.link.target!r}: "
                f"Deployment {MULTICLUSTER_NAMESPACE}/{name} is missing, or its entry among the "
                "chart's "
                "`controllers`",
                f"deploy {self.link.source!r} again: mesh up {self.name}. If nothing changes, the "
                f"Deployment was deleted manually: helm -n {MULTICLUSTER_NAMESPACE} rollback the "
                "release to its "
                "newest revision",
            )
        elif workload.available < max(workload.desired, 1):
            yield self._found(
                Fault.CONTROLLER,
                f"the mirror controller of {self.link.target!r} has {workload.available} of "
                f"{workload.desired} replicas available",
                f"find out why: kubectl -n {MULTICLUSTER_NAMESPACE} describe deployment {name}",
            )
        elif self._is_silent():
            yield self._found(
                Fault.CONTROLLER,
                f"the mirror controller of {self.link.target!r} has not renewed its Lease since "
                f"{self.source.renewed[self.link.target]:%Y-%m-%d %H:%M} UTC",
                f"restart it: kubectl -n {MULTICLUSTER_NAMESPACE} rollout restart deployment "
                f"{name}",
            )

    def _is_silent(self) -> bool:
        renewed = self.source.renewed.get(self.link.target)
        return renewed is not None and self.observed.at - renewed > SILENT

    def _gateway(self) -> Iterator[Finding]:
        if not self._is_through_gateway:
            return
        gateway = self.target.gateway
        if "services" not in self.target.unread and (
            gateway is None or (gateway.balanced and not gateway.addresses)
        ):
            what = "has no Service" if gateway is None else "has no address"
            yield self._found(
                Fault.GATEWAY_ADDRESS,
                f"the gateway of {self.link.target!r} {what}",
                f"find out why its load balancer is missing: kubectl -n {MULTICLUSTER_NAMESPACE} "
                f"describe service {GATEWAY}",
            )
        elif not self.spec.get("gatewayAddress"):
            yield self._found(
                Fault.GATEWAY_ADDRESS,
                f"the Link to {self.link.target!r} has no gateway address",
                f"copy it from the target: {self._again}",
            )

    def _differs(self) -> Iterator[Finding]:
        """Compare the Link with the gateway and the domain of the target."""
        probe = self.spec.get("probeSpec") or {}
        gateway = self.target.gateway if self._is_through_gateway else None
        pairs: list[tuple[str, Any, Any]] = [
            ("domain", self.spec.get("targetClusterDomain"), self.target.domain)
        ]
        if gateway is not None:
            pairs += [
                ("port", self.spec.get("gatewayPort"), gateway.port),
                ("probe port", probe.get("port"), gateway.probe_port),
                ("identity", self.spec.get("gatewayIdentity"), gateway.identity),
            ]
        differences = [
            f"{what} {expected}, not {actual}"
            for what, expected, actual in pairs
            if actual and str(expected) != str(actual)
        ]
        if differences:
            yield self._found(
                Fault.GATEWAY_DIFFERS,
                f"the Link to {self.link.target!r} says {'; '.join(differences)}, as "
                f"{self.link.target!r} has it",
                f"what was changed by hand or by extra Helm values on {self.link.target!r} is not "
                f"known to its sources: take it back, then mesh up {self.name}",
            )

    @property
    def _is_through_gateway(self) -> bool:
        return self.planned.uses_gateway

    def _changed(self) -> Iterator[Finding]:
        """Compare the Link with what its stack deploys."""
        contract = self.target.contract
        if not contract or not self.spec.get("gatewayAddress", not self._is_through_gateway):
            return
        if changed := link_drift.changed(self.planned, self.spec, contract):
            yield self._found(
                Fault.LINK_CHANGED,
                f"the Link is not as deployed: {', '.join(changed)}",
                f"deploy it again: {self._again}",
            )

    def _anchors(self) -> Iterator[Finding]:
        if "anchors" in {*self.source.unread, *self.target.unread}:
            return
        if self.source.anchors != self.target.anchors or not self.source.anchors:
            shared = len(self.source.anchors & self.target.anchors)
            yield self._found(
                Fault.ANCHORS,
                f"trust anchors differ: {self.link.source!r} has {len(self.source.anchors)}, "
                f"{self.link.target!r} has {len(self.target.anchors)}, and {shared} of them are "
                "the same",
                "proxies reject each other as soon as they share none. If a rotation was "
                f"interrupted, continue it: mesh rotate {self.name} anchor; else deploy both "
                f"clusters again: mesh up {self.name}",
            )

    def _versions(self) -> Iterator[Finding]:
        charts = {
            cluster.name: chart_of(cluster.linkerd)
            for cluster in (self.source, self.target)
            if cluster.linkerd
        }
        for problem in skew_problems(charts):
            cause, _, remedy = problem.partition(". Their proxies call one another. ")
            yield self._found(Fault.VERSIONS, cause, remedy)

    def _overlap(self) -> Iterator[Finding]:
        """Pod-to-pod calls need networks that do not overlap."""
        if not any(mode.is_pod_to_pod for mode in self.planned.modes):
            return
        for one in sorted(self._networks(self.source)):
            for other in sorted(self._networks(self.target)):
                if ipaddress.ip_network(one).overlaps(ipaddress.ip_network(other)):
                    yield self._found(
                        Fault.OVERLAP,
                        f"pod networks overlap: {one} of {self.link.source!r} and {other} of "
                        f"{self.link.target!r}; pod-to-pod calls reach the wrong cluster",
                        "give one of them another network, or export through the gateway: "
                        "mode=LinkMode.GATEWAY",
                    )
                    return

    def _networks(self, cluster: ObservedCluster) -> set[str]:
        described = self.plan.clusters[cluster.name].described
        own = {described.cidr} if isinstance(described, Eks) else set()
        return own | cluster.networks
