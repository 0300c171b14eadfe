"""
Evaluates the observed state of an environment against its plan: all rules, all findings at once.

Only what could be read and has no fault is healthy. What could not be read is unknown. A fault that
another fault causes names that one as its cause and is no finding of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from linkmesh.environment import LinkSpec, Plan

from ..mirrors.evaluate import find_cause
from . import clusters, drift, exports
from .faults import Fault, Finding
from .links import LinkEvaluation
from .observations import ObservedEnvironment, ObservedExport


class State(Enum):
    """Health of a cluster, a link or an export."""

    OK = "ok"
    FAULTY = "faulty"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Health of one cluster, one link, or one export on one source."""

    subject: str
    """Its name."""

    state: State
    """Its health."""

    findings: Sequence[Finding] = ()
    """Its faults; empty if it is healthy."""

    caused_by: str = ""
    """The cluster or link whose fault causes its own state; empty if there is none."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """Health of an environment."""

    name: str
    """Its name."""

    observed: ObservedEnvironment
    """The observed state that was evaluated."""

    links: dict[LinkSpec, Evaluation]
    """Its links."""

    exports: list[tuple[ObservedExport, Evaluation]]
    """Its exports, one for each source."""

    clusters: dict[str, Evaluation]
    """Its clusters, with their drift."""

    @property
    def evaluations(self) -> list[Evaluation]:
        """All evaluations: clusters, links, exports."""
        mirrors = [evaluation for _, evaluation in self.exports]
        return [*self.clusters.values(), *self.links.values(), *mirrors]

    @property
    def findings(self) -> list[Finding]:
        """Every fault, each once."""
        return list(dict.fromkeys(found for one in self.evaluations for found in one.findings))

    @property
    def is_healthy(self) -> bool:
        """Whether everything could be read and has no fault."""
        return all(one.state is State.OK for one in self.evaluations)


def evaluate(name: str, plan: Plan, observed: ObservedEnvironment) -> Report:
    """Evaluate all clusters, links and exports."""
    found = {
        link: LinkEvaluation(name, plan, link, observed).findings()
        for link in plan.environment.links
    }
    mirrors = []
    for each in observed.exports:
        link = exports.link_of(each.expected)
        link_is_healthy = not found[link] or {one.fault for one in found[link]} <= {Fault.PROBE}
        own = exports.finding(name, each, link_is_healthy=link_is_healthy)
        if own is not None and own.fault is Fault.PROBE:
            found[link] = list(dict.fromkeys([*found[link], own]))
            own = None
        mirrors.append((each, own))
    return Report(
        name=name,
        observed=observed,
        clusters=_clusters(name, plan, observed),
        links={link: _link(link, found[link], observed) for link in plan.environment.links},
        exports=[(each, _mirror(each, own)) for each, own in mirrors],
    )


def _clusters(name: str, plan: Plan, observed: ObservedEnvironment) -> dict[str, Evaluation]:
    evaluations = {}
    for cluster, one in observed.clusters.items():
        found = [*clusters.findings(name, plan, one, observed.at)]
        found += [*drift.findings(name, plan, one)]
        evaluations[cluster] = _evaluation(cluster, found)
    return evaluations


def _evaluation(subject: str, found: Sequence[Finding]) -> Evaluation:
    faults = {one.fault for one in found}
    state = State.OK
    if faults:
        state = State.UNKNOWN if faults == {Fault.UNKNOWN} else State.FAULTY
    return Evaluation(subject=subject, state=state, findings=found)


def _link(link: LinkSpec, found: Sequence[Finding], observed: ObservedEnvironment) -> Evaluation:
    if found:
        return _evaluation(str(link), found)
    for cluster in (observed.clusters[link.source], observed.clusters[link.target]):
        if cluster.problem or not cluster.deployed or cluster.unread:
            return Evaluation(subject=str(link), state=State.UNKNOWN, caused_by=cluster.name)
    return Evaluation(subject=str(link), state=State.OK)


def _mirror(each: ObservedExport, own: Finding | None) -> Evaluation:
    subject = str(each.expected)
    if own is not None:
        return _evaluation(subject, [own])
    link = exports.link_of(each.expected)
    if each.observation is None:
        return Evaluation(subject=subject, state=State.UNKNOWN, caused_by=str(link))
    if find_cause(each.observation) is not None:
        return Evaluation(subject=subject, state=State.FAULTY, caused_by=str(link))
    return Evaluation(subject=subject, state=State.OK)
