"""The viz extension, in high availability."""

import functools

import pytest

from linkmesh.cluster import Cluster
from linkmesh.linkerd.installation.installed import LinkerdInstallation
from linkmesh.linkerd.installation.profiles import InstallProfile
from linkmesh.linkerd.installation.viz import LinkerdViz, LinkerdVizArgs, viz_values
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
            LinkerdVizArgs(
                control_plane=LinkerdInstallation(cluster=cluster),
                values={"prometheus": {"enabled": False}},
            ),
        )
    )


@pytest.mark.parametrize(
    ("what", "replicas"), [("tap", 3), ("tapInjector", 3), ("metricsAPI", 2), ("dashboard", 2)]
)
def test_servers_have_replicas_on_different_nodes_and_can_be_updated_on_three(
    what: str, replicas: int
) -> None:
    """Without `maxUnavailable`, the first new pod needs a node that no old one is on."""
    assert VALUES[what]["replicas"] == replicas
    assert VALUES["enablePodAntiAffinity"] is True
    assert VALUES["enablePodDisruptionBudget"] is True


def test_the_domains_are_values_of_the_chart() -> None:
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


def test_the_small_profile_has_one_of_everything() -> None:
    values = viz_values(
        cluster_domain="cluster.local", trust_domain="cluster.local", profile=InstallProfile.SMALL
    )

    assert [values[what]["replicas"] for what in ("metricsAPI", "tap", "tapInjector")] == [1] * 3
    assert values["enablePodAntiAffinity"] is False


def test_tap_and_its_injector_have_certificates_of_ours_before_the_chart() -> None:
    release = installed().one(RELEASE)
    secrets = installed().of("kubernetes:core/v1:Secret")

    assert {secret.inputs["metadata"]["namespace"] for secret in secrets} == {"linkerd-viz"}
    assert {secret.name for secret in secrets} <= release.after
    assert release.inputs["values"]["tap"] == {
        **VALUES["tap"],
        "externalSecret": True,
        "caBundle": "CERTIFICATE west-viz-webhooks-authority-certificate",
    }
    assert release.inputs["values"]["tapInjector"]["externalSecret"] is True


def test_it_is_an_error_on_too_few_nodes() -> None:
    def make(cluster: Cluster) -> None:
        LinkerdVizArgs(control_plane=LinkerdInstallation(cluster=cluster, nodes=2))

    with pytest.raises(ValueError, match="nodes must be at least 3"):
        on_a_cluster(make)


def test_what_is_said_of_the_mesh_reaches_the_chart() -> None:
    notes = on_a_cluster(
        lambda cluster: LinkerdViz(
            "west-viz",
            LinkerdVizArgs(
                control_plane=LinkerdInstallation(
                    cluster=cluster,
                    profile=InstallProfile.SMALL,
                    registry="registry.test",
                    version="2026.8.3",
                    trust_domain="mesh.test",
                    cni=True,
                ),
                webhook_certificates=False,
                pod_annotations={"a": "b"},
            ),
        )
    )
    release = notes.one(RELEASE).inputs
    namespace = notes.one("kubernetes:core/v1:Namespace").inputs["metadata"]

    assert release["version"] == "2026.8.3"
    assert release["values"]["defaultRegistry"] == "registry.test"
    assert release["values"]["identityTrustDomain"] == "mesh.test"
    assert release["values"]["tap"] == {"replicas": 1}
    assert release["values"]["podAnnotations"] == {"a": "b"}
    assert notes.of("kubernetes:core/v1:Secret") == []
    assert namespace["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
