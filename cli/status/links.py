"""
Whether a link is well, from what was seen of both clusters; pure.

`Link.status` proves nothing, since its entries never disappear; so nothing here is taken from it.
Of the gateway's probe only its effect is seen from outside: see `exports`.
Source: linkerd2, multicluster/service-mirror/cluster_watcher.go
"""

import ipaddress
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from components import names
from components.linkerd.link_objects import Grant, credentials_mark, link_spec
from components.linkerd.mode import Mode
from components.linkerd.multicluster import NAMESPACE, Gateway
from components.support import skew_problems
from stacks.environment import Eks, Environment
from stacks.links import labels
from stacks.topology import LinkSpec

from .faults import Fault, Finding
from .seen import ClusterSeen, Credentials, EnvironmentSeen

# A controller renews its Lease every few seconds. Clocks of machines differ, so it gets minutes.
# Source: linkerd2, multicluster/cmd/service-mirror/main.go
SILENT = timedelta(minutes=5)

# What is not held against the description: the mark follows from the credentials, and what an
# empty list leaves out is left out by the API server too.
_MARK = "linkmesh.io/credentials-"


class LinkJudge:
    """Judges one link; each rule finds at most one fault, and the first ones silence the others."""

    def __init__(
        self, name: str, environment: Environment, link: LinkSpec, seen: EnvironmentSeen
    ) -> None:
        self.name, self.environment, self.link, self.seen = name, environment, link, seen
        self.source, self.target = seen.clusters[link.source], seen.clusters[link.target]
        self.spec: Mapping[str, Any] = self.source.links.get(names.link(link.target), {})

    def findings(self) -> list[Finding]:
        """List what is wrong with the link."""
        if self.source.problem or self.target.problem:
            return []  # a finding of the cluster: what is there is unknown
        found = [*self._link(), *self._controller()]
        if self.spec:
            found += [*self._credentials(), *self._gateway(), *self._spec()]
        return [*found, *self._anchors(), *self._versions(), *self._overlap()]

    def _found(self, fault: Fault, cause: str, remedy: str) -> Finding:
        return Finding(fault=fault, subject=str(self.link), cause=cause, remedy=remedy)

    def _link(self) -> Iterator[Finding]:
        if not self.spec and "links" not in self.source.unread:
            yield self._found(
                Fault.LINK_MISSING,
                f"{self.link.source!r} has no Link to {self.link.target!r}",
                f"make it again: pulumi refresh --stack {self.name}.links, then mesh up "
                f"{self.name}",
            )

    def _controller(self) -> Iterator[Finding]:
        if "deployments" in self.source.unread:
            return
        name = names.mirror_controller(self.link.target)
        workload = self.source.workloads.get((NAMESPACE, name))
        if workload is None:
            yield self._found(
                Fault.CONTROLLER,
                f"{self.link.source!r} has no mirror controller of {self.link.target!r}: "
                f"Deployment {NAMESPACE}/{name} is missing, or its entry among the chart's "
                "`controllers`",
                f"deploy {self.link.source!r} again: mesh up {self.name}. If nothing changes, the "
                f"Deployment was deleted by hand: helm -n {NAMESPACE} rollback the release to its "
                "newest revision",
            )
        elif workload.available < max(workload.wanted, 1):
            yield self._found(
                Fault.CONTROLLER,
                f"the mirror controller of {self.link.target!r} has {workload.available} of "
                f"{workload.wanted} replicas available",
                f"see why: kubectl -n {NAMESPACE} describe deployment {name}",
            )
        elif self._is_silent():
            yield self._found(
                Fault.CONTROLLER,
                f"the mirror controller of {self.link.target!r} has not renewed its Lease since "
                f"{self.source.renewed[self.link.target]:%Y-%m-%d %H:%M} UTC",
                f"restart it: kubectl -n {NAMESPACE} rollout restart deployment {name}",
            )

    def _is_silent(self) -> bool:
        renewed = self.source.renewed.get(self.link.target)
        return renewed is not None and self.seen.at - renewed > SILENT

    def _credentials(self) -> Iterator[Finding]:
        if "secrets" in self.source.unread:
            return
        again = f"pulumi refresh --stack {self.name}.links, then mesh up {self.name}"
        for namespace, found in (
            (NAMESPACE, self.source.mirroring),
            ("linkerd", self.source.discovery),
        ):
            if self.link.target not in found:
                yield self._found(
                    Fault.CREDENTIALS_MISSING,
                    f"Secret {namespace}/{names.credentials_secret(self.link.target)} on "
                    f"{self.link.source!r} is missing or cannot be read as a kubeconfig",
                    f"make it again: {again}",
                )
                return
        given = self.source.mirroring[self.link.target]
        yield from self._answer(given) or self._age(given, again)

    def _answer(self, given: Credentials) -> list[Finding]:
        renew = f"renew it: mesh rotate {self.name} tokens"
        if given.expires is not None and given.expires <= self.seen.at:
            return [
                self._found(
                    Fault.CREDENTIALS_REFUSED,
                    f"the token of {given.account} expired on {given.expires:%Y-%m-%d %H:%M} UTC",
                    f"take the target's: pulumi refresh --stack {self.name}.links, then mesh up "
                    f"{self.name}. If it expires again, {renew}",
                )
            ]
        answer = self.seen.answers.get(self.link)
        if answer is None or answer.code is None:
            why = answer.why if answer else "nobody asked"
            return [
                self._found(
                    Fault.UNKNOWN,
                    f"whether the token is valid is unknown: {self.link.target!r} gave no answer "
                    f"({why})",
                    f"see whether kubectl reaches {self.link.target!r} from here",
                )
            ]
        if answer.code == 401:
            return [
                self._found(
                    Fault.CREDENTIALS_REFUSED,
                    f"the API server of {self.link.target!r} refuses the token of "
                    f"{given.account} (401): it expired or was revoked",
                    f"take the target's: pulumi refresh --stack {self.name}.links, then mesh up "
                    f"{self.name}. If it is refused again, {renew}",
                )
            ]
        if answer.code >= 400:
            return [
                self._found(
                    Fault.CREDENTIALS_REFUSED,
                    f"{given.account} may not list services of {self.link.target!r} "
                    f"({answer.code})",
                    f"deploy {self.link.target!r} again, which grants it: pulumi refresh --stack "
                    f"{self.name}.{self.link.target}, then mesh up {self.name}",
                )
            ]
        return []

    def _age(self, given: Credentials, again: str) -> list[Finding]:
        """Hold the credentials against the Secret on the target that they came from."""
        if "secrets" in self.target.unread:
            return []
        number, newest = self._generations(given)
        discovery = self.source.discovery[self.link.target]
        if number != newest:
            cause = (
                f"the token is not the newest of {self.link.target!r}: Secret {NAMESPACE}/"
                f"{names.remote_access_token(self.link.source, newest)} is newer"
                if newest
                else f"{self.link.target!r} has no Secret with a token for {self.link.source!r}"
            )
            return [self._found(Fault.CREDENTIALS_OLD, cause, f"take it: {again}")]
        if discovery.digest != given.digest:
            cause = (
                "the Secret linkerd/"
                f"{names.credentials_secret(self.link.target)} has another token than the one in "
                f"{NAMESPACE}"
            )
            return [self._found(Fault.CREDENTIALS_OLD, cause, f"make both again: {again}")]
        mark = credentials_mark(
            account=given.account,
            generation=number,
            api_server=given.server,
            certificate_authority_data=given.authority,
        )
        if mark not in (self.spec.get("excludedAnnotations") or []):
            cause = (
                "the mirror controller has not been told of these credentials: the mark in the "
                "Link is of others"
            )
            return [self._found(Fault.CREDENTIALS_OLD, cause, f"tell it: {again}")]
        return []

    def _generations(self, given: Credentials) -> tuple[int, int]:
        """Find the number of the token, and that of the newest; 0 if there is none."""
        account = names.remote_access_account(self.link.source)
        by_number = {
            int(tail.lstrip("-") or 1): digest
            for name, digest in self.target.tokens.items()
            if name.startswith(f"{account}-token")
            if (tail := name.removeprefix(f"{account}-token")) == "" or tail[1:].isdigit()
        }
        known = [number for number, digest in by_number.items() if digest == given.digest]
        return max(known, default=-1), max(by_number, default=0)

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
                f"see why its load balancer is not there: kubectl -n {NAMESPACE} describe service "
                "linkerd-gateway",
            )
        elif not self.spec.get("gatewayAddress"):
            yield self._found(
                Fault.GATEWAY_ADDRESS,
                f"the Link to {self.link.target!r} has no gateway address",
                f"take it from the target: pulumi refresh --stack {self.name}.links, then mesh up "
                f"{self.name}",
            )

    @property
    def _is_through_gateway(self) -> bool:
        return Mode.GATEWAY in self.environment.modes_of(self.link)

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
                "proxies refuse one another as soon as none is shared. If a rotation was "
                f"interrupted, go on with it: mesh rotate {self.name} anchor; else deploy both "
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
        """Pods that call one another need addresses that are nobody else's."""
        modes = {*self.environment.modes_of(self.link)}
        if not modes & {Mode.FLAT, Mode.FEDERATED}:
            return
        for one in sorted(self._networks(self.source)):
            for other in sorted(self._networks(self.target)):
                if ipaddress.ip_network(one).overlaps(ipaddress.ip_network(other)):
                    yield self._found(
                        Fault.OVERLAP,
                        f"pod networks overlap: {one} of {self.link.source!r} and {other} of "
                        f"{self.link.target!r}; calls pod to pod end on the wrong cluster",
                        "give one of them another network, or export through the gateway: "
                        "mode=Mode.GATEWAY",
                    )
                    return

    def _networks(self, cluster: ClusterSeen) -> set[str]:
        member = self.environment.cluster(cluster.name)
        own = {member.cidr} if isinstance(member, Eks) else set()
        return own | cluster.networks

    def _spec(self) -> Iterator[Finding]:
        told = self.target.told
        if not told or not self.spec.get("gatewayAddress", not self._is_through_gateway):
            return
        described = self._described(told)
        changed = sorted(
            key
            for key in described
            if _as_compared(described[key]) != _as_compared(self.spec.get(key))
        )
        if changed:
            yield self._found(
                Fault.LINK_CHANGED,
                f"the Link is not as deployed: {', '.join(changed)}",
                f"deploy it again: pulumi refresh --stack {self.name}.links, then mesh up "
                f"{self.name}",
            )

    def _described(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Make what the part `links` makes, but for the mark."""
        gateway = Gateway(
            address=told["gatewayAddress"],
            identity=told["gatewayIdentity"],
            port=int(told.get("gatewayPort", 4143)),
            probe_port=int(told.get("probePort", 4191)),
        )
        grant = Grant(
            target=self.link.target,
            account="",
            token="",
            api_server="",
            certificate_authority_data="",
            gateway=gateway if self.environment.has_gateway(self.link.target) else None,
        )
        spec = link_spec(
            grant,
            mark=_MARK,
            export_labels=labels(self.environment, self.link, Mode.GATEWAY),
            discovery_labels=labels(self.environment, self.link, Mode.FLAT),
            federated_labels=labels(self.environment, self.link, Mode.FEDERATED),
        )
        return spec


def _as_compared(value: Any) -> Any:
    """Leave out what differs without meaning: the mark, and emptiness."""
    if isinstance(value, list):
        return [each for each in value if not str(each).startswith(_MARK)] or None
    return value or None


def chart_of(edge: str) -> str:
    """Tell the chart version of an edge release: 2026.6.3 of edge-26.6.3."""
    return f"20{edge.removeprefix('edge-')}"
