"""A machine that lacks something, with the genuine `pulumi`: one message, and no traceback."""

from collections.abc import Mapping

import pytest

from tests.environments.conftest import Sandbox, run

pytestmark = pytest.mark.sandbox(passphrase=True)


@pytest.mark.parametrize("command", ["status", "up"])
@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"PULUMI_BACKEND_URL": "", "PULUMI_HOME": "nobody"}, "Pulumi must be logged in"),
        ({"PULUMI_BACKEND_URL": "file:///nowhere"}, "the folder of PULUMI_BACKEND_URL must exist"),
    ],
)
def test_a_machine_without_a_backend_is_told_so(
    sandbox: Sandbox, command: str, changed: Mapping[str, str], told: str
) -> None:
    code, printed = mesh(sandbox, command, changed)

    assert code == 2, printed
    assert told in printed
    assert "Traceback" not in printed


def test_a_new_stack_needs_a_passphrase(sandbox: Sandbox) -> None:
    without = {"PULUMI_CONFIG_PASSPHRASE": None, "PULUMI_CONFIG_PASSPHRASE_FILE": None}
    code, printed = mesh(sandbox, "up", without)

    assert code == 2, printed
    assert "the passphrase of new stacks must be set" in printed
    assert "Traceback" not in printed


def test_another_passphrase_is_not_that_of_the_stacks(sandbox: Sandbox) -> None:
    sandbox.pulumi("stack", "init", "laptop.trust")
    code, printed = mesh(sandbox, "preview", {"PULUMI_CONFIG_PASSPHRASE": "another"}, "laptop")

    # Known before any stack is begun: new stacks get the key of those that are there.
    assert code == 2, printed
    assert "the passphrase must be the one that the stack was created with" in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize("command", ["status", "up"])
def test_a_state_that_is_cut_off_is_named(sandbox: Sandbox, command: str) -> None:
    sandbox.pulumi("stack", "init", f"{command}.front")
    sandbox.described(command).write_text(sandbox.described("laptop").read_text())
    [file] = sandbox.home.root.rglob(f"{command}.front.json")
    whole = file.read_text()
    file.write_text(whole[:20])
    code, printed = mesh(sandbox, command, {}, command)
    file.write_text(whole)

    assert code == 2, printed
    assert "the state of each stack must be whole" in printed
    assert "Traceback" not in printed


def mesh(
    sandbox: Sandbox, command: str, changed: Mapping[str, str | None], name: str = "demo"
) -> tuple[int, str]:
    """Run a command with other environment variables; return its exit code and its output."""
    variables = {**sandbox.variables, **changed}
    done = run(
        *("python", "-m", "linkmesh.cli", command, name),
        folder=sandbox.project,
        variables={key: value for key, value in variables.items() if value is not None},
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
