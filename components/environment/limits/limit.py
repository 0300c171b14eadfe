"""What a limit is, and how much of it an environment uses."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from ..topology import Topology


class Owner(Enum):
    """Where a limit comes from."""

    AWS = "AWS"
    KUBERNETES = "Kubernetes"
    LINKMESH = "linkmesh"
    """A number of ours, because none is documented."""


@dataclass(frozen=True, kw_only=True)
class Use:
    """How much of a limit one thing uses."""

    of: str
    """What the limit is of: a cluster, a region, or the account."""

    count: int
    """How many there are."""

    most: int
    """How many there can be."""

    @property
    def share(self) -> float:
        """The part of the limit that is used; more than 1 exceeds it."""
        return self.count / self.most


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A number that an environment can exceed."""

    name: str
    """What is counted, in words, and of what."""

    owner: Owner
    """Where it comes from."""

    raised: str
    """How far it can be raised, in words."""

    beyond: str
    """What happens beyond it, and what to do, as sentences."""

    uses: Callable[[Topology], Iterable[Use]]
    """How much of it each thing of a valid environment uses."""
