"""An exported service: one label, and a mirror whose name must fit."""

import functools
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from linkmesh.cluster import Cluster
from linkmesh.linkerd.links.exports import ExportedService, ExportedServiceArgs
from linkmesh.linkerd.mode import LinkMode
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
        "annotations": {"pulumi.com/skipAwait": "true"},
    }


def test_a_service_that_its_owner_labels_is_not_touched() -> None:
    notes = on_a_cluster(
        lambda west: ExportedService(
            "west-yelb-yelb-db",
            ExportedServiceArgs(
                cluster=west, service="yelb-db", namespace="yelb", is_labelled=True
            ),
        )
    )

    assert notes.of(PATCH) == []
    assert {"mirror": "yelb-db-west"} in notes.components


def test_chosen_sources_are_spelt_out_in_the_label() -> None:
    labels = exported(("west", "local")).one(PATCH).inputs["metadata"]["labels"]

    assert labels == {"mirror.linkerd.io/exported": "to.local.west"}


def test_the_name_of_the_mirror_is_an_output() -> None:
    assert {"mirror": "yelb-db-west"} in exported().components


def test_a_mirror_whose_name_has_63_characters_is_made() -> None:
    name = "a" * (63 - len("-west"))

    on_a_cluster(
        lambda west: ExportedServiceArgs(cluster=west, service=name, namespace="yelb"),
    )


def test_a_mirror_whose_name_would_be_too_long_is_an_error() -> None:
    name = "a" * (64 - len("-west"))

    def make(west: Cluster) -> None:
        ExportedServiceArgs(cluster=west, service=name, namespace="yelb")

    with pytest.raises(ValueError, match="mirror") as error:
        on_a_cluster(make)

    assert str(error.value) == (
        f"mirror service of yelb/{name} must have a name of at most 63 characters (got 64: "
        f"{name}-west). Linkerd would not make it. Shorten the name of the service or of the "
        "cluster."
    )


def export(west: Cluster, **overrides: Any) -> ExportedService:
    """Export yelb-db of west."""
    given = {"cluster": west, "service": "yelb-db", "namespace": "yelb", **overrides}
    return ExportedService("west-yelb-yelb-db", ExportedServiceArgs(**given))


@pytest.mark.parametrize(
    ("mode", "label", "name"),
    [
        (LinkMode.FLAT, {"mirror.linkerd.io/exported": "remote-discovery"}, "yelb-db-west"),
        (LinkMode.FEDERATED, {"mirror.linkerd.io/federated": "member"}, "yelb-db-federated"),
    ],
)
def test_a_mode_has_a_label_and_a_name_of_its_own(
    mode: LinkMode, label: dict[str, str], name: str
) -> None:
    noted = on_a_cluster(lambda west: export(west, mode=mode))

    assert noted.one(PATCH).inputs["metadata"]["labels"] == label
    assert {"mirror": name} in noted.components


def test_the_url_for_callers_is_an_output() -> None:
    urls = []
    on_a_cluster(lambda west: urls.append(export(west).url(8080)))

    assert urls == ["http://yelb-db-west.yelb.svc.cluster.local:8080"]


def test_only_a_federated_service_has_a_federated_name() -> None:
    found = []

    def make(west: Cluster) -> None:
        found.append(export(west, mode=LinkMode.FEDERATED).federated)

    on_a_cluster(make)

    assert found == ["yelb-db-federated"]


def test_an_export_waits_for_the_service_that_the_same_program_makes() -> None:
    noted = on_a_cluster(lambda west: export(west, resource=service(west, "ClusterIP")))

    assert "yelb-db-service" in noted.one(PATCH).after
    assert noted.one(PATCH).inputs["metadata"]["name"] == "yelb-db"


def test_an_external_name_has_nothing_to_export_and_is_an_error() -> None:
    with pytest.raises(pulumi.RunError) as error:
        on_a_cluster(lambda west: export(west, resource=service(west, "ExternalName")))

    assert str(error.value) == (
        "Service yelb/yelb-db must have pods to be exported (got an ExternalName). Its mirror "
        "could reach nothing. Make the same ExternalName on the sources instead."
    )


def test_a_label_of_another_owner_is_taken_over_only_on_request() -> None:
    ordinary = exported().one(PATCH).inputs["metadata"]
    forced = on_a_cluster(lambda west: export(west, force=True)).one(PATCH).inputs["metadata"]

    assert ordinary["annotations"] == {"pulumi.com/skipAwait": "true"}
    assert forced["annotations"] == {
        "pulumi.com/skipAwait": "true",
        "pulumi.com/patchForce": "true",
    }


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("mode", LinkMode)
def test_only_the_label_of_a_member_of_a_federated_service_waits(
    mode: LinkMode, force: bool
) -> None:
    """The wait is the pause between two members, which must not be created at once."""
    noted = on_a_cluster(lambda west: export(west, mode=mode, force=force))
    annotations = noted.one(PATCH).inputs["metadata"].get("annotations", {})

    assert ("pulumi.com/skipAwait" not in annotations) is (mode is LinkMode.FEDERATED)
    assert ("pulumi.com/patchForce" in annotations) is force


def test_all_problems_of_an_export_are_reported_at_once() -> None:
    name = "a" * 54

    with pytest.raises(ValueError, match="federated") as error:
        on_a_cluster(
            lambda west: export(west, service=name, mode=LinkMode.FEDERATED, sources=["b" * 60])
        )

    first, second = str(error.value).splitlines()
    assert first.startswith(f"federated service of yelb/{name} must have a name of at most 63 ")
    assert second.startswith(f"yelb/{name}: label of the chosen sources must have at most 63 ")


def test_an_export_without_sources_is_an_error() -> None:
    with pytest.raises(ValueError, match="sources") as error:
        on_a_cluster(lambda west: export(west, sources=[]))

    assert str(error.value) == (
        "sources of yelb/yelb-db must name at least one cluster (got none). No cluster could "
        "call it. Remove the export, or leave `sources` out to offer it to every one."
    )


def service(west: Cluster, kind: str) -> kubernetes.core.v1.Service:
    """Make the Service itself."""
    return kubernetes.core.v1.Service(
        "yelb-db-service",
        metadata={"name": "yelb-db", "namespace": "yelb"},
        spec={"type": kind},
        opts=pulumi.ResourceOptions(provider=west.provider),
    )
