"""What `mesh operator` prints and writes."""

from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from linkmesh.cli.__main__ import app

GIVEN = ("--repository", "https://git.example/acme/mesh", "--commit", "a" * 40)


@pytest.fixture(autouse=True)
def _backend(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a state in S3 with a key of KMS."""
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://states?region=eu-west-1")
    monkeypatch.setenv("LINKMESH_SECRETS_PROVIDER", "awskms://alias/mesh?region=eu-west-1")


def operator(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(app, ["operator", *arguments])


def test_without_a_folder_all_resources_are_printed() -> None:
    printed = [*yaml.safe_load_all(operator("prod", *GIVEN).stdout)]

    assert [each["kind"] for each in printed] == [
        *("Namespace", "ServiceAccount", "ClusterRoleBinding"),
        *["Stack"] * 10,
    ]


def test_a_folder_gets_a_file_for_each_resource_and_a_kustomization(tmp_path: Path) -> None:
    done = operator("prod", "--out", str(tmp_path / "prod"), *GIVEN)
    kustomization = yaml.safe_load((tmp_path / "prod" / "kustomization.yaml").read_text())

    assert (done.exit_code, done.output) == (0, "")
    assert {path.name for path in (tmp_path / "prod").iterdir()} == {
        *kustomization["resources"],
        "kustomization.yaml",
    }


def test_the_same_environment_gives_the_same_files(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        operator("prod", "--out", str(tmp_path / folder), *GIVEN)

    for path in (tmp_path / "one").iterdir():
        assert path.read_text() == (tmp_path / "two" / path.name).read_text()
        assert "&id" not in path.read_text()


def test_a_file_of_a_stack_that_is_gone_is_named_and_stays(tmp_path: Path) -> None:
    gone = tmp_path / "stack-north.yaml"
    gone.write_text("")

    done = operator("prod", "--out", str(tmp_path), *GIVEN)

    assert "mesh up prod --prune" in done.output
    assert str(gone) in done.stderr
    assert gone.exists()


def test_what_an_operator_cannot_run_is_a_message(tmp_path: Path) -> None:
    done = operator("demo", "--out", str(tmp_path / "demo"), *GIVEN)

    assert done.exit_code == 2
    assert done.stderr.startswith("cluster 'local' must be reachable")
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("--namespace", "Bad_NS"), ("--namespace", ""), ("--role", "web")),
        ("--role", "arn:aws:iam::1:role/web"),
    ],
)
def test_a_place_that_cannot_be_is_an_error(option: str, value: str) -> None:
    done = operator("prod", *GIVEN, option, value)

    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{option} must be " in done.stderr


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = operator("prod", *GIVEN, "--out", str(tmp_path / "file" / "prod"))

    assert done.exit_code == 2
    assert done.stderr.startswith("--out must name a folder that can be written (got ")
