"""A kind cluster: its nodes, its kubeconfig, and what of it is a secret."""

import functools

import pulumi
import pytest

from linkmesh.kind_cluster import KindCluster, KindClusterArgs
from tests import engine


@pytest.mark.parametrize("workers", [0, -1, 256, 10**9])
def test_a_number_of_workers_that_kind_cannot_give_pods_is_an_error(workers: int) -> None:
    with pytest.raises(ValueError, match="workers") as error:
        KindClusterArgs(workers=workers)

    assert str(error.value).split(" (got")[0] in (
        "workers must be at least 1",
        "workers must be at most 255",
    )


@functools.cache
def on_a_laptop() -> engine.Notes:
    """Make a kind cluster with all defaults, and export what is known of it."""

    def program() -> None:
        cluster = KindCluster("local", KindClusterArgs())
        pulumi.export("api_server", cluster.api_server)
        pulumi.export("authority", cluster.certificate_authority_data)
        pulumi.export("kubeconfig", cluster.kubeconfig)

    return engine.run(program)


def test_three_workers_stand_beside_the_control_plane() -> None:
    config = on_a_laptop().one("kind:index/cluster:Cluster").inputs["kindConfig"]

    assert [node["role"] for node in config["nodes"]] == [
        "control-plane",
        "worker",
        "worker",
        "worker",
    ]


def test_the_cluster_has_the_name_it_has_in_its_environment() -> None:
    made = on_a_laptop().one("kind:index/cluster:Cluster")

    assert made.name == "local"
    assert made.inputs["name"] == "local"
    assert made.inputs["waitForReady"] is True


def test_its_image_is_pinned_to_the_kubernetes_that_linkerd_documents() -> None:
    made = on_a_laptop().one("kind:index/cluster:Cluster")

    assert made.inputs["nodeImage"] == "kindest/node:v1.35.0"


def test_the_kubeconfig_is_a_secret_wherever_it_goes() -> None:
    notes = on_a_laptop()
    provider = notes.one("pulumi:providers:kubernetes")

    assert provider.inputs["kubeconfig"] == engine.Secret(engine.KUBECONFIG)
    assert notes.outputs["kubeconfig"] == engine.Secret(engine.KUBECONFIG)


def test_the_outputs_of_the_provider_that_give_access_are_marked_secret() -> None:
    made = on_a_laptop().one("kind:index/cluster:Cluster")

    assert set(made.secret_outputs) == {"kubeconfig", "clientKey", "clientCertificate"}


def test_the_copy_of_the_kubeconfig_that_kind_writes_goes_to_a_folder_of_its_own() -> None:
    made = on_a_laptop().one("kind:index/cluster:Cluster")

    assert made.inputs["kubeconfigPath"] == ".kubeconfigs/local"


def test_its_address_and_authority_are_known_and_no_secrets() -> None:
    assert on_a_laptop().outputs["api_server"] == "https://127.0.0.1:6443"
    assert on_a_laptop().outputs["authority"] == "Q0E="


def test_the_identity_of_its_provider_is_static() -> None:
    provider = on_a_laptop().one("pulumi:providers:kubernetes")

    assert provider.inputs["clusterIdentifier"] == "linkmesh/local"


def test_a_cluster_without_workers_is_an_error() -> None:
    with pytest.raises(ValueError, match="workers") as error:
        KindClusterArgs(workers=0)

    assert str(error.value) == (
        "workers must be at least 1 (got 0). No pod could be scheduled: kind taints the control "
        "plane of a cluster. Use: workers=3"
    )
