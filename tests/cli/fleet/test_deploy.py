"""The workflow that deploys an environment: its waves, their order, and who may do what."""

import re
from typing import Any

import yaml
from typer.testing import CliRunner

from linkmesh.cli.__main__ import app
from linkmesh.cli.runs.waves import levels
from linkmesh.stacks import load, names
from tests.project import PROJECT

FOLDER = PROJECT / ".github" / "workflows"
DEPLOY: dict[Any, Any] = yaml.safe_load((FOLDER / "deploy.yml").read_text())
WAVE: dict[Any, Any] = yaml.safe_load((FOLDER / "deploy-wave.yml").read_text())
JOBS = DEPLOY["jobs"]
WAVES = [job for name, job in JOBS.items() if name.startswith("wave-")]


def test_there_is_a_job_for_each_wave_of_every_environment() -> None:
    assert max(len(levels(load(name))) for name in names()) <= len(WAVES)


def test_an_environment_with_more_waves_than_jobs_is_an_error() -> None:
    (step,) = [step for step in JOBS["waves"]["steps"] if step.get("id") == "matrix"]

    assert step["env"]["JOBS"] == str(len(WAVES))
    assert '-gt "$JOBS"' in step["run"]
    assert "exit 1" in step["run"]


def test_a_wave_that_an_environment_does_not_have_is_skipped_and_one_after_a_failure_too() -> None:
    for place, job in enumerate(WAVES[1:], start=1):
        assert job["if"] == (
            f"${{{{ !failure() && !cancelled() && fromJSON(needs.waves.outputs.waves)[{place}] }}}}"
        )


def test_each_wave_runs_the_stacks_of_its_place_after_the_wave_before() -> None:
    for place, job in enumerate(WAVES):
        assert job["with"]["stacks"] == (
            f"${{{{ toJSON(fromJSON(needs.waves.outputs.waves)[{place}].stacks) }}}}"
        )
        assert job["needs"] == (["waves", f"wave-{place}"] if place else "waves")


def test_each_stack_of_a_wave_has_a_runner_of_its_own() -> None:
    up = WAVE["jobs"]["up"]

    assert up["strategy"]["matrix"] == {"stack": "${{ fromJSON(inputs.stacks) }}"}
    assert up["steps"][-1]["run"].startswith('pulumi up --stack "$STACK" --yes')


def test_status_comes_last() -> None:
    assert JOBS["status"]["needs"] == ["waves", f"wave-{len(WAVES)}"]
    assert JOBS["status"]["if"].startswith("${{ !failure() && !cancelled()")
    assert "cli status" in JOBS["status"]["steps"][-1]["run"]


def test_the_first_job_runs_a_command_that_exists() -> None:
    (step,) = [step for step in JOBS["waves"]["steps"] if step.get("id") == "matrix"]
    (command,) = re.findall(r"python -m linkmesh.cli (\w+)", step["run"])

    assert CliRunner().invoke(app, [command, "prod"]).exit_code == 0


def test_a_deployment_is_of_main_approved_once_and_not_cancelled_by_the_next() -> None:
    assert JOBS["waves"]["if"] == "github.ref == 'refs/heads/main'"
    assert JOBS["waves"]["environment"] == "${{ inputs.environment }}"
    assert DEPLOY["concurrency"]["cancel-in-progress"] is False


def test_it_is_started_by_hand_for_an_environment_that_has_a_file() -> None:
    # YAML 1.1 reads the key `on` as a truth value.
    assert set(DEPLOY[True]) == {"workflow_dispatch"}
    options = DEPLOY[True]["workflow_dispatch"]["inputs"]["environment"]["options"]
    assert set(options) <= {*names()}


def test_state_and_secrets_need_no_secret_of_github() -> None:
    for file in ("deploy.yml", "deploy-wave.yml"):
        assert "secrets." not in (FOLDER / file).read_text()
