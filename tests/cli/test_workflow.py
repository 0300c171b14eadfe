"""The workflow that posts the comment: who may do what in it, and what it runs."""

import re
from pathlib import Path
from typing import Any

import yaml
from typer.testing import CliRunner

from linkmesh.cli import __main__ as main
from linkmesh.cli.preview.render import marker
from linkmesh.stacks import load

FILE = Path(__file__).parents[2] / ".github" / "workflows" / "preview.yml"
WORKFLOW: dict[Any, Any] = yaml.safe_load(FILE.read_text())
PREVIEW, COMMENT = WORKFLOW["jobs"]["preview"], WORKFLOW["jobs"]["comment"]


def used(job: dict[str, Any]) -> list[str]:
    """List the actions that a job uses."""
    return [step["uses"] for step in job["steps"] if "uses" in step]


def test_it_runs_on_pull_requests_without_the_rights_of_the_target() -> None:
    # YAML 1.1 reads the key `on` as a truth value.
    assert set(WORKFLOW[True]) == {"pull_request"}
    assert WORKFLOW["permissions"] == {}


def test_code_of_the_pull_request_may_only_read() -> None:
    assert PREVIEW["permissions"] == {"contents": "read", "id-token": "write"}
    assert "head.repo.full_name == github.repository" in PREVIEW["if"]
    checkout = next(step for step in PREVIEW["steps"] if "checkout" in step.get("uses", ""))
    assert checkout["with"]["persist-credentials"] is False


def test_who_writes_the_comment_runs_no_code_of_the_pull_request() -> None:
    assert COMMENT["permissions"] == {"pull-requests": "write"}
    assert not any("checkout" in action for action in used(COMMENT))
    assert not any("run" in step for step in COMMENT["steps"])


def test_the_comment_is_posted_also_when_a_preview_failed() -> None:
    upload = next(step for step in PREVIEW["steps"] if "upload" in step.get("uses", ""))

    assert "!cancelled()" in upload["if"]
    assert "!cancelled()" in COMMENT["if"]


def test_state_and_secrets_need_no_pulumi_cloud() -> None:
    assert set(PREVIEW["env"]) >= {"PULUMI_BACKEND_URL", "LINKMESH_SECRETS_PROVIDER"}
    assert "PULUMI_ACCESS_TOKEN" not in FILE.read_text()
    assert "secrets." not in FILE.read_text()


def test_actions_are_pinned_by_commit_or_say_why_not() -> None:
    loose = [
        action
        for job in (PREVIEW, COMMENT)
        for action in used(job)
        if not re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", action)
    ]

    assert loose == ["pulumi/actions@v7"]
    assert "# By its tag:" in FILE.read_text()


def test_texts_of_a_pull_request_reach_no_shell() -> None:
    scripts = [step["run"] for step in PREVIEW["steps"] if "run" in step]

    assert not any("${{" in script for script in scripts)


def test_its_commands_and_environments_exist() -> None:
    command = next(
        step["run"] for step in PREVIEW["steps"] if "-m linkmesh.cli" in step.get("run", "")
    )
    argv = command.split("-m linkmesh.cli ")[1].split()
    done = CliRunner().invoke(main.app, [argv[0], "--help"])

    assert argv[2] in done.output
    for name in PREVIEW["strategy"]["matrix"]["environment"]:
        assert load(name).parts


def test_the_comment_is_found_again_by_its_first_line() -> None:
    script = COMMENT["steps"][-1]["with"]["script"]

    assert marker("dev").startswith("<!--")
    assert 'body.split("\\n", 1)[0]' in script
    assert "startsWith(marker)" in script
