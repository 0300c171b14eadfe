"""What a link's objects contain, and when it changes."""

from typing import Any

import pytest
import yaml

from linkmesh.linkerd.installation.installed import GatewayEndpoint
from linkmesh.linkerd.links.grant import LinkGrant
from linkmesh.linkerd.links.link_fields import EXCLUDED_ANNOTATIONS, credentials_mark
from linkmesh.linkerd.links.link_objects import credentials_kubeconfig, link_spec

ACCOUNT = "linkerd-service-mirror-remote-access-west"
GRANT = LinkGrant(
    target="east",
    account=ACCOUNT,
    token="TOKEN",
    generation=1,
    api_server="https://east.test",
    certificate_authority_data="Q0E=",
    gateway=GatewayEndpoint(address="192.0.2.10", identity="identity of east"),
)
KUBECONFIG = credentials_kubeconfig(
    target="east",
    account=ACCOUNT,
    token="TOKEN",
    api_server="https://east.test",
    certificate_authority_data="Q0E=",
)
GIVEN: dict[str, Any] = {
    "account": ACCOUNT,
    "generation": 1,
    "api_server": "https://east.test",
    "certificate_authority_data": "Q0E=",
}


def test_ports_and_counts_of_a_link_are_strings() -> None:
    spec = link_spec(GRANT, mark="mark")

    assert isinstance(spec["gatewayPort"], str)
    assert isinstance(spec["probeSpec"]["port"], str)
    assert isinstance(spec["probeSpec"]["failureThreshold"], str)


def test_a_source_that_has_chosen_exports_selects_their_values_in_every_mode() -> None:
    spec = link_spec(
        GRANT,
        mark="mark",
        export_labels=["true", "to.west"],
        discovery_labels=["flat.west"],
        federated_labels=["to.east.west"],
    )

    chosen = {
        key: spec[key]["matchExpressions"][0]["values"]
        for key in ("selector", "remoteDiscoverySelector", "federatedServiceSelector")
    }
    assert chosen == {
        "selector": ["to.west", "true"],
        "remoteDiscoverySelector": ["flat.west", "remote-discovery"],
        "federatedServiceSelector": ["member", "to.east.west"],
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"account": "other"},
        {"generation": 2},
        {"api_server": "https://other.test"},
        {"certificate_authority_data": "TkVX"},
    ],
)
def test_whatever_changes_in_the_credentials_changes_their_mark(changed: dict[str, Any]) -> None:
    assert credentials_mark(**{**GIVEN, **changed}) != credentials_mark(**GIVEN)


def test_a_mark_is_the_name_of_an_annotation_that_does_not_exist() -> None:
    prefix, _, digits = credentials_mark(**GIVEN).rpartition("-")

    assert prefix == "linkmesh.io/credentials"
    assert len(digits) == 12
    assert int(digits, 16) >= 0


def test_a_mirror_does_not_inherit_orders_to_a_cloud_or_a_name_server() -> None:
    assert "service.beta.kubernetes.io/*" in EXCLUDED_ANNOTATIONS
    assert "external-dns.alpha.kubernetes.io/*" in EXCLUDED_ANNOTATIONS
    assert "kubectl.kubernetes.io/*" in EXCLUDED_ANNOTATIONS


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
