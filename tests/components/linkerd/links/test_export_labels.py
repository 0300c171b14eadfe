"""Labels of exported services, and the selectors of links that choose them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkmesh.linkerd.labels import EXPORTED, FEDERATED
from linkmesh.linkerd.links.export_labels import (
    KEYS,
    label_problem,
    label_value,
    labels,
    local_selector,
    selector,
)
from linkmesh.linkerd.mode import LinkMode

CLUSTERS = st.sets(st.sampled_from(["a", "b", "c", "east", "west", "true", "member"]), min_size=1)
MODES = st.sampled_from(list(LinkMode))


@pytest.mark.parametrize(
    ("mode", "key", "value"),
    [
        (LinkMode.GATEWAY, EXPORTED, "true"),
        (LinkMode.FLAT, EXPORTED, "remote-discovery"),
        (LinkMode.FEDERATED, FEDERATED, "member"),
    ],
)
def test_an_export_for_all_has_linkerds_own_label(mode: LinkMode, key: str, value: str) -> None:
    assert labels(mode, of="east", sources=None) == {key: value}


@pytest.mark.parametrize(
    ("mode", "value"),
    [
        (LinkMode.GATEWAY, "to.local.west"),
        (LinkMode.FLAT, "flat.local.west"),
        (LinkMode.FEDERATED, "to.east.local.west"),
    ],
)
def test_chosen_sources_are_spelt_out_and_a_federated_services_own_cluster_too(
    mode: LinkMode, value: str
) -> None:
    assert label_value(mode, of="east", sources=["west", "local"]) == value


def test_a_link_without_chosen_exports_has_linkerds_own_selector() -> None:
    assert selector(LinkMode.FLAT, []) == {
        "matchLabels": {"mirror.linkerd.io/exported": "remote-discovery"}
    }


def test_a_link_selects_linkerds_own_value_as_well_as_those_of_chosen_exports() -> None:
    assert selector(LinkMode.GATEWAY, ["to.west", "to.local.west"]) == {
        "matchExpressions": [
            {
                "key": "mirror.linkerd.io/exported",
                "operator": "In",
                "values": ["to.local.west", "to.west", "true"],
            }
        ]
    }


@given(MODES, MODES, CLUSTERS, CLUSTERS)
def test_a_value_contains_its_mode_and_sources_only(
    mode: LinkMode, other: LinkMode, some: set[str], others: set[str]
) -> None:
    first = (KEYS[mode], label_value(mode, of="a", sources=some))
    second = (KEYS[other], label_value(other, of="a", sources=others))
    own = {"a"} if mode is LinkMode.FEDERATED else set()

    assert (first == second) == (mode == other and some | own == others | own)


def test_a_cluster_joins_its_own_members_as_the_chart_does() -> None:
    assert local_selector([]) == "mirror.linkerd.io/federated=member"


def test_a_cluster_joins_its_own_members_that_chose_their_sources() -> None:
    assert local_selector(["to.a.b"]) == "mirror.linkerd.io/federated in (member,to.a.b)"


def test_a_label_of_63_characters_is_allowed_and_of_64_is_not() -> None:
    assert label_problem("a" * 63) == ""
    assert label_problem("a" * 64) == (
        f"label of the chosen sources must have at most 63 characters (got 64: {'a' * 64}). "
        "Kubernetes would refuse it. Shorten the clusters' names, or leave `sources` out to offer "
        "the service to every linked cluster."
    )
