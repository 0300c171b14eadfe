"""
What a rule is: a name, a reason, a source, and a function from resources to findings.

Properties have Pulumi's names on the wire, in camel case. What is not known before `pulumi up` is
missing from them and named in `unknown`: a rule that misses something looks there first.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource of a stack, as far as it is known."""

    type: str
    """Type token, e.g. `aws:eks/cluster:Cluster`."""

    name: str
    """Logical name."""

    props: Mapping[str, Any]
    """What is known of its properties."""

    urn: str = ""
    """Pulumi's name of it."""

    unknown: frozenset[str] = frozenset()
    """Paths of properties that are told only by `pulumi up`, e.g. `vpcConfig.publicAccessCidrs`."""

    protected: bool = False
    """Whether Pulumi refuses to delete or replace it."""

    def at(self, path: str) -> Any:
        """Read what is at a path of dots, through the first of each list; None if nothing is."""
        value: Any = self.props
        for key in path.split("."):
            if isinstance(value, Sequence) and not isinstance(value, str):
                value = value[0] if value else None
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    def is_unknown(self, path: str) -> bool:
        """Tell whether a path, or something on its way or below, is not known yet."""
        return any(
            each == path or each.startswith(f"{path}.") or path.startswith(f"{each}.")
            for each in self.unknown
        )

    def lacks(self, path: str) -> bool:
        """Tell whether nothing is at a path, and nothing will be."""
        return not self.at(path) and not self.is_unknown(path)


@dataclass(frozen=True)
class Finding:
    """What a rule found."""

    message: str
    """What must be, what is, and the way out."""

    urn: str = ""
    """The resource; empty for the stack."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule."""

    name: str
    """Its name, as Pulumi shows it."""

    description: str
    """What must be, in one sentence."""

    source: str
    """Who says so."""

    check: Callable[[Sequence[Resource]], Iterable[Finding]]
    """Finds what is wrong in a stack."""

    mandatory: bool = True
    """Whether it stops `pulumi up`; otherwise it is told only."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A rule's function over resources of one type, one by one."""

    type: str
    judge: Callable[[Resource], Iterable[str]]
    where: Callable[[Resource], bool] = field(default=lambda resource: True)

    def __call__(self, resources: Sequence[Resource]) -> Iterator[Finding]:
        """Judge each resource of the type."""
        for resource in resources:
            if resource.type == self.type and self.where(resource):
                for message in self.judge(resource):
                    yield Finding(message, resource.urn)
