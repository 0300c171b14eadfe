"""
Whether an environment is well, from what was seen of it: every rule, all findings at once; pure.

Well is only what was looked at and has no fault. What could not be looked at is unknown, and what
follows from another fault is told with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from stacks.environment import Environment
from stacks.topology import LinkSpec

from ..mirrors.evaluate import cause_of_none
from . import clusters, drift, exports
from .faults import Fault, Finding
from .links import LinkJudge
from .observations import EnvironmentSeen, ExportSeen


class State(Enum):
    """How something is."""

    OK = "ok"
    FAULTY = "faulty"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A link, an export with its caller, or a cluster, and how it is."""

    subject: str
    """Its name."""

    state: State
    """How it is."""

    findings: Sequence[Finding] = ()
    """Why, if it is not well."""

    follows: str = ""
    """On whose fault it depends, if it has none of its own."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """How an environment is."""

    name: str
    """Its name."""

    seen: EnvironmentSeen
    """What it was judged by."""

    links: dict[LinkSpec, Judged]
    """Its links."""

    exports: list[tuple[ExportSeen, Judged]]
    """Its mirrors."""

    clusters: dict[str, Judged]
    """Its clusters, each with what drifted on it."""

    @property
    def judged(self) -> list[Judged]:
        """All that was judged: clusters, links, exports."""
        mirrors = [judged for _, judged in self.exports]
        return [*self.clusters.values(), *self.links.values(), *mirrors]

    @property
    def findings(self) -> list[Finding]:
        """Every fault, each once."""
        return list(dict.fromkeys(found for one in self.judged for found in one.findings))

    @property
    def is_well(self) -> bool:
        """Whether everything was looked at and has no fault."""
        return all(one.state is State.OK for one in self.judged)


def judge(name: str, environment: Environment, seen: EnvironmentSeen) -> Report:
    """Judge everything."""
    found = {
        link: LinkJudge(name, environment, link, seen).findings() for link in environment.links
    }
    mirrors = []
    for each in seen.exports:
        link = exports.link_of(each.expected)
        well = not found[link] or {one.fault for one in found[link]} <= {Fault.PROBE}
        own = exports.finding(name, each, link_is_well=well)
        if own is not None and own.fault is Fault.PROBE:
            found[link] = list(dict.fromkeys([*found[link], own]))
            own = None
        mirrors.append((each, own))
    return Report(
        name=name,
        seen=seen,
        clusters=_clusters(name, environment, seen),
        links={link: _link(link, found[link], seen) for link in environment.links},
        exports=[(each, _mirror(each, own)) for each, own in mirrors],
    )


def _clusters(name: str, environment: Environment, seen: EnvironmentSeen) -> dict[str, Judged]:
    judged = {}
    for cluster, one in seen.clusters.items():
        found = [*clusters.findings(name, environment, one, seen.at)]
        found += [*drift.findings(name, environment, one)]
        judged[cluster] = _judged(cluster, found)
    return judged


def _judged(subject: str, found: Sequence[Finding]) -> Judged:
    faults = {one.fault for one in found}
    state = State.OK
    if faults:
        state = State.UNKNOWN if faults == {Fault.UNKNOWN} else State.FAULTY
    return Judged(subject=subject, state=state, findings=found)


def _link(link: LinkSpec, found: Sequence[Finding], seen: EnvironmentSeen) -> Judged:
    if found:
        return _judged(str(link), found)
    for cluster in (seen.clusters[link.source], seen.clusters[link.target]):
        if cluster.problem or not cluster.deployed or cluster.unread:
            return Judged(subject=str(link), state=State.UNKNOWN, follows=cluster.name)
    return Judged(subject=str(link), state=State.OK)


def _mirror(each: ExportSeen, own: Finding | None) -> Judged:
    subject = str(each.expected)
    if own is not None:
        return _judged(subject, [own])
    link = exports.link_of(each.expected)
    if each.observed is None:
        return Judged(subject=subject, state=State.UNKNOWN, follows=str(link))
    if cause_of_none(each.observed) is not None:
        return Judged(subject=subject, state=State.FAULTY, follows=str(link))
    return Judged(subject=subject, state=State.OK)
