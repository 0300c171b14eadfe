"""
`mesh preview`, `mesh up` and `mesh destroy`: one operation on all stacks of an environment.

Each of them can be interrupted or killed at any point and started again: what is done stays, locks
of a killed run are taken away, and the stacks' own state says what is left to do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from components.environment import Existing, Plan

from ..lost.forget import rebuild
from ..lost.refuse import refuse
from ..mirrors import waiting
from ..runs.lock import alone
from ..runs.policies import packs
from ..runs.progress import Progress
from ..runs.run import Operation, Project, run
from ..runs.stale_locks import retried
from ..runs.targets import only, targets
from ..runs.waves import Waves, upstream
from . import namespaces, removal
from .order import Order, check


@dataclass(frozen=True, kw_only=True)
class Work:
    """An order, and what it is carried out on."""

    order: Order
    plan: Plan
    project: Project
    console: Console
    changed: set[str] = field(default_factory=set)
    """Parts that were changed so far."""

    def preview(self) -> None:
        """Preview every stack. Raises: RefusedError, RunFailedError."""
        self._print(self._runs([(Operation.PREVIEW, upstream(self.plan))]))

    def up(self) -> None:
        """
        Deploy every stack, destroy those that nobody describes any more if asked, and tidy up.

        At last it waits for the mirrors. With targets it deploys them, and does nothing else.

        Raises: RefusedError, RunFailedError; MirrorsMissingError if all is deployed but not well.
        """
        order, waves = self.order, upstream(self.plan)
        if order.urns:
            return self._print(self._runs([(Operation.UP, waves)]))
        existing = self.project.existing()
        if refused := removal.refusal(order.name, self.plan, existing, prune=order.prune):
            raise removal.RemovalRefusedError(refused)
        outputs = self._looked(existing)
        gone = namespaces.refuse(self.project, order.name, self.plan, destroys=False)
        stale = removal.leftovers(order.name, self.plan, existing)
        closing = self._runs(
            removal.phases(self.plan, stale, gone), namespaces.urns(order.name, gone)
        )
        kubeconfigs = self._kubeconfigs(outputs)
        self._print(removal.swept(kubeconfigs))
        missing = self._awaited(waiting.expected(self.plan), kubeconfigs)
        # What changed is the last line, whatever was said in between.
        self._print(closing)
        if missing:
            raise waiting.MirrorsMissingError(missing)

    def destroy(self) -> None:
        """
        Destroy every stack, also of clusters that nobody describes any more.

        Clusters that are not ours are there afterwards, with nothing of Linkerd's mirrors on them.

        Raises: RefusedError, RunFailedError.
        """
        name = self.order.name
        if not self.order.urns:
            self._looked(self.project.existing())
            namespaces.refuse(self.project, name, self.plan, destroys=True)
        stale = removal.leftovers(name, self.plan, self.project.existing())
        stay = [
            each.name
            for each in self.plan.clusters.values()
            if isinstance(each.described, Existing)
        ]
        # Read before: a stack that is destroyed tells nothing any more.
        kubeconfigs = removal.kubeconfigs(removal.outputs(self.project, name, stay))
        waves = removal.destroying(self.plan, stale)
        closing = self._runs([(Operation.DESTROY, waves)])
        if not self.order.urns:
            removal.forget(self.project, name, stale)
            self._print(removal.swept(kubeconfigs))
        self._print(closing)

    def _looked(self, existing: set[str]) -> removal.Outputs:
        """Look at the clusters that are deployed; return the outputs of their stacks."""
        order = self.order
        clusters = [each for each in self.plan.names if f"{order.name}.{each}" in existing]
        outputs = removal.outputs(self.project, order.name, clusters)
        look = [each for each in clusters if each not in order.rebuild]
        refuse(order.name, self.plan, look, outputs, destroys=order.operation is Operation.DESTROY)
        for cluster in order.rebuild:
            rebuild(self.project, order.name, self.plan, cluster, self.console)
        return outputs

    def _kubeconfigs(self, before: removal.Outputs) -> removal.Kubeconfigs:
        """Read kubeconfigs; those of stacks that did not change are known."""
        names = self.plan.names
        again = [each for each in names if each in self.changed or each not in before]
        read = {**before, **removal.outputs(self.project, self.order.name, again)}
        return removal.kubeconfigs({each: read[each] for each in names})

    def _awaited(
        self, mirrors: Sequence[waiting.Expected], kubeconfigs: removal.Kubeconfigs
    ) -> str:
        """Wait for mirrors; say which are not well, empty if all are."""
        seconds = self.order.wait_seconds
        if not mirrors or not seconds:
            return ""
        missing = waiting.wait(mirrors, seconds, self.console, waiting.looking(kubeconfigs))
        count = len(mirrors)
        return waiting.failure_text(self.order.name, missing, count, seconds) if missing else ""

    def _runs(
        self,
        phases: Sequence[tuple[Operation, Waves]],
        kept: Mapping[str, Sequence[str]] | None = None,
    ) -> list[str]:
        """Run one phase after the other; the first keeps some resources. Returns: the last sum."""
        closing: list[str] = []
        for operation, waves in phases:
            self._print(closing)
            closing = self._run(operation, waves, kept)
            kept = None
            if operation is Operation.DESTROY and self.order.operation is Operation.UP:
                removal.forget(self.project, self.order.name, list(waves))
        return closing

    def _run(
        self, operation: Operation, waves: Waves, kept: Mapping[str, Sequence[str]] | None
    ) -> list[str]:
        order, closing = self.order, [""]
        urns = targets(order.name, list(waves), order.urns)
        chosen = only(waves, set(urns)) if urns else waves

        def attempt() -> None:
            with Progress(self.console, operation, list(chosen)) as progress:
                run(
                    self.project,
                    order.name,
                    chosen,
                    operation,
                    order.parallel,
                    progress,
                    targets=urns,
                    kept=kept,
                    go_on=order.command,
                    policy_packs=packs(Path.cwd()) if operation is Operation.PREVIEW else (),
                )
            closing[0] = progress.closing()
            self.changed.update(part for part, changes in progress.changes.items() if changes)

        retried(attempt, self.project, self.console)
        return closing

    def _print(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.console.print(line)


def carry_out(order: Order, plan: Plan, folder: Path, console: Console) -> None:
    """
    Carry out an order on the project in a folder; alone if it changes something.

    Raises: RefusedError, RunFailedError.
    """
    check(order, plan)
    project = Project.open(folder)
    work = Work(order=order, plan=plan, project=project, console=console)
    if order.operation is Operation.PREVIEW:
        return work.preview()
    with alone(order.name, order.command, folder):
        return work.up() if order.operation is Operation.UP else work.destroy()
