"""
Kubeconfig files keep the user's other entries, and are locked as kind locks them.
"""

from pathlib import Path

import pytest
import yaml

from sandbox.plugins.contract import Failed
from sandbox.plugins.kubeconfig_files import merge_into, named_as_kind_does, remove_from


def kubeconfig(name: str) -> str:
    text = yaml.safe_dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "x",
            "clusters": [{"name": "x", "cluster": {"server": f"https://{name}"}}],
            "users": [{"name": "x", "user": {"client-key-data": "a2V5"}}],
            "contexts": [{"name": "x", "context": {"cluster": "x", "user": "x"}}],
        }
    )
    return named_as_kind_does(text, name)


def contexts(path: Path) -> list[str]:
    return [each["name"] for each in yaml.safe_load(path.read_text())["contexts"]]


def test_entries_are_named_as_kind_names_them() -> None:
    config = yaml.safe_load(kubeconfig("west"))

    assert config["current-context"] == "kind-west"
    assert config["contexts"] == [
        {"name": "kind-west", "context": {"cluster": "kind-west", "user": "kind-west"}}
    ]
    assert config["clusters"][0] == {"name": "kind-west", "cluster": {"server": "https://west"}}


def test_a_file_holds_many_clusters_and_loses_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "config"
    for name in ("west", "east", "west"):
        merge_into(str(path), kubeconfig(name))
    together = contexts(path)

    remove_from(str(path), "west")
    remove_from(str(path), "never-there")

    assert together == ["kind-east", "kind-west"]
    assert contexts(path) == ["kind-east"]
    assert yaml.safe_load(path.read_text())["current-context"] == ""
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["config"]


def test_a_locked_file_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "config.lock").touch()

    with pytest.raises(Failed) as failed:
        merge_into(str(tmp_path / "config"), kubeconfig("west"))

    lock = tmp_path / "config.lock"
    assert str(failed.value) == f"failed to lock config file: open {lock}: File exists"
