"""The viz extension, in high availability."""

import functools

from components.linkerd.viz import LinkerdViz, LinkerdVizArgs, viz_values
from tests import engine
from tests.components.clusters import on_a_cluster

RELEASE = "kubernetes:helm.sh/v3:Release"
VALUES = viz_values(cluster_domain="cluster.local", trust_domain="mesh.test")


@functools.cache
def installed() -> engine.Notes:
    """Install the extension."""
    return on_a_cluster(
        lambda cluster: LinkerdViz(
            "west-viz",
            LinkerdVizArgs(cluster=cluster, values={"prometheus": {"enabled": False}}),
        )
    )


def test_tap_has_three_replicas_on_nodes_of_their_own() -> None:
    assert VALUES["tap"]["replicas"] == 3
    assert VALUES["enablePodAntiAffinity"] is True
    assert VALUES["enablePodDisruptionBudget"] is True


def test_the_domains_are_told() -> None:
    assert VALUES["clusterDomain"] == "cluster.local"
    assert VALUES["identityTrustDomain"] == "mesh.test"


def test_its_namespace_is_made_by_us_and_by_no_job() -> None:
    metadata = installed().one("kubernetes:core/v1:Namespace").inputs["metadata"]

    assert VALUES["createNamespaceMetadataJob"] is False
    assert metadata["name"] == "linkerd-viz"
    assert metadata["labels"] == {
        "linkerd.io/extension": "viz",
        "pod-security.kubernetes.io/enforce": "privileged",
    }
    assert "west-viz-namespace" in installed().one(RELEASE).after


def test_extra_values_are_merged_last() -> None:
    prometheus = installed().one(RELEASE).inputs["values"]["prometheus"]

    assert prometheus["enabled"] is False
    assert prometheus["resources"]["memory"] == {"limit": "8192Mi", "request": "300Mi"}
