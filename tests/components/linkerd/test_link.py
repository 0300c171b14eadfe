"""A link on its source: what is put where, and that credentials stay secret."""

import functools

import pytest
import yaml

from components.linkerd.link import (
    EXCLUDED_ANNOTATIONS,
    EXCLUDED_LABELS,
    Grant,
    Link,
    LinkArgs,
    credentials_kubeconfig,
    export_selector,
    link_spec,
)
from components.linkerd.multicluster import Gateway
from tests import engine
from tests.components.clusters import on_a_cluster

SECRET = "kubernetes:core/v1:Secret"
LINK = "kubernetes:multicluster.linkerd.io/v1alpha3:Link"
ACCOUNT = "linkerd-service-mirror-remote-access-west"
GRANT = Grant(
    target="east",
    account=ACCOUNT,
    token="TOKEN",
    api_server="https://east.test",
    certificate_authority_data="Q0E=",
    gateway=Gateway(address="192.0.2.10,192.0.2.11", identity="identity of east"),
    cluster_domain="east.local",
    trust_domain="mesh.test",
)
KUBECONFIG = credentials_kubeconfig(
    target="east",
    account=ACCOUNT,
    token="TOKEN",
    api_server="https://east.test",
    certificate_authority_data="Q0E=",
)


@functools.cache
def linked() -> engine.Notes:
    """Make a link from west to east, on west."""
    return on_a_cluster(lambda west: Link("west-east", LinkArgs(source=west, grant=GRANT)))


def test_a_links_spec_is_what_linkerd_generates() -> None:
    assert linked().one(LINK).inputs["spec"] == {
        "targetClusterName": "east",
        "targetClusterDomain": "east.local",
        "targetClusterLinkerdNamespace": "linkerd",
        "clusterCredentialsSecret": "cluster-credentials-east",
        "gatewayAddress": "192.0.2.10,192.0.2.11",
        "gatewayPort": "4143",
        "gatewayIdentity": "identity of east",
        "probeSpec": {
            "path": "/ready",
            "port": "4191",
            "period": "3s",
            "timeout": "30s",
            "failureThreshold": "3",
        },
        "selector": {"matchLabels": {"mirror.linkerd.io/exported": "true"}},
        "remoteDiscoverySelector": {
            "matchLabels": {"mirror.linkerd.io/exported": "remote-discovery"}
        },
        "federatedServiceSelector": {"matchLabels": {"mirror.linkerd.io/federated": "member"}},
        "excludedAnnotations": EXCLUDED_ANNOTATIONS,
        "excludedLabels": EXCLUDED_LABELS,
    }


def test_a_link_is_named_after_its_target_and_tells_who_made_it() -> None:
    link = linked().one(LINK)

    assert link.inputs["metadata"] == {
        "name": "east",
        "namespace": "linkerd-multicluster",
        "annotations": {"linkerd.io/created-by": "linkerd/cli edge-26.6.3"},
    }


def test_ports_and_counts_of_a_link_are_strings() -> None:
    spec = link_spec(GRANT)

    assert isinstance(spec["gatewayPort"], str)
    assert isinstance(spec["probeSpec"]["port"], str)
    assert isinstance(spec["probeSpec"]["failureThreshold"], str)


def test_a_mirror_does_not_inherit_orders_to_a_cloud_or_a_name_server() -> None:
    assert "service.beta.kubernetes.io/*" in EXCLUDED_ANNOTATIONS
    assert "external-dns.alpha.kubernetes.io/*" in EXCLUDED_ANNOTATIONS
    assert "kubectl.kubernetes.io/*" in EXCLUDED_ANNOTATIONS


def test_the_mirror_controller_finds_its_credentials_by_name() -> None:
    secret = linked().one(SECRET, "west-east-credentials")

    assert secret.inputs["type"] == "mirror.linkerd.io/remote-kubeconfig"
    assert secret.inputs["metadata"] == {
        "name": "cluster-credentials-east",
        "namespace": "linkerd-multicluster",
    }


def test_the_destination_controller_finds_its_credentials_by_label() -> None:
    secret = linked().one(SECRET, "west-east-discovery-credentials")

    assert secret.inputs["type"] == "mirror.linkerd.io/remote-kubeconfig"
    assert secret.inputs["metadata"] == {
        "name": "cluster-credentials-east",
        "namespace": "linkerd",
        "labels": {"multicluster.linkerd.io/cluster-name": "east"},
        "annotations": {
            "multicluster.linkerd.io/trust-domain": "mesh.test",
            "multicluster.linkerd.io/cluster-domain": "east.local",
        },
    }


@pytest.mark.parametrize("name", ["west-east-credentials", "west-east-discovery-credentials"])
def test_credentials_reach_the_engine_as_a_secret(name: str) -> None:
    secret = linked().one(SECRET, name)

    assert secret.inputs["stringData"] == engine.Secret({"kubeconfig": KUBECONFIG})


def test_changed_credentials_replace_those_that_would_not_be_read_again() -> None:
    discovery = linked().one(SECRET, "west-east-discovery-credentials")
    mirroring = linked().one(SECRET, "west-east-credentials")

    assert discovery.replace_on == ("stringData", "data")
    assert mirroring.replace_on == ()


def test_both_credentials_are_there_before_the_link() -> None:
    link = linked().one(LINK)

    assert {"west-east-credentials", "west-east-discovery-credentials"} <= link.after


def test_everything_of_a_link_is_on_its_source() -> None:
    made = [noted for noted in linked().resources if noted.within == "west-east"]

    assert len(made) == 3
    assert {noted.provider.split("::")[-2] for noted in made} == {"west-kubernetes"}


def test_credentials_are_a_token_for_one_cluster_and_no_command() -> None:
    config = yaml.safe_load(KUBECONFIG)

    assert config["clusters"] == [
        {
            "name": "east",
            "cluster": {"server": "https://east.test", "certificate-authority-data": "Q0E="},
        }
    ]
    assert config["users"] == [{"name": ACCOUNT, "user": {"token": "TOKEN"}}]
    assert config["contexts"] == [{"name": "east", "context": {"cluster": "east", "user": ACCOUNT}}]
    assert config["current-context"] == "east"


def test_credentials_leave_out_an_authority_that_is_not_given() -> None:
    config = yaml.safe_load(
        credentials_kubeconfig(
            target="east",
            account=ACCOUNT,
            token="TOKEN",
            api_server="https://east.test",
            certificate_authority_data="",
        )
    )

    assert config["clusters"][0]["cluster"] == {"server": "https://east.test"}


def test_a_source_that_has_chosen_exports_selects_their_values_too() -> None:
    assert export_selector(["true", "to.local.west", "to.west"]) == {
        "matchExpressions": [
            {
                "key": "mirror.linkerd.io/exported",
                "operator": "In",
                "values": ["to.local.west", "to.west", "true"],
            }
        ]
    }
