"""Stacks of an environment that `mesh` creates have one salt, so that their key is derived once."""

from pathlib import Path

import pytest
import yaml

from linkmesh.cli.runs.salts import give_salt, shared_salt

SALT = "v1:KJ9jKue/+9M=:v1:XJ+PEq4IMyiK5mrm:k1GxNgdleQBj"


def settings(folder: Path, stack: str, **fields: str) -> Path:
    """Write a stack's settings file."""
    file = folder / f"Pulumi.{stack}.yaml"
    file.write_text(yaml.safe_dump(fields))
    return file


def test_a_new_stack_has_the_salt_of_its_environment(tmp_path: Path) -> None:
    settings(tmp_path, "demo.trust", encryptionsalt=SALT)

    give_salt(tmp_path, "demo.west")

    assert yaml.safe_load((tmp_path / "Pulumi.demo.west.yaml").read_text()) == {
        "encryptionsalt": SALT
    }


def test_the_first_stack_of_an_environment_has_a_salt_of_its_own(tmp_path: Path) -> None:
    settings(tmp_path, "demonstration.trust", encryptionsalt=SALT)
    settings(tmp_path, "dev.trust", encryptionsalt=SALT)

    give_salt(tmp_path, "demo.trust")

    assert not (tmp_path / "Pulumi.demo.trust.yaml").exists()


def test_settings_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    settings(tmp_path, "demo.trust", encryptionsalt=SALT)
    file = settings(tmp_path, "demo.west", secretsprovider="awskms://alias/mesh")
    before = file.read_text()

    give_salt(tmp_path, "demo.west")

    assert file.read_text() == before


@pytest.mark.parametrize("broken", ["a: [", "- a list", ""])
def test_settings_without_a_salt_are_passed_over(tmp_path: Path, broken: str) -> None:
    (tmp_path / "Pulumi.demo.east.yaml").write_text(broken)
    settings(tmp_path, "demo.links", secretsprovider="awskms://alias/mesh")
    assert shared_salt(tmp_path, "demo") is None

    settings(tmp_path, "demo.west", encryptionsalt=SALT)
    assert shared_salt(tmp_path, "demo") == SALT
