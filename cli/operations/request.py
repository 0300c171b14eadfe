"""The operation that the user requested, and which options can be combined."""

from collections.abc import Sequence
from dataclasses import dataclass

from linkmesh.environment import Plan

from ..errors import PreconditionError
from ..runs.operation import Operation


@dataclass(frozen=True, kw_only=True)
class Request:
    """The operation that the user requested."""

    name: str
    """Name of the environment."""

    operation: Operation
    """The operation."""

    parallel: int = 4
    """How many stacks run in parallel."""

    prune: bool = False
    """Whether clusters that are no longer described are destroyed."""

    wait_seconds: int = 0
    """How long `up` waits for mirrors, in seconds; 0 skips it."""

    rebuild: Sequence[str] = ()
    """Clusters that were replaced or are gone, and are created again."""

    all_stacks: bool = False
    """Whether stacks run too of which nothing has changed."""

    urns: Sequence[str] = ()
    """URNs of the only resources to change; empty for all."""

    @property
    def command(self) -> str:
        """The command that continues after a failure; `rebuild` has changed the state by then."""
        prune = " --prune" if self.prune else ""
        urns = "".join(f" --target '{urn}'" for urn in self.urns)
        return f"mesh {self.operation.value} {self.name}{prune}{urns}"


def check(request: Request, plan: Plan) -> None:
    """Check clusters, and that options can be combined. Raises: PreconditionError."""
    for cluster in request.rebuild:
        if cluster not in plan.clusters:
            raise PreconditionError(
                f"--rebuild must name a cluster of environment {request.name!r} (got "
                f"{cluster!r}). Use one of: {', '.join(plan.names)}"
            )
    if request.urns and request.rebuild:
        raise PreconditionError(
            "--target must not be combined with --rebuild (got both). A cluster is created again "
            f"as a whole. Use: mesh up {request.name} --rebuild {request.rebuild[0]}"
        )
    if request.urns and request.prune:
        raise PreconditionError(
            "--target must not be combined with --prune (got both). A cluster is removed as a "
            f"whole. Use: mesh up {request.name} --prune"
        )
