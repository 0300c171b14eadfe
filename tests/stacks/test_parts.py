"""Every part of every checked-in environment is deployed, on the note-taking engine."""

import functools
import pkgutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkmesh.stacks import deploy, environments, load
from linkmesh.stacks.snapshot import stack_record
from tests import engine
from tests.stacks.contracts import exported

PLANS = {module.name: load(module.name) for module in pkgutil.iter_modules(environments.__path__)}
PARTS = [(name, part) for name, plan in PLANS.items() for part in plan.parts]


@pytest.fixture(autouse=True, scope="module")
def _existing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give clusters that exist a kubeconfig, as their operators do."""
    path: Path = tmp_path_factory.mktemp("existing") / "kubeconfig"
    path.write_text(engine.KUBECONFIG)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LINKMESH_KUBECONFIG_ONPREM", str(path))
        yield


def deployed_now(name: str, part: str) -> engine.Notes:
    """Deploy one part of a checked-in environment, all others being there."""
    stacks = exported(name, PLANS[name])
    return engine.run(deploy, stack=f"{name}.{part}", stacks=stacks)


@functools.cache
def deployed(name: str, part: str) -> engine.Notes:
    """Deploy one part of a checked-in environment, once for all tests."""
    return deployed_now(name, part)


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_every_resource_has_a_component_as_parent(name: str, part: str) -> None:
    notes = deployed(name, part)

    # The provider of a region has no component as parent: all networks there use it.
    orphans = [
        noted.name
        for noted in notes.resources
        if noted.custom
        and noted.type != "pulumi:providers:aws"
        and "$linkmesh:index:" not in noted.parent
    ]
    assert orphans == []


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_every_kubernetes_resource_has_the_provider_of_a_cluster(name: str, part: str) -> None:
    notes = deployed(name, part)

    stray = [
        noted.name
        for noted in notes.resources
        if noted.type.startswith("kubernetes:") and "-kubernetes::" not in noted.provider
    ]
    assert stray == []


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_the_same_description_gives_the_same_resources_with_the_network_cut(
    name: str, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*address: object) -> None:
        raise AssertionError(f"a program must not look anything up (it asks {address})")

    first = deployed(name, part)
    for way in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, way, cut)
    monkeypatch.setattr(socket, "getaddrinfo", cut)
    second = deployed_now(name, part)

    def key(noted: engine.Noted) -> tuple[str, str]:
        return noted.type, noted.name

    assert sorted(first.resources, key=key) == sorted(second.resources, key=key)
    assert first.resources or part == "network"


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_a_new_environment_can_be_previewed_before_anything_exists(name: str, part: str) -> None:
    nothing: dict[str, dict[str, str]] = {stack: {} for stack in exported(name, PLANS[name])}

    notes = engine.run(deploy, stack=f"{name}.{part}", stacks=nothing, preview=True)

    assert {noted.type for noted in notes.resources} == {
        noted.type for noted in deployed(name, part).resources
    }


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_no_key_token_or_kubeconfig_can_be_read_in_state_or_outputs(name: str, part: str) -> None:
    notes = deployed(name, part)
    inputs = [noted.inputs for noted in notes.resources]
    marks = ("KEY", "PKCS8", "TOKEN", "token of", "client-key-data", "kind: Config")

    shown = engine.open_texts([inputs, notes.outputs, notes.components])
    assert [text for text in shown if any(mark in text for mark in marks)] == []


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_every_stack_exports_a_record_of_what_it_was_deployed_from(name: str, part: str) -> None:
    assert deployed(name, part).outputs["description"] == stack_record(PLANS[name], part)
