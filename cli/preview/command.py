"""`mesh preview --markdown FILE`: previews all stacks, and always writes the comment."""

from collections.abc import Sequence
from pathlib import Path

from pulumi import automation

from linkmesh.environment import Plan
from linkmesh.stacks.errors import LoadError
from linkmesh.stacks.project import project_folder

from ..errors import PreconditionError, PulumiError, RunFailedError
from ..machine_errors import explained
from ..output_files import check_file, write_file
from ..redaction import redacted
from ..runs.operation import Operation
from ..runs.policies import NOT_RUN, has_pack, packs
from ..runs.progress import Progress
from ..runs.project import Project
from ..runs.run import run
from ..runs.waves import upstream
from ..terminal import console, deployable, exit_codes
from ..unchanged import Unchanged
from .render import comment
from .report import WILL_NOT_DEPLOY, EventCollector, invalid, report


def preview_into(name: str, file: Path, parallel: int, *, all_stacks: bool) -> None:
    """Preview all stacks and write the comment, also if a preview fails."""
    with exit_codes(f"mesh preview {name}"):
        check_file("--markdown", file)
        try:
            plan = deployable(name)
        except LoadError as error:
            write_invalid(name, str(error), file)
            raise PreconditionError(str(error)) from None
    with exit_codes(f"mesh preview {name}"):
        with Progress(console, Operation.PREVIEW, plan.parts) as progress:
            write_comment(name, plan, parallel, progress, file, all_stacks=all_stacks)
        console.print(progress.closing())


def write_invalid(name: str, why: str, file: Path) -> None:
    """Write the comment about an invalid description."""
    write_file("--markdown", file, comment(invalid(name, redacted(why))))


def write_comment(
    name: str, plan: Plan, parallel: int, progress: Progress, file: Path, *, all_stacks: bool
) -> None:
    """
    Preview every stack and write the comment.

    Args:
        all_stacks: whether stacks run too of which nothing has changed.

    Raises: RunFailedError if a preview failed; the comment is written before.
    """
    collector = EventCollector(progress, plan.parts)
    causes: dict[str, str] = {}
    undescribed: dict[str, object] = {}
    failure = ""
    policy_packs = packs(project_folder())
    try:
        project = Project.open(project_folder(), plan)
        undescribed = _undescribed(project, name, plan)
        run(
            project,
            name,
            upstream(plan),
            Operation.PREVIEW,
            parallel,
            collector,
            policy_packs=policy_packs,
            skipping=Unchanged(project, name, plan, policy_packs, runs_all=all_stacks),
        )
    except RunFailedError as failed:
        causes = failed.causes
        raise
    except (automation.CommandError, PulumiError, OSError) as error:
        failure = redacted(explained(error) or str(error))
        raise RunFailedError(f"environment {name} cannot be previewed:\n{failure}") from None
    finally:
        notes = _notes(name, plan, policy_packs)
        skipped = collector.skipped_parts
        found = report(name, plan, collector.events, causes, undescribed, failure, notes, skipped)
        write_file("--markdown", file, comment(found))


def _notes(name: str, plan: Plan, policy_packs: Sequence[str]) -> tuple[str, ...]:
    """Note what stops a deployment, and that policies were not run if there are some."""
    not_run = has_pack(project_folder()) and not policy_packs
    return (*_collisions(name, plan), *((f"The {NOT_RUN}",) if not_run else ()))


def _collisions(name: str, plan: Plan) -> list[str]:
    """Note what collides on existing clusters that can be reached from here."""
    if not plan.existing:
        return []
    # Imported here because a Kubernetes client loads slowly, and other environments need none.
    from ..collisions.check import found_collisions

    found = found_collisions(name, plan, project_folder())
    return [WILL_NOT_DEPLOY.format(redacted(str(each))) for each in found]


def _undescribed(project: Project, name: str, plan: Plan) -> dict[str, object]:
    """Read the output `description` of stacks that are deployed but no longer described."""
    stacks = {
        part: project.reads.outputs(stack)
        for stack in sorted(project.reads.existing())
        if (part := stack.removeprefix(f"{name}.")) != stack and part not in plan.parts
    }
    return {part: outputs.get("description") for part, outputs in stacks.items() if outputs}
