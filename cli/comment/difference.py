"""
How the topology of an environment would change: facts on both sides, and what differs; pure.

A fact has a subject, which says what it is about, and a detail that may change while the subject
stays. Facts are sentences already, so that what is compared is what a reviewer reads.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from components import names
from stacks import exposure
from stacks.environment import AccessEntry, Environment, Existing, Kind, Member, Role
from stacks.record import Snapshot


class Topic(Enum):
    """What facts are about, in the order in which they are told; the value is the heading."""

    CLUSTER = "clusters"
    LINK = "links (source calls target)"
    EXPORT = "exports"
    CALL = "who can call what"
    ADDRESS = "addresses that are let in"
    RIGHT = "rights"
    CERTIFICATE = "certificates and tokens"


class Change(Enum):
    """What becomes of a fact, what is lost first; the value marks a line."""

    REMOVED = "-"
    CHANGED = "!"
    ADDED = "+"


@dataclass(frozen=True, order=True)
class Fact:
    """Something that is so in an environment."""

    subject: str
    """What it is about; two facts of one topic have two subjects."""

    detail: str = ""
    """How it is."""

    @property
    def text(self) -> str:
        """The fact as one line."""
        return f"{self.subject}: {self.detail}" if self.detail else self.subject


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One fact that would not stay as it is."""

    topic: Topic
    """What it is about."""

    change: Change
    """What becomes of it."""

    subject: str
    """The fact's subject."""

    before: str = ""
    """Its detail before; empty if it was not."""

    after: str = ""
    """Its detail afterwards; empty if it will not be."""

    @property
    def text(self) -> str:
        """The difference as one line, without its mark."""
        if self.change is Change.CHANGED:
            return f"{self.subject}: {', '.join(_pieces(self.before, self.after))}"
        return Fact(self.subject, self.before or self.after).text


def _pieces(before: str, after: str) -> list[str]:
    """Take from two details what differs, where they have as many pieces; else all of both."""
    old, new = before.split(", "), after.split(", ")
    if len(old) != len(new):
        return [f"{before} -> {after}"]
    return [f"{was} -> {will}" for was, will in zip(old, new, strict=True) if was != will]


Facts = dict[Topic, list[Fact]]


def facts(snapshot: Snapshot) -> Facts:
    """List everything that is so in an environment at one time."""
    environment = snapshot.environment
    return {
        Topic.CLUSTER: [Fact(cluster.name, _cluster(cluster)) for cluster in environment.clusters],
        Topic.LINK: [
            Fact(str(link), ", ".join(mode.value for mode in environment.modes_of(link)))
            for link in environment.links
        ],
        Topic.EXPORT: list(_exports(environment)),
        Topic.CALL: list(_calls(environment)),
        Topic.ADDRESS: list(_addresses(snapshot)),
        Topic.RIGHT: list(_rights(environment)),
        Topic.CERTIFICATE: list(_certificates(snapshot)),
    }


def differences(before: Snapshot, after: Snapshot) -> list[Difference]:
    """Compare two times: topic by topic, what is lost first."""
    old, new = facts(before), facts(after)
    return [each for topic in Topic for each in _compared(topic, old[topic], new[topic])]


def _compared(topic: Topic, before: list[Fact], after: list[Fact]) -> list[Difference]:
    old = {fact.subject: fact.detail for fact in before}
    new = {fact.subject: fact.detail for fact in after}
    found = [
        Difference(
            topic=topic,
            change=_change(subject, old, new),
            subject=subject,
            before=old.get(subject, ""),
            after=new.get(subject, ""),
        )
        for subject in sorted({*old, *new})
        if (subject in old) != (subject in new) or old.get(subject) != new.get(subject)
    ]
    order = list(Change)
    return sorted(found, key=lambda each: (order.index(each.change), each.subject))


def _change(subject: str, old: dict[str, str], new: dict[str, str]) -> Change:
    if subject not in new:
        return Change.REMOVED
    return Change.CHANGED if subject in old else Change.ADDED


def _cluster(cluster: Member) -> str:
    if isinstance(cluster, Kind):
        return f"kind, {cluster.workers} workers"
    if isinstance(cluster, Existing):
        return "exists, made by somebody else"
    protected = "protected" if cluster.protect else "not protected"
    return (
        f"EKS {cluster.kubernetes} in {cluster.region}, {cluster.cidr}, "
        f"{cluster.nodes} x {'/'.join(cluster.instance_types)} with {cluster.disk_gib} GiB, "
        f"{cluster.ami.value}, NAT {cluster.nat.value.replace('_', ' ')}, {protected}"
    )


def _exports(environment: Environment) -> Iterator[Fact]:
    for export in environment.exports:
        to = ", ".join(export.to) if export.to is not None else "every linked cluster"
        yield Fact(
            f"{export.service}.{export.namespace} of {export.of}", f"to {to}, {export.mode.value}"
        )


def _calls(environment: Environment) -> Iterator[Fact]:
    for export in environment.exports:
        for caller in environment.callers_of(export):
            yield Fact(
                f"{caller} can call {export.service}.{export.namespace} of {export.of}",
                f"as {export.mirror}.{export.namespace}",
            )


def _addresses(snapshot: Snapshot) -> Iterator[Fact]:
    environment = snapshot.environment
    for one, other in snapshot.peerings:
        yield Fact(f"networks of {one} and {other} are joined")
    nats = {name: [f"NAT of {name}"] * environment.nats_of(name) for name in environment.names}
    for cluster in environment.eks:
        for row in exposure.TABLE:
            ports = ", ".join(map(str, row.ports(environment)))
            for block in dict.fromkeys(map(str, row.blocks(environment, cluster.name, nats))):
                yield Fact(f"{block} may reach the {row.place} of {cluster.name} at {ports}")


def _rights(environment: Environment) -> Iterator[Fact]:
    for link in environment.links:
        account = names.remote_access_account(link.source)
        yield Fact(f"{link.source} may look at services of {link.target}", f"account {account}")
    for cluster in environment.eks:
        for entry in environment.access_entries:
            yield Fact(f"{entry.principal} on {cluster.name}", _role(entry))


def _role(entry: AccessEntry) -> str:
    role = entry.role.value if isinstance(entry.role, Role) else entry.role
    where = ", ".join(entry.namespaces)
    return f"{role} in {where}" if where else f"{role} of the whole cluster"


def _certificates(snapshot: Snapshot) -> Iterator[Fact]:
    environment = snapshot.environment
    if snapshot.issuers:
        yield Fact("trust anchor")
    for cluster in snapshot.issuers:
        yield Fact(f"identity issuer of {cluster}")
    tokens = ", ".join(map(str, environment.token_generations))
    for link in environment.links:
        yield Fact(f"token of {link.source} at {link.target}", f"generation {tokens}")


def headline(found: Iterable[Difference]) -> str:
    """Say in a sentence how many calls become possible and impossible, links come and go."""
    counts: dict[tuple[Topic, Change], int] = {}
    total = 0
    for each in found:
        total += 1
        counts[each.topic, each.change] = counts.get((each.topic, each.change), 0) + 1
    if not total:
        return "The topology stays as it is deployed."
    said = [
        f"{counts[topic, change]} {word if counts[topic, change] == 1 else plural} {what}"
        for topic, word, plural in (
            (Topic.CALL, "call", "calls"),
            (Topic.LINK, "link", "links"),
            (Topic.CLUSTER, "cluster", "clusters"),
        )
        for change, what in _SAID[topic].items()
        if (topic, change) in counts
    ]
    rest = sum(count for (topic, _), count in counts.items() if topic not in _SAID)
    if rest:
        said.append(f"{rest} other {'difference' if rest == 1 else 'differences'}")
    return f"{'; '.join(said)}."


_SAID = {
    Topic.CALL: {
        Change.REMOVED: "no longer possible",
        Change.CHANGED: "under another name",
        Change.ADDED: "newly possible",
    },
    Topic.LINK: {Change.REMOVED: "removed", Change.CHANGED: "changed", Change.ADDED: "added"},
    Topic.CLUSTER: {Change.REMOVED: "removed", Change.CHANGED: "changed", Change.ADDED: "added"},
}
