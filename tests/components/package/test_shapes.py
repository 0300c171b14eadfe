"""Shapes of values, and what has none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pytest

from linkmesh.linkerd.identity.external_certificates import ExternalTrustAnchor
from linkmesh.linkerd.installation.gateway_args import NodePortGateway
from linkmesh.package.shapes import Entries, Items, Record, Scalar, properties_of, record_of


@dataclass(frozen=True)
class Mixed:
    """Something with fields of most kinds."""

    name: str
    ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    labels: Mapping[int, str] | None = None


@dataclass(frozen=True)
class Unshaped:
    """Something that no other language has."""

    either: int | bytes


def test_annotations_give_shapes() -> None:
    name, ids, labels = properties_of(Mixed)

    assert (name.shape, name.is_input, name.is_required) == (Scalar("string"), False, True)
    assert (ids.shape, ids.is_input, ids.is_required) == (Items(Scalar("string")), True, True)
    assert labels.shape == Entries(int, Scalar("string"))
    assert not labels.is_required


def test_a_record_whose_fields_are_all_inputs_may_be_one() -> None:
    assert record_of(ExternalTrustAnchor).takes_inputs


def test_a_record_with_some_inputs_is_plain_as_a_whole() -> None:
    shape = record_of(NodePortGateway)

    assert isinstance(shape, Record)
    assert [each.is_input for each in shape.properties] == [False, False, False]


def test_what_has_no_shape_is_an_error_that_names_the_field() -> None:
    with pytest.raises(TypeError, match=r"Unshaped\.either has no shape in other languages"):
        properties_of(Unshaped)
