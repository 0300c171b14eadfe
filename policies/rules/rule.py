"""
Rules, and the resources and findings that they work on.

Properties have the names of Pulumi's providers, in camel case. Values that are unknown before
`pulumi up` are missing and listed in `unknown`, which a rule checks before it reports one missing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource of a stack."""

    type: str
    """Type token, e.g. `aws:eks/cluster:Cluster`."""

    name: str
    """Logical name."""

    props: Mapping[str, Any]
    """Its properties, without unknown values."""

    urn: str = ""
    """Its URN."""

    provider: str = ""
    """URN of its provider, which stands for its cluster; empty if unknown."""

    unknown: frozenset[str] = frozenset()
    """Paths of properties unknown before `pulumi up`, e.g. `vpcConfig.publicAccessCidrs`."""

    protected: bool = False
    """Whether Pulumi refuses to delete or replace it."""

    def at(self, path: str) -> Any:
        """Return the value at a dotted path, in the first item of lists; None if there is none."""
        value: Any = self.props
        for key in path.split("."):
            if isinstance(value, Sequence) and not isinstance(value, str):
                value = value[0] if value else None
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    def is_unknown(self, path: str) -> bool:
        """Return whether the value at a path is unknown, or one above or below it."""
        return any(
            each == path or each.startswith(f"{path}.") or path.startswith(f"{each}.")
            for each in self.unknown
        )

    def lacks(self, path: str) -> bool:
        """Return whether there is no value at a path, and will be none."""
        return not self.at(path) and not self.is_unknown(path)


@dataclass(frozen=True)
class Finding:
    """One violation of a rule."""

    message: str
    """The rule, the value and the fix."""

    urn: str = ""
    """URN of the resource; empty for the stack."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule."""

    name: str
    """Its name, as Pulumi shows it."""

    description: str
    """The rule in one sentence."""

    source: str
    """Where the rule is from."""

    check: Callable[[Sequence[Resource]], Iterable[Finding]]
    """Returns the violations in a stack."""

    mandatory: bool = True
    """Whether it stops `pulumi up`; otherwise it only warns."""


@dataclass(frozen=True, kw_only=True)
class ForEach:
    """The check of a rule on single resources of one type."""

    type: str
    check: Callable[[Resource], Iterable[str]]
    where: Callable[[Resource], bool] = field(default=lambda resource: True)

    def __call__(self, resources: Sequence[Resource]) -> Iterator[Finding]:
        """Check each resource of the type."""
        for resource in resources:
            if resource.type == self.type and self.where(resource):
                for message in self.check(resource):
                    yield Finding(message, resource.urn)
