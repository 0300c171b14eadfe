"""
`mesh preview`, `mesh up` and `mesh destroy`: one operation on all stacks of an environment.

Each of them can be interrupted or killed at any time and started again: completed work stays, locks
of a killed run are removed, and the state of the stacks says what is left to do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from linkmesh.environment import Plan
from linkmesh.environment.parts import APPS, LINKS, ROUTES, kind_of

from ..collisions.check import CollisionError, found_collisions
from ..lost import check as lost
from ..lost.forget import rebuild
from ..mirrors import waiting
from ..plan.advice import same_names
from ..runs.lock import exclusive
from ..runs.operation import Operation
from ..runs.policies import packs
from ..runs.progress import Progress
from ..runs.project import Project
from ..runs.run import run
from ..runs.stale_locks import retry
from ..runs.targets import only, targets
from ..runs.waves import Waves, upstream
from ..unchanged import Unchanged
from . import changes, late_exports, log_groups, namespaces, protection, removal
from .before import descriptions
from .request import Request, check


@dataclass(frozen=True, kw_only=True)
class Execution:
    """A request with everything needed to execute it."""

    request: Request
    plan: Plan
    project: Project
    console: Console

    def preview(self) -> None:
        """Preview every stack. Raises: PreconditionError, RunFailedError."""
        self._print([f"to check: {each}" for each in same_names(self.request.name, self.plan)])
        self._print([f"mesh up will not deploy this: {each}" for each in self._collisions()])
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
        existing = self.project.reads.existing()
        if problem := removal.problem(request.name, self.plan, existing, prune=request.prune):
            raise removal.RemovalError(problem)
        outputs = self._read(existing)
        # Those of a cluster that is gone lead nowhere.
        usable = {part: each for part, each in outputs.items() if part not in request.rebuild}
        self._check_clusters(usable)
        postponed = self._postponed(usable)
        changes.check(self.plan, outputs)
        if found := self._collisions():
            raise CollisionError("\n".join(found))
        stale = removal.undescribed(request.name, self.plan, existing)
        self._check_protected(stale)
        for cluster in request.rebuild:
            known = outputs.get(cluster, {})
            rebuild(self.project, request.name, self.plan, cluster, known, self.console)
        closing = self._runs(removal.phases(self.plan, stale, [*postponed]), postponed)
        kubeconfigs = self._kubeconfigs()
        self._print(removal.remove_orphans(kubeconfigs))
        # A service that its owner labels may come later.
        mirrors = [one for one in waiting.expected(self.plan) if not one.export.is_labelled]
        missing = self._awaited(mirrors, kubeconfigs)
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
        name, existing = self.request.name, self.project.reads.existing()
        # Read before, because a destroyed stack has no outputs.
        outputs = {} if self.request.urns else self._read(existing)
        if not self.request.urns:
            self._check_clusters(outputs)
            namespaces.check(self.project, name, self.plan, outputs, destroys=True)
        stale = removal.undescribed(name, self.plan, existing)
        self._check_protected([*self.plan.parts, *stale])
        stay = {part: outputs.get(part, {}) for part in self.plan.existing}
        kubeconfigs = removal.kubeconfigs(stay)
        waves = removal.destroying(self.plan, stale)
        closing = self._runs([(Operation.DESTROY, waves)])
        if not self.request.urns:
            removal.remove_stacks(self.project, name, stale)
            self._print(removal.remove_orphans(kubeconfigs))
            self._print(removal.late_logs(self.plan))
        self._print(closing)

    def _read(self, existing: set[str]) -> removal.Outputs:
        """Read the outputs that checks need, of each stack once."""
        name = self.request.name
        prefix = f"{name}."
        parts = [stack.removeprefix(prefix) for stack in existing if stack.startswith(prefix)]
        needed = [part for part in parts if kind_of(part) in (LINKS, APPS, ROUTES)]
        clusters = [part for part in self.plan.names if part in parts]
        return removal.outputs(self.project, name, [*clusters, *sorted(needed)])

    def _postponed(self, outputs: removal.Outputs) -> dict[str, list[str]]:
        """Return the URNs of what a second run of its stack removes, by part."""
        project, name = self.project.name, self.request.name
        deleted = namespaces.check(self.project, name, self.plan, outputs, destroys=False)
        late = late_exports.leaving(self.plan, descriptions(self.plan, outputs))
        return {
            **namespaces.urns(project, name, deleted),
            **late_exports.urns(project, name, late),
        }

    def _kubeconfigs(self) -> removal.Kubeconfigs:
        """Return kubeconfigs after a deployment; reads those of stacks that ran again."""
        read = removal.outputs(self.project, self.request.name, list(self.plan.names))
        return removal.kubeconfigs(read)

    def _collisions(self) -> list[str]:
        """List what collides on existing clusters, before anything is made on them."""
        found = found_collisions(self.request.name, self.plan, self.project.folder)
        return [str(each) for each in found]

    def _check_clusters(self, outputs: removal.Outputs) -> None:
        """Check that deployed clusters are still those that were deployed."""
        request = self.request
        destroys = request.operation is Operation.DESTROY
        clusters = [each for each in self.plan.names if each in outputs]
        lost.check(self.project, request.name, self.plan, clusters, outputs, destroys=destroys)

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
        policy_packs = packs(self.project.folder) if operation is Operation.PREVIEW else []

        def attempt() -> None:
            unchanged = Unchanged(
                self.project, request.name, self.plan, policy_packs, runs_all=request.all_stacks
            )
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
                    policy_packs=policy_packs,
                    skipping=unchanged,
                )
            closing[0] = progress.closing()

        def adopting() -> None:
            log_groups.retry(attempt, self.project, request.name, self.console)

        retry(adopting if operation is Operation.UP else attempt, self.project, self.console)
        return closing

    def _print(self, lines: Sequence[str]) -> None:
        for line in lines:
            # Descriptions in messages have brackets, and are searched in logs.
            self.console.print(line, markup=False, soft_wrap=True)


def execute(request: Request, plan: Plan, folder: Path, console: Console) -> None:
    """
    Execute a request on the project in a folder, with a lock if it changes something.

    Raises: PreconditionError, RunFailedError.
    """
    check(request, plan)
    project = Project.open(folder, None if request.operation is Operation.DESTROY else plan)
    work = Execution(request=request, plan=plan, project=project, console=console)
    if request.operation is Operation.PREVIEW:
        return work.preview()
    with exclusive(request.name, request.command, folder):
        return work.up() if request.operation is Operation.UP else work.destroy()
