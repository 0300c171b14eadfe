"""Helm charts: where each is found, how values are merged, and what a release is given."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkmesh import helm
from linkmesh.cluster import Cluster
from linkmesh.linkerd.installation import charts
from linkmesh.versions import LINKERD_CHART, LINKERD_CHARTS
from tests import engine
from tests.components.clusters import on_a_cluster

VIZ = charts.VIZ

TREES = st.recursive(
    st.dictionaries(st.sampled_from("abc"), st.integers(), max_size=3),
    lambda trees: st.dictionaries(st.sampled_from("abc"), st.integers() | trees, max_size=3),
    max_leaves=8,
)


def released(**overrides: Any) -> engine.Noted:
    """Install one chart."""
    ordinary: dict[str, Any] = {
        "chart": VIZ,
        "namespace": "linkerd-viz",
        "location": LINKERD_CHARTS,
        "values": {"tap": {"replicas": 3}},
    }

    def make(cluster: Cluster) -> None:
        given = {**ordinary, **overrides}
        helm.release("west-viz", provider=cluster.provider, parent=cluster.provider, **given)

    return on_a_cluster(make).one("kubernetes:helm.sh/v3:Release")


def test_a_chart_of_a_repository_is_found_by_its_name() -> None:
    found = helm.chart_reference(VIZ, "https://helm.linkerd.io/edge")

    assert (found["chart"], found["version"]) == ("linkerd-viz", LINKERD_CHART)
    assert found["repository_opts"].repo == "https://helm.linkerd.io/edge"


@pytest.mark.parametrize("location", ["oci://charts.test/linkerd", "oci://charts.test/linkerd/"])
def test_a_chart_of_a_registry_is_found_by_its_whole_address(location: str) -> None:
    found = helm.chart_reference(VIZ, location)

    assert found == {"chart": "oci://charts.test/linkerd/linkerd-viz", "version": LINKERD_CHART}


@pytest.mark.parametrize("location", ["/srv/charts", "/srv/charts/"])
def test_a_chart_of_a_folder_is_what_is_there(location: str) -> None:
    assert helm.chart_reference(VIZ, location) == {"chart": "/srv/charts/linkerd-viz"}


def test_charts_come_from_linkerds_own_edge_repository() -> None:
    assert LINKERD_CHARTS == "https://helm.linkerd.io/edge"


def test_a_release_is_named_as_its_chart_and_pinned() -> None:
    release = released()

    assert release.inputs["name"] == "linkerd-viz"
    assert release.inputs["chart"] == "linkerd-viz"
    assert release.inputs["version"] == LINKERD_CHART
    assert release.inputs["repositoryOpts"] == {"repo": "https://helm.linkerd.io/edge"}
    assert release.inputs["values"] == {"tap": {"replicas": 3}}


def test_a_release_waits_for_what_it_installs_by_default() -> None:
    assert released().inputs["skipAwait"] is False
    assert released(skip_await=True).inputs["skipAwait"] is True


def test_the_same_release_is_given_the_same_arguments_every_time() -> None:
    assert released() == released()


def test_extra_values_are_merged_key_by_key() -> None:
    ours = {"proxy": {"cpu": "100m", "memory": "20Mi"}, "replicas": 3}

    merged = helm.merged(ours, {"proxy": {"memory": "40Mi"}, "debug": True})

    assert merged == {"proxy": {"cpu": "100m", "memory": "40Mi"}, "replicas": 3, "debug": True}


def test_lists_are_replaced_and_not_joined() -> None:
    assert helm.merged({"hosts": ["a", "b"]}, {"hosts": ["c"]}) == {"hosts": ["c"]}


def test_a_map_replaces_a_plain_value_and_the_other_way_round() -> None:
    assert helm.merged({"a": 1}, {"a": {"b": 2}}) == {"a": {"b": 2}}
    assert helm.merged({"a": {"b": 2}}, {"a": 1}) == {"a": 1}


@given(TREES, TREES)
def test_what_is_merged_in_wins_and_is_merged_once(
    ours: dict[str, Any], extra: dict[str, Any]
) -> None:
    merged = helm.merged(ours, extra)

    assert set(merged) == set(ours) | set(extra)
    assert helm.merged(merged, extra) == merged
    assert helm.merged({}, extra) == extra
    assert helm.merged(ours, {}) == ours
