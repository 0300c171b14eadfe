"""
`mesh preview`, `mesh up` and `mesh destroy`: one operation on all stacks of an environment.

Each of them can be interrupted or killed at any time and started again: completed work stays, locks
of a killed run are removed, and the state of the stacks says what is left to do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from components.environment import Existing, Plan

from ..errors import PreconditionError
from ..mirrors import waiting
from ..runs.lock import exclusive
from ..runs.policies import packs
from ..runs.progress import Progress
from ..runs.run import Operation, Project, run
from ..runs.stale_locks import retry
from ..runs.targets import only, targets
from ..runs.waves import Waves, upstream
from . import changes, namespaces, protection, removal


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

    urns: Sequence[str] = ()
    """URNs of the only resources to change; empty for all."""

    @property
    def command(self) -> str:
        """The command that continues after a failure."""
        prune = " --prune" if self.prune else ""
        urns = "".join(f" --target '{urn}'" for urn in self.urns)
        return f"mesh {self.operation.value} {self.name}{prune}{urns}"


@dataclass(frozen=True, kw_only=True)
class Execution:
    """A request with everything needed to execute it."""

    request: Request
    plan: Plan
    project: Project
    console: Console

    def preview(self) -> None:
        """Preview every stack. Raises: PreconditionError, RunFailedError."""
        self._print(self._runs([(Operation.PREVIEW, upstream(self.plan))]))

    def up(self) -> None:
        """
        Deploy all stacks, with `--prune` destroy undescribed ones, and remove orphaned mirrors.

        In the end it waits for the mirrors. With targets, only these are deployed.

        Raises: PreconditionError, RunFailedError; MirrorsMissingError if all is deployed but not
        healthy.
        """
        request, waves = self.request, upstream(self.plan)
        if request.urns:
            return self._print(self._runs([(Operation.UP, waves)]))
        existing = self.project.existing()
        if problem := removal.problem(request.name, self.plan, existing, prune=request.prune):
            raise removal.RemovalError(problem)
        deleted = namespaces.check(self.project, request.name, self.plan, destroys=False)
        changes.check(self.project, request.name, self.plan)
        stale = removal.undescribed(request.name, self.plan, existing)
        self._check_protected(stale)
        closing = self._runs(
            removal.phases(self.plan, stale, deleted), namespaces.urns(request.name, deleted)
        )
        kubeconfigs = removal.kubeconfigs(self.project, request.name, self.plan.names)
        self._print(removal.remove_orphans(kubeconfigs))
        missing = self._awaited(waiting.expected(self.plan), kubeconfigs)
        # The summary of changes is always the last line.
        self._print(closing)
        if missing:
            raise waiting.MirrorsMissingError(missing)

    def destroy(self) -> None:
        """
        Destroy all stacks, also those of clusters that are no longer described.

        Existing clusters remain, without Linkerd's mirrors.

        Raises: PreconditionError, RunFailedError.
        """
        name = self.request.name
        if not self.request.urns:
            namespaces.check(self.project, name, self.plan, destroys=True)
        stale = removal.undescribed(name, self.plan, self.project.existing())
        self._check_protected([*self.plan.parts, *stale])
        stay = [
            each.name
            for each in self.plan.clusters.values()
            if isinstance(each.described, Existing)
        ]
        # Read before, because a destroyed stack has no outputs.
        kubeconfigs = removal.kubeconfigs(self.project, name, stay)
        waves = removal.destroying(self.plan, stale)
        closing = self._runs([(Operation.DESTROY, waves)])
        if not self.request.urns:
            removal.remove_stacks(self.project, name, stale)
            self._print(removal.remove_orphans(kubeconfigs))
            self._print(removal.late_logs(self.plan))
        self._print(closing)

    def _check_protected(self, parts: Sequence[str]) -> None:
        """Check stacks for protected resources, before the first one is destroyed."""
        request = self.request
        if parts:
            protection.check(
                self.project, request.name, parts, urns=request.urns, command=request.command
            )

    def _awaited(
        self, mirrors: Sequence[waiting.Expected], kubeconfigs: removal.Kubeconfigs
    ) -> str:
        """Wait for mirrors; return a message about unhealthy ones, empty if all are healthy."""
        seconds = self.request.wait_seconds
        if not mirrors or not seconds:
            return ""
        missing = waiting.wait(mirrors, seconds, self.console, waiting.checker(kubeconfigs))
        count = len(mirrors)
        return waiting.failure_text(self.request.name, missing, count, seconds) if missing else ""

    def _runs(
        self,
        phases: Sequence[tuple[Operation, Waves]],
        excluded: Mapping[str, Sequence[str]] | None = None,
    ) -> list[str]:
        """Run phases in order; the first excludes resources. Returns: the last summary."""
        closing: list[str] = []
        for operation, waves in phases:
            self._print(closing)
            closing = self._run(operation, waves, excluded)
            excluded = None
            if operation is Operation.DESTROY and self.request.operation is Operation.UP:
                removal.remove_stacks(self.project, self.request.name, list(waves))
        return closing

    def _run(
        self, operation: Operation, waves: Waves, excluded: Mapping[str, Sequence[str]] | None
    ) -> list[str]:
        request, closing = self.request, [""]
        urns = targets(request.name, list(waves), request.urns)
        chosen = only(waves, set(urns)) if urns else waves

        def attempt() -> None:
            with Progress(self.console, operation, list(chosen)) as progress:
                run(
                    self.project,
                    request.name,
                    chosen,
                    operation,
                    request.parallel,
                    progress,
                    targets=urns,
                    excluded=excluded,
                    continue_with=request.command,
                    policy_packs=packs(Path.cwd()) if operation is Operation.PREVIEW else (),
                )
            closing[0] = progress.closing()

        retry(attempt, self.project, self.console)
        return closing

    def _print(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.console.print(line)


def execute(request: Request, plan: Plan, folder: Path, console: Console) -> None:
    """
    Execute a request on the project in a folder, with a lock if it changes something.

    Raises: PreconditionError, RunFailedError.
    """
    check(request)
    project = Project.open(folder)
    work = Execution(request=request, plan=plan, project=project, console=console)
    if request.operation is Operation.PREVIEW:
        return work.preview()
    with exclusive(request.name, request.command, folder):
        return work.up() if request.operation is Operation.UP else work.destroy()


def check(request: Request) -> None:
    """Check that options can be combined. Raises: PreconditionError."""
    if request.urns and request.prune:
        raise PreconditionError(
            "--target must not be combined with --prune (got both). A cluster is removed as a "
            f"whole. Use: mesh up {request.name} --prune"
        )
