"""Where the operator's pods find the program."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from linkmesh.cli.errors import PreconditionError
from linkmesh.cli.fleet.source import Source, source_of


def git(folder: Path, *arguments: str) -> str:
    """Run git as someone."""
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    done = subprocess.run(
        ["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Make a repository with one commit and a remote."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "Pulumi.yaml").write_text("name: linkmesh\n")
    git(tmp_path, "add", "Pulumi.yaml")
    git(tmp_path, "commit", "--quiet", "--message", "Begin")
    git(tmp_path, "remote", "add", "origin", "git@git.example:acme/mesh.git")
    return tmp_path


def found(folder: Path, **given: Any) -> Source:
    """Return the source of a folder."""
    return source_of(
        folder, **{"repository": None, "commit": None, "branch": None, "secret": "", **given}
    )


def test_without_options_it_is_the_commit_of_the_checkout(checkout: Path) -> None:
    assert found(checkout) == Source(
        repository="https://git.example/acme/mesh.git", commit=git(checkout, "rev-parse", "HEAD")
    )


def test_a_project_in_a_folder_of_its_repository_has_that_folder(checkout: Path) -> None:
    project = checkout / "infra" / "mesh"
    project.mkdir(parents=True)

    assert found(project).directory == "infra/mesh"
    assert found(checkout).directory == ""


def test_changes_without_a_commit_are_an_error(checkout: Path) -> None:
    (checkout / "Pulumi.yaml").write_text("name: other\n")

    with pytest.raises(PreconditionError, match=r"\(it has: Pulumi\.yaml\)"):
        found(checkout)


def test_files_that_git_does_not_know_are_no_changes(checkout: Path) -> None:
    (checkout / "notes").write_text("")

    assert found(checkout).commit


def test_a_branch_replaces_the_commit(checkout: Path) -> None:
    (checkout / "Pulumi.yaml").write_text("name: other\n")

    assert found(checkout, branch="main").branch == "main"
    assert not found(checkout, branch="main").commit


def test_commit_and_branch_are_not_combined(checkout: Path) -> None:
    with pytest.raises(PreconditionError, match="must not be combined"):
        found(checkout, commit="abc", branch="main")


def test_a_token_in_the_address_is_left_out(checkout: Path) -> None:
    address = "https://user:token@git.example/acme/mesh"

    assert found(checkout, repository=address).repository == "https://git.example/acme/mesh"


def test_a_folder_that_is_no_checkout_needs_options(tmp_path: Path) -> None:
    with pytest.raises(PreconditionError, match="Use: --repository URL"):
        found(tmp_path)

    given = found(tmp_path, repository="https://git.example/mesh", commit="a" * 40)
    assert given.commit == "a" * 40


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({"commit": "abc"}, "--commit"),
        ({"commit": "HEAD"}, "--commit"),
        ({"commit": ""}, "--commit"),
        ({"branch": ""}, "--branch"),
        ({"branch": "-x"}, "--branch"),
        ({"branch": "a..b"}, "--branch"),
        ({"branch": "a b"}, "--branch"),
        ({"branch": "main", "repository": ""}, "--repository"),
        ({"branch": "main", "repository": "mesh"}, "--repository"),
        ({"branch": "main", "repository": "file:///mesh"}, "--repository"),
        ({"branch": "main", "secret": "My_Secret"}, "--git-secret"),
    ],
)
def test_what_the_operator_cannot_use_is_an_error(
    checkout: Path, given: dict[str, str], option: str
) -> None:
    with pytest.raises(PreconditionError, match=f"{option} must be") as error:
        found(checkout, **given)

    assert repr([*given.values()][-1]) in str(error.value)


@pytest.mark.parametrize("branch", ["main", "feature/a-b", "v1.2"])
def test_a_branch_is_called_as_git_calls_it(checkout: Path, branch: str) -> None:
    assert found(checkout, branch=branch).branch == branch
