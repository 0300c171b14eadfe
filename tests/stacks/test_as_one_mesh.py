"""
The same description as stacks and as one `Mesh`: both register the same objects.

The stacks run one after another, each with what those before it have really exported.
"""

import dataclasses
import functools
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from linkmesh.composition.args import MeshArgs
from linkmesh.composition.member import Member
from linkmesh.composition.mesh import Mesh
from linkmesh.environment import (
    Alias,
    Environment,
    Existing,
    Export,
    Injection,
    Linkerd,
    LinkMode,
    Plan,
    Route,
    TrustState,
    Unmeshed,
    mesh,
)
from linkmesh.stacks import _deploy, environments, load
from tests import engine
from tests.components.environment.described import on_aws, planned

# What the checked-in ones do not have: links both ways, every mode, chosen sources, a rotation
# under way, a cluster that is upgraded before the others.
UNUSUAL = planned(
    on_aws("a", block=10),
    on_aws("b", block=20, region="eu-west-3", flow_log_retention_days=30),
    on_aws("c", block=30),
    links=mesh("a", "b", "c"),
    exports=[
        Export("api", namespace="shop", of="a", mode=LinkMode.FEDERATED),
        Export("api", namespace="shop", of="b", mode=LinkMode.FEDERATED),
        Export("api", namespace="shop", of="c", to=["a"], mode=LinkMode.FEDERATED),
        Export("db", namespace="data", of="b", to=["a"], mode=LinkMode.FLAT),
        Export("old", namespace="data", of="b", to=["a"]),
        Export("web", namespace="shop", of="b"),
        Export("web", namespace="shop", of="c", to=["a"]),
    ],
    routes=[Route("web", namespace="shop", on="a", port=80, weights={"b": 1, "c": 1})],
    aliases=[Alias("old", namespace="data", on="a", of="b", port=80)],
    linkerd=Linkerd(cni=True, allows_check=True),
    injection=Injection.PER_DEPLOYMENT,
    unmeshed=[Unmeshed(namespace="data", workload="db", why="speaks first")],
    trust=TrustState(anchors=(1, 2), signing=2, issuers=2),
    token_generations=(1, 2),
)
DESCRIBED: dict[str, Plan] = {
    **{each.name: load(each.name) for each in pkgutil.iter_modules(environments.__path__)},
    "unusual": UNUSUAL,
}

# How a part finds what another one made: a mesh has it at hand.
REFERENCE = "pulumi:pulumi:StackReference"
STAND_INS = {"linkmesh:index:ExistingCluster", "pulumi:providers:kubernetes"}


@pytest.fixture(autouse=True, scope="module")
def _existing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give clusters that exist a kubeconfig, as their operators do."""
    path: Path = tmp_path_factory.mktemp("existing") / "kubeconfig"
    path.write_text(engine.KUBECONFIG)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LINKMESH_KUBECONFIG_ONPREM", str(path))
        yield


def readable(value: Any) -> Any:
    """Return a value without the marks of secrets, of which a stack output has one as a whole."""
    if isinstance(value, engine.Secret):
        return readable(value.value)
    if isinstance(value, dict):
        return {key: readable(item) for key, item in value.items()}
    return [readable(item) for item in value] if isinstance(value, list) else value


def has_secret(value: Any) -> bool:
    """Return whether a part of a value is a secret."""
    return bool(value != readable(value))


def exported(outputs: dict[str, Any]) -> dict[str, Any]:
    """Return outputs as another stack reads them: each plain, or a secret as a whole."""
    return {
        key: engine.Secret(readable(value)) if has_secret(value) else value
        for key, value in outputs.items()
    }


@functools.cache
def as_stacks(name: str) -> list[engine.Noted]:
    """Deploy every part, in order."""
    outputs: dict[str, dict[str, Any]] = {}
    resources = []
    plan = DESCRIBED[name]
    for part in plan.parts:
        notes = engine.run(
            functools.partial(_deploy, name, plan, part), stack=f"{name}.{part}", stacks=outputs
        )
        outputs[f"organization/linkmesh/{name}.{part}"] = exported(notes.outputs)
        leaves_out = {REFERENCE} if part in plan.names else {REFERENCE, *STAND_INS}
        resources += [noted for noted in notes.resources if noted.type not in leaves_out]
    return resources


def arguments(described: Environment) -> MeshArgs:
    """Make the arguments of the mesh of a description: only clusters that exist differ."""
    given = {each.name: getattr(described, each.name) for each in dataclasses.fields(Environment)}
    clusters = [
        Member(one.name, kubeconfig=engine.KUBECONFIG, egress=one.egress)
        if isinstance(one, Existing)
        else one
        for one in described.clusters
    ]
    return MeshArgs(**{**given, "clusters": clusters})


@functools.cache
def as_mesh(name: str) -> engine.Notes:
    """Deploy the environment in one program."""
    args = arguments(DESCRIBED[name].environment)

    def program() -> None:
        Mesh(name, args)

    return engine.run(program, stack=name)


def objects(resources: list[engine.Noted]) -> list[tuple[Any, ...]]:
    """Return what there is, sorted; the provider stands for the cluster or the region."""
    return sorted(
        (
            (
                noted.type,
                noted.name,
                noted.provider.split("::")[-2] if noted.provider else "",
                noted.protected,
                noted.retained,
                noted.deletes_first,
                noted.replace_on,
                readable(noted.inputs),
            )
            for noted in resources
        ),
        key=lambda each: each[:2],
    )


@pytest.mark.parametrize("name", DESCRIBED)
def test_both_ways_register_the_same_objects_on_the_same_clusters(name: str) -> None:
    one = [noted for noted in as_mesh(name).resources if noted.type != "linkmesh:index:Mesh"]

    assert objects(one) == objects(as_stacks(name))
    assert len(one) > 100


@pytest.mark.parametrize("name", DESCRIBED)
def test_nothing_of_a_mesh_is_outside_of_it(name: str) -> None:
    mesh, *others = as_mesh(name).resources

    assert mesh.type == "linkmesh:index:Mesh"
    assert [each.name for each in others if "linkmesh:index:" not in each.parent] == []


@pytest.mark.parametrize("name", DESCRIBED)
def test_no_key_token_or_kubeconfig_of_a_mesh_can_be_read(name: str) -> None:
    notes = as_mesh(name)
    inputs = [noted.inputs for noted in notes.resources]
    marks = ("KEY", "PKCS8", "TOKEN", "client-key-data", "kind: Config")

    shown = engine.open_texts([inputs, notes.outputs, notes.components])
    assert [text for text in shown if any(mark in text for mark in marks)] == []


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_new_mesh_can_be_previewed_before_anything_exists(name: str) -> None:
    args = arguments(DESCRIBED[name].environment)

    def program() -> None:
        Mesh(name, args)

    previewed = engine.run(program, stack=name, preview=True)

    assert {(each.type, each.name) for each in previewed.resources} == {
        (each.type, each.name) for each in as_mesh(name).resources
    }
