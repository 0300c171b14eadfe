"""What a person asks of an environment."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.environment import Plan

from ..errors import RefusedError
from ..runs.run import Operation


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person asked for."""

    name: str
    """Name of the environment."""

    operation: Operation
    """What is done to it."""

    parallel: int = 4
    """How many stacks are worked on at once."""

    prune: bool = False
    """Whether the clusters that are described no more go."""

    wait_seconds: int = 0
    """How long `up` waits for mirrors; 0 for not at all."""

    rebuild: Sequence[str] = ()
    """Clusters that were replaced or are gone, and are made again."""

    urns: Sequence[str] = ()
    """The only resources to touch; empty for all."""

    @property
    def command(self) -> str:
        """How to go on. A cluster that is made again has left the state by then."""
        prune = " --prune" if self.prune else ""
        urns = "".join(f" --target '{urn}'" for urn in self.urns)
        return f"mesh {self.operation.value} {self.name}{prune}{urns}"


def check(order: Order, plan: Plan) -> None:
    """Refuse what cannot go together; pure. Raises: RefusedError."""
    for cluster in order.rebuild:
        if cluster not in plan.clusters:
            raise RefusedError(
                f"--rebuild must name a cluster of environment {order.name!r} (got {cluster!r}). "
                f"Use one of: {', '.join(plan.names)}"
            )
    if order.urns and order.rebuild:
        raise RefusedError(
            "--target must stand without --rebuild (got both). A cluster is made again as a "
            f"whole. Use: mesh up {order.name} --rebuild {order.rebuild[0]}"
        )
    if order.urns and order.prune:
        raise RefusedError(
            "--target must stand without --prune (got both). A cluster leaves as a whole. "
            f"Use: mesh up {order.name} --prune"
        )
