"""Settings of stacks that no program reads are errors, before anything is deployed."""

from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest
import yaml

from linkmesh.stacks import deploy
from linkmesh.stacks.errors import LoadError
from linkmesh.stacks.stack_settings import check_settings
from tests import engine

Set = Callable[[str, str], None]
"""Sets a setting of a stack of `demo`, by its part."""


@pytest.fixture
def set_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Set:
    """Make a project, and return how to set something."""
    (tmp_path / "Pulumi.yaml").touch()
    monkeypatch.chdir(tmp_path)

    def setting(part: str, key: str) -> None:
        text = yaml.safe_dump({"encryptionsalt": "v1:", "config": {key: "value"}})
        (tmp_path / f"Pulumi.demo.{part}.yaml").write_text(text)

    return setting


@pytest.mark.parametrize(
    ("part", "key"),
    [
        *(("trust", "linkmesh:anchorCertificate"), ("trust", "linkmesh:anchorKey-2")),
        *(("trust", "linkmesh:anchorCertificate-11"), ("trust", "linkmesh:trustState")),
        *(("trust", "linkmesh:rotation"), ("west", "linkmesh:kubeconfig")),
        *(("west", "linkmesh:tokenGenerations"), ("west", "linkmesh:charts")),
        *(("links.west", "linkmesh:awsCharts"), ("network", "linkmesh:chartValues")),
        *(("west", "aws:region"), ("west", "pulumi:disable-default-providers")),
    ],
)
def test_what_a_program_reads_is_no_error_and_neither_is_what_others_read(
    set_: Set, part: str, key: str
) -> None:
    set_(part, key)

    check_settings("demo", ["trust", "network", "west", "links.west"])


@pytest.mark.parametrize(
    ("part", "key", "use"),
    [
        ("trust", "linkmesh:anchorCertficate", "Use: the name linkmesh:anchorCertificate, or "),
        ("trust", "linkmesh:anchorCertificate-1", "Use: the name linkmesh:anchorCertificate, or "),
        ("west", "linkmesh:kubeConfig", "Use: the name linkmesh:kubeconfig, or "),
        ("west", "linkmesh:anchorKey", "Use: "),
        ("trust", "linkmesh:kubeconfig", "Use: "),
        ("links.west", "linkmesh:tokenGenerations", "Use: "),
        ("west", "linkmesh:tokenGenerations-2", "Use: the name linkmesh:tokenGenerations, or "),
        ("apps.west", "linkmesh:", "Use: "),
    ],
)
def test_what_no_program_reads_there_is_an_error_that_says_what_to_do(
    set_: Set, part: str, key: str, use: str
) -> None:
    set_(part, key)

    with pytest.raises(LoadError) as error:
        check_settings("demo", [part])

    problem = str(error.value)
    assert problem.startswith(f"setting {key} of stack demo.{part} must be one that its program")
    assert problem.endswith(f"{use}pulumi config rm {key} --stack demo.{part}")


def test_values_of_settings_are_in_no_message(set_: Set) -> None:
    set_("trust", "linkmesh:anchorKeys")

    with pytest.raises(LoadError) as error:
        check_settings("demo", ["trust"])

    assert "value" not in str(error.value)


def test_a_program_does_not_begin_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str, parts: list[str]) -> None:
        raise LoadError(f"{name}: {parts}")

    monkeypatch.setattr("linkmesh.stacks.check_settings", fail)

    with pytest.raises(pulumi.RunError, match=r"demo: \['trust'\]"):
        engine.run(deploy, stack="demo.trust")
