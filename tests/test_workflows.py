"""CI runs the commands of a laptop, and every action of a workflow is pinned."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.project import PROJECT

WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
MAKEFILE = (PROJECT / "Makefile").read_text()

# The one action whose commit we could not check.
PINNED_BY_TAG = {"pulumi/actions"}


def steps(workflow: Path) -> list[dict[str, Any]]:
    """Read all steps of all jobs."""
    jobs = yaml.safe_load(workflow.read_text())["jobs"].values()
    return [step for job in jobs for step in job.get("steps", ())]


def test_ci_runs_what_runs_on_a_laptop() -> None:
    runs = [step["run"] for step in steps(PROJECT / ".github/workflows/ci.yml") if "run" in step]

    assert runs == ["make check", "make test"]
    assert "exec make check test" in (PROJECT / ".ci" / "run").read_text()


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_actions_are_pinned_by_their_commit(workflow: Path) -> None:
    used = [step["uses"].partition("@") for step in steps(workflow) if "uses" in step]

    loose = {name for name, _, version in used if not re.fullmatch("[0-9a-f]{40}", version)}
    assert loose <= PINNED_BY_TAG


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_a_workflow_has_no_rights_but_those_that_its_jobs_name(workflow: Path) -> None:
    assert yaml.safe_load(workflow.read_text())["permissions"] in ({}, {"contents": "read"})


def test_go_has_one_version() -> None:
    modules = sorted((PROJECT / "sandbox" / "toolchain").glob("*/go.mod"))
    needed = {re.findall(r"^go (\d+\.\d+)", file.read_text(), re.MULTILINE)[0] for file in modules}
    container = (PROJECT / ".devcontainer" / "devcontainer.json").read_text()
    described = json.loads(re.sub(r"^\s*//.*$", "", container, flags=re.MULTILINE))

    assert {described["features"]["ghcr.io/devcontainers/features/go:1"]["version"]} == needed
    for workflow in WORKFLOWS:
        for step in steps(workflow):
            file = step.get("with", {}).get("go-version-file")
            assert file is None or PROJECT / file in modules


def test_hooks_run_targets_of_make_that_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    hooks = (PROJECT / ".pre-commit-config.yaml").read_text()
    named = re.findall(r"entry: make ([a-z ]+)$", hooks, re.MULTILINE)

    assert named
    assert {target for line in named for target in line.split()} <= targets
