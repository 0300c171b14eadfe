"""
`mesh preview --markdown FILE`: previews every stack, and writes the comment whatever happens.
"""

from pathlib import Path

from pulumi import automation

from components.environment import Plan

from ..errors import RunFailedError
from ..redaction import redacted
from ..runs.policies import NOT_RUN, packs
from ..runs.progress import Progress
from ..runs.run import Operation, Project, run
from ..runs.waves import upstream
from .render import comment
from .report import Listening, refusal, report


def write_invalid(name: str, why: str, file: Path) -> None:
    """Write the comment of a description that was refused."""
    file.write_text(comment(refusal(name, redacted(why))), encoding="utf-8")


def write_comment(name: str, plan: Plan, parallel: int, progress: Progress, file: Path) -> None:
    """
    Preview every stack and write the comment.

    Raises: RunFailedError if a preview failed; the comment is written before.
    """
    listening = Listening(progress, plan.parts)
    causes: dict[str, str] = {}
    forgotten: dict[str, object] = {}
    failure = ""
    judges = packs(Path.cwd())
    try:
        project = Project.open(Path.cwd())
        forgotten = _forgotten(project, name, plan)
        run(
            project,
            name,
            upstream(plan),
            Operation.PREVIEW,
            parallel,
            listening,
            policy_packs=judges,
        )
    except RunFailedError as failed:
        causes = failed.causes
        raise
    except automation.CommandError as error:
        failure = redacted(str(error))
        raise RunFailedError(f"environment {name} cannot be previewed:\n{failure}") from None
    finally:
        doubts = () if judges else (f"The {NOT_RUN}",)
        found = report(name, plan, listening.events, causes, forgotten, failure, doubts)
        file.write_text(comment(found), encoding="utf-8")


def _forgotten(project: Project, name: str, plan: Plan) -> dict[str, object]:
    """Read the records of the stacks that have outputs and are no longer described."""
    stacks = {
        part: project.outputs(stack)
        for stack in sorted(project.existing())
        if (part := stack.removeprefix(f"{name}.")) != stack and part not in plan.parts
    }
    return {part: outputs.get("description") for part, outputs in stacks.items() if outputs}
