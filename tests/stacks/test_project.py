"""The project is the nearest folder with a Pulumi.yaml, and its descriptions are in it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkmesh.stacks import load
from linkmesh.stacks.errors import LoadError
from linkmesh.stacks.project import descriptions, descriptions_folder, project_folder
from tests.project import PROJECT

DESCRIPTION = """
from linkmesh import Environment, Kind

ENVIRONMENT = Environment(clusters=[Kind("{cluster}")])
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Make a project of one's own, and work in it."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\n")
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "demo.py").write_text(DESCRIPTION.format(cluster="store"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield tmp_path
    for name in [each for each in sys.modules if each.partition(".")[0] == "environments"]:
        del sys.modules[name]


def test_a_description_of_the_project_is_loaded(project: Path) -> None:
    assert load("demo").parts[2] == "store"
    assert descriptions().__path__ == [str(project / "environments")]


def test_it_is_loaded_from_any_folder_of_the_project(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = project / "docs" / "pages"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)

    assert project_folder() == project
    assert load("demo").parts[2] == "store"


def test_descriptions_may_import_modules_of_the_project_and_of_their_folder(project: Path) -> None:
    (project / "company.py").write_text('NAME = "berlin"\n')
    (project / "environments" / "shared.py").write_text("from company import NAME as NAME\n")
    (project / "environments" / "other.py").write_text(
        "from .shared import NAME\n" + DESCRIPTION.replace('"{cluster}"', "NAME")
    )

    assert load("other").parts[2] == "berlin"


def test_another_project_has_other_descriptions(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load("demo")
    other = tmp_path / "other"
    (other / "environments").mkdir(parents=True)
    (other / "Pulumi.yaml").write_text("name: other\n")
    (other / "environments" / "demo.py").write_text(DESCRIPTION.format(cluster="depot"))
    monkeypatch.chdir(other)

    assert load("demo").parts[2] == "depot"


def test_a_missing_description_names_the_folder_of_the_project(project: Path) -> None:
    with pytest.raises(LoadError, match=r"must have a file environments/nowhere\.py"):
        load("nowhere")


def test_this_repository_has_its_descriptions_among_the_stacks() -> None:
    assert project_folder() == PROJECT
    assert descriptions_folder() == Path("stacks", "environments")
    assert descriptions().__name__ == "linkmesh.stacks.environments"


def test_outside_of_a_project_the_message_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(LoadError) as error:
        project_folder()

    assert str(error.value) == (
        f"mesh must run in a project: a folder with Pulumi.yaml, or one below it (got {tmp_path}). "
        "Use: cd to your project, or make one with: mesh new DIRECTORY"
    )


def test_a_project_of_something_else_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: other\n")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(LoadError) as error:
        load("demo")

    assert str(error.value) == (
        f"project {tmp_path} must have a folder environments with descriptions (it has none). "
        "Use: cd to a project of linkmesh, or make one with: mesh new DIRECTORY"
    )
