"""A stack's name says what is deployed; what cannot be is reported in one message."""

from pathlib import Path

import pulumi
import pytest

from linkmesh.stacks import deploy, environments, load
from linkmesh.stacks.errors import LoadError
from tests import engine


def test_a_stack_without_an_environment_is_an_error() -> None:
    with pytest.raises(pulumi.RunError) as error:
        engine.run(deploy, stack="nowhere.west")

    assert str(error.value) == (
        "environment 'nowhere' must have a file stacks/environments/nowhere.py (it has none). "
        "Use: bluegreen, demo, dev, five, hybrid, laptop, prod"
    )


@pytest.mark.parametrize("name", ["", "no-name", "../demo", "os.path"])
def test_a_name_that_can_be_no_file_is_an_error(name: str) -> None:
    with pytest.raises(LoadError) as error:
        load(name)

    assert str(error.value).startswith(f"environment {name!r} must have a ")


@pytest.mark.parametrize(
    ("stack", "part"),
    [("demo.north", "north"), ("demo.links.east", "links.east"), ("demo", "")],
)
def test_a_stack_of_no_part_is_an_error(stack: str, part: str) -> None:
    with pytest.raises(pulumi.RunError) as error:
        engine.run(deploy, stack=stack)

    assert str(error.value) == (
        f"stack '{stack}' must be named <environment>.<part>, with one of the parts trust, "
        f"network, local, west, east, links.local, links.west, apps.local, apps.west, apps.east "
        f"(got {part!r}). Use: pulumi stack select demo.trust"
    )


def test_all_problems_of_a_description_are_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.py").write_text(
        "from linkmesh.environment import Environment, Kind\n"
        'ENVIRONMENT = Environment(clusters=[Kind("apps", workers=1)])\n'
    )
    monkeypatch.setattr(environments, "__path__", [*environments.__path__, str(tmp_path)])

    with pytest.raises(LoadError) as error:
        load("broken")

    first, *problems = str(error.value).splitlines()
    assert first == "environment 'broken' cannot be deployed:"
    assert [problem[:30] for problem in problems] == [
        "  name of a cluster must not b",
        "  cluster 'apps': workers must",
    ]
