"""A link on its source: what is put where, and that credentials stay secret."""

import functools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from linkmesh.cluster import Cluster
from linkmesh.linkerd.installation.installed import GatewayEndpoint, MulticlusterInstallation
from linkmesh.linkerd.links.grant import LinkGrant
from linkmesh.linkerd.links.link import Link, LinkArgs
from linkmesh.linkerd.links.link_fields import (
    EXCLUDED_ANNOTATIONS,
    EXCLUDED_LABELS,
    credentials_mark,
)
from linkmesh.linkerd.links.link_objects import credentials_kubeconfig
from linkmesh.linkerd.links.rights import discovery_rights
from linkmesh.linkerd.mode import LinkMode
from tests import engine
from tests.components.clusters import on_a_cluster

SECRET = "kubernetes:core/v1:Secret"
LINK = "kubernetes:multicluster.linkerd.io/v1alpha3:Link"
ACCOUNT = "linkerd-service-mirror-remote-access-west"
GRANT = LinkGrant(
    target="east",
    account=ACCOUNT,
    token="TOKEN",
    generation=1,
    api_server="https://east.test",
    certificate_authority_data="Q0E=",
    gateway=GatewayEndpoint(address="192.0.2.10,192.0.2.11", identity="identity of east"),
    cluster_domain="east.local",
    trust_domain="mesh.test",
    modes=(LinkMode.GATEWAY, LinkMode.FLAT),
)
MARK = credentials_mark(
    account=ACCOUNT,
    generation=1,
    api_server="https://east.test",
    certificate_authority_data="Q0E=",
)
KUBECONFIG = credentials_kubeconfig(
    target="east",
    account=ACCOUNT,
    token="TOKEN",
    api_server="https://east.test",
    certificate_authority_data="Q0E=",
)
GOLDEN = Path(__file__).with_name("link_gen.golden.yaml")

# What Link's CRD fills in, and link-gen leaves to it so that older CRDs take it.
# Source: linkerd2, multicluster/charts/linkerd-multicluster/templates/link-crd.yaml
CRD_DEFAULTS = {"timeout": "30s", "failureThreshold": "3"}


@functools.cache
def linked() -> engine.Notes:
    """Make a link from west to east, on west."""
    return on_a_cluster(
        lambda west: Link(
            "west-east", LinkArgs(source=MulticlusterInstallation(cluster=west), grant=GRANT)
        )
    )


def in_clear(noted: engine.Noted) -> dict[str, Any]:
    """Show an object as the golden file does."""
    given = dict(noted.inputs)
    if noted.type != SECRET:
        return {key: given[key] for key in ("apiVersion", "kind", "metadata", "spec")}
    text = given.pop("stringData").value["kubeconfig"]
    return {"apiVersion": "v1", "kind": "Secret", **given, "kubeconfig": yaml.safe_load(text)}


def test_the_three_objects_are_those_of_link_gen_with_the_crds_defaults_and_a_mark() -> None:
    mirroring, discovery, link = yaml.safe_load_all(GOLDEN.read_text())
    link["spec"]["probeSpec"] |= CRD_DEFAULTS
    link["spec"]["excludedAnnotations"].append(MARK)
    discovery["metadata"]["annotations"]["linkmesh.io/rights"] = discovery_rights()

    assert in_clear(linked().one(SECRET, "west-east-credentials")) == mirroring
    assert in_clear(linked().one(SECRET, "west-east-discovery-credentials")) == discovery
    assert in_clear(linked().one(LINK)) == link


def test_a_links_spec_is_what_linkerd_generates_and_a_mark() -> None:
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
        "excludedAnnotations": [*EXCLUDED_ANNOTATIONS, MARK],
        "excludedLabels": EXCLUDED_LABELS,
    }


def test_a_link_is_named_after_its_target_and_shows_its_creator() -> None:
    link = linked().one(LINK)

    assert link.inputs["metadata"] == {
        "name": "east",
        "namespace": "linkerd-multicluster",
        "annotations": {"linkerd.io/created-by": "linkerd/cli edge-26.6.3"},
    }


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
            "linkmesh.io/rights": discovery_rights(),
        },
    }


@pytest.mark.parametrize("name", ["west-east-credentials", "west-east-discovery-credentials"])
def test_credentials_reach_the_engine_as_a_secret(name: str) -> None:
    secret = linked().one(SECRET, name)

    assert secret.inputs["stringData"] == engine.Secret({"kubeconfig": KUBECONFIG})


def test_changed_credentials_replace_those_that_would_not_be_read_again() -> None:
    discovery = linked().one(SECRET, "west-east-discovery-credentials")
    mirroring = linked().one(SECRET, "west-east-credentials")

    assert discovery.replace_on == ("stringData", "data", "metadata.annotations")
    assert mirroring.replace_on == ()


def test_both_credentials_are_there_before_the_link() -> None:
    link = linked().one(LINK)

    assert {"west-east-credentials", "west-east-discovery-credentials"} <= link.after


def test_everything_of_a_link_is_on_its_source() -> None:
    made = [noted for noted in linked().resources if noted.within == "west-east"]
    placed = [noted for noted in made if noted.type.startswith("kubernetes:")]

    assert len(made) == 4
    assert {noted.provider.split("::")[-2] for noted in placed} == {"west-kubernetes"}


def test_a_link_through_the_gateway_only_has_no_credentials_for_the_destination_controller() -> (
    None
):
    """Read before they had the rights of another mode, they would not be read again."""
    grant = replace(GRANT, modes=(LinkMode.GATEWAY,))

    noted = on_a_cluster(
        lambda west: Link(
            "west-east", LinkArgs(source=MulticlusterInstallation(cluster=west), grant=grant)
        )
    )

    assert [each.name for each in noted.of(SECRET)] == ["west-east-credentials"]


def test_a_link_to_a_cluster_without_a_gateway_has_nothing_to_probe() -> None:
    grant = replace(GRANT, gateway=None)

    noted = on_a_cluster(
        lambda west: Link(
            "west-east", LinkArgs(source=MulticlusterInstallation(cluster=west), grant=grant)
        )
    )

    spec = noted.one(LINK).inputs["spec"]
    assert spec["probeSpec"] == {}
    assert not {"gatewayAddress", "gatewayPort", "gatewayIdentity", "selector"} & set(spec)


def test_the_target_may_be_reached_at_another_address_from_here() -> None:
    def make(west: Cluster) -> None:
        Link(
            "west-east",
            LinkArgs(
                source=MulticlusterInstallation(cluster=west),
                grant=GRANT,
                api_server="https://10.0.0.1:6443",
            ),
        )

    noted = on_a_cluster(make)

    for name in ("west-east-credentials", "west-east-discovery-credentials"):
        config = yaml.safe_load(noted.one(SECRET, name).inputs["stringData"].value["kubeconfig"])
        assert config["clusters"][0]["cluster"]["server"] == "https://10.0.0.1:6443"
    assert marks(noted) != [MARK]


def test_a_new_token_changes_the_spec_of_the_link() -> None:
    grant = replace(GRANT, token="NEW", generation=2)

    noted = on_a_cluster(
        lambda west: Link(
            "west-east", LinkArgs(source=MulticlusterInstallation(cluster=west), grant=grant)
        )
    )

    assert marks(noted) != marks(linked())


def test_a_new_authority_of_the_target_changes_the_spec_of_the_link() -> None:
    grant = replace(GRANT, certificate_authority_data="TkVX")

    noted = on_a_cluster(
        lambda west: Link(
            "west-east", LinkArgs(source=MulticlusterInstallation(cluster=west), grant=grant)
        )
    )

    assert marks(noted) != marks(linked())


def test_the_mark_is_open_even_if_the_number_of_the_token_comes_in_a_secret() -> None:
    def make(west: Cluster) -> None:
        number: Any = 1.0  # as it comes through a stack reference
        grant = replace(GRANT, generation=pulumi.Output.secret(number))
        Link("west-east", LinkArgs(source=MulticlusterInstallation(cluster=west), grant=grant))

    assert marks(on_a_cluster(make)) == [MARK]


def test_no_plain_value_of_a_link_contains_the_token() -> None:
    texts = [text for noted in linked().resources for text in engine.open_texts(noted.inputs)]

    assert not [text for text in texts if "TOKEN" in text]


def marks(noted: engine.Notes) -> list[str]:
    """List the excluded annotations that are ours."""
    excluded = noted.one(LINK).inputs["spec"]["excludedAnnotations"]
    return [each for each in excluded if each not in EXCLUDED_ANNOTATIONS]
