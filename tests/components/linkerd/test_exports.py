"""An exported service: one label, and a mirror whose name must fit."""

import functools

import pytest

from components.cluster import Cluster
from components.linkerd.exports import ExportedService, ExportedServiceArgs
from tests import engine
from tests.components.clusters import on_a_cluster

PATCH = "kubernetes:core/v1:ServicePatch"


@functools.cache
def exported(sources: tuple[str, ...] | None = None) -> engine.Notes:
    """Export one service."""
    return on_a_cluster(
        lambda west: ExportedService(
            "west-yelb-yelb-db",
            ExportedServiceArgs(cluster=west, service="yelb-db", namespace="yelb", sources=sources),
        )
    )


def test_only_one_label_of_the_service_is_ours() -> None:
    assert exported().one(PATCH).inputs["metadata"] == {
        "name": "yelb-db",
        "namespace": "yelb",
        "labels": {"mirror.linkerd.io/exported": "true"},
    }


def test_chosen_sources_are_spelt_out_in_the_label() -> None:
    labels = exported(("west", "local")).one(PATCH).inputs["metadata"]["labels"]

    assert labels == {"mirror.linkerd.io/exported": "to.local.west"}


def test_the_mirrors_name_is_told() -> None:
    assert {"mirror": "yelb-db-west"} in exported().components


def test_a_mirror_whose_name_has_63_characters_is_made() -> None:
    name = "a" * (63 - len("-west"))

    on_a_cluster(
        lambda west: ExportedServiceArgs(cluster=west, service=name, namespace="yelb"),
    )


def test_a_mirror_whose_name_would_be_too_long_is_refused() -> None:
    name = "a" * (64 - len("-west"))

    def make(west: Cluster) -> None:
        ExportedServiceArgs(cluster=west, service=name, namespace="yelb")

    with pytest.raises(ValueError, match="mirror") as refused:
        on_a_cluster(make)

    assert str(refused.value) == (
        f"mirror service of yelb/{name} must have a name of at most 63 characters (got 64: "
        f"{name}-west). Linkerd would not make it. Shorten the name of the service or of the "
        "cluster."
    )
