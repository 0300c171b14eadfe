"""Arguments of components: those of a wrong type are named, with the type and the value."""

from contextlib import suppress
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

import pulumi
import pytest

import linkmesh
from tests import engine

JUNK: list[Any] = [None, "x", "", 3, -1, 3.5, True, [], ["x"], {"a": 1}, float("nan")]

# What components make themselves, and what has no arguments to compare.
MADE = {"MeshCluster", "Plan", "GatewayEndpoint", "MulticlusterInstallation"}
CLASSES = {
    name: each
    for name in linkmesh.__all__
    if name not in MADE and is_dataclass(each := getattr(linkmesh, name))
}


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_a_value_of_any_type_is_taken_or_named(name: str, junk: Any) -> None:
    described: Any = CLASSES[name]
    given = [each for each in fields(described) if each.init]
    for each in given:
        others = {
            other.name: "x"
            for other in given
            if other.default is MISSING and other.default_factory is MISSING
        }
        # Anything else would be a traceback in a program.
        with suppress(ValueError):
            described(**{**others, each.name: junk})


def test_a_problem_names_the_argument_its_type_and_the_way_out() -> None:
    with pytest.raises(ValueError, match="workers") as error:
        linkmesh.KindClusterArgs(workers="3")  # type: ignore[arg-type]

    assert str(error.value) == (
        "workers of KindClusterArgs(...) must be a whole number (got '3'). Use: workers=3"
    )


def test_an_output_may_be_given_where_an_input_is_meant() -> None:
    def program() -> None:
        address = pulumi.Output.from_input("192.0.2.10")
        ports = linkmesh.NodePortGateway(address=address, port=30143, probe_port=30191)
        pulumi.export("is_same", ports.address is address)

    assert engine.run(program).outputs == {"is_same": True}


def test_bytes_which_may_be_a_key_are_not_shown() -> None:
    with pytest.raises(ValueError, match="kubeconfig") as error:
        linkmesh.ExistingClusterArgs(kubeconfig=b"hush")  # type: ignore[arg-type]

    assert str(error.value).startswith(
        "kubeconfig of ExistingClusterArgs(...) must be text or an Output (got bytes)."
    )
