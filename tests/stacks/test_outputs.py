"""The contracts between stacks: what is exported can be read, and secrets stay secrets."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from linkmesh.stacks.outputs import (
    AccessContract,
    AppsContract,
    ClusterContract,
    ExpiriesContract,
    IssuerContract,
    LinkContract,
    NetworkContract,
    Stacks,
    TrustContract,
    WebhooksContract,
    checked,
)
from tests import engine

# How the engine receives a text that is not yet known.
UNKNOWN_ON_THE_WIRE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

CLUSTER = ClusterContract(
    api_server="https://west.test",
    certificate_authority_data="Q0E=",
    gateway_address="192.0.2.10",
    gateway_identity="identity",
    kubeconfig="KUBECONFIG",
)
ISSUER = IssuerContract(certificate_pem="ISSUER", private_key_pem="KEY", expiry="2027")
NETWORK = NetworkContract(
    vpc_id="vpc",
    private_subnet_ids=["a", "b"],
    control_plane_subnet_ids=["c", "d"],
    nat_addresses=["203.0.113.7"],
)


def exported(export: Callable[[], None]) -> dict[str, Any]:
    """Return what a stack exports."""
    return engine.run(export).outputs


def read_back(part: str, outputs: dict[str, Any], read: Callable[[Stacks], Any]) -> dict[str, Any]:
    """Read a contract from a stack with these outputs, and export every field of it."""

    def program() -> None:
        contract = read(Stacks.of("demo"))
        for key, value in vars(contract).items():
            pulumi.export(key, value)

    return engine.run(program, stacks={f"organization/linkmesh/demo.{part}": outputs}).outputs


def test_trust_is_exported_as_one_plain_output() -> None:
    contract = TrustContract(anchors_pem="ANCHOR", anchors_expiry="2036")

    assert exported(contract.export) == {
        "trust": {
            "version": 1,
            "anchorsPem": "ANCHOR",
            "anchorsExpiry": "2036",
            "state": {"anchors": [1], "signing": 1, "issuers": 1},
        }
    }


def test_an_issuer_is_a_secret_and_its_expiry_is_not() -> None:
    assert exported(lambda: ISSUER.export("west")) == {
        "issuer_west": engine.Secret(
            {"version": 1, "certificatePem": "ISSUER", "privateKeyPem": "KEY"}
        ),
        "issuer_expiry_west": "2027",
    }


def test_a_clusters_kubeconfig_is_a_secret_and_an_output_of_its_own() -> None:
    assert exported(CLUSTER.export) == {
        "cluster": {
            "version": 1,
            "apiServer": "https://west.test",
            "certificateAuthorityData": "Q0E=",
            "gatewayAddress": "192.0.2.10",
            "gatewayIdentity": "identity",
            "gatewayPort": 4143,
            "probePort": 4191,
            "linkerdNamespaceUid": "",
            "dataPlane": {
                "linkmesh.io/linkerd": "edge-26.6.3",
                "linkmesh.io/trust": "anchors-1-signing-1",
            },
        },
        "kubeconfig": engine.Secret("KUBECONFIG"),
    }


def test_expiries_of_trust_and_of_webhooks_are_plain_outputs() -> None:
    expiries = ExpiriesContract(anchors={"anchor": "2036"}, issuers={"west": "2027"})
    webhooks = WebhooksContract(expiry={"tap": "2027"}, authority="2036")

    def export() -> None:
        expiries.export()
        webhooks.export()

    assert exported(export) == {
        "expiries": {"version": 1, "anchors": {"anchor": "2036"}, "issuers": {"west": "2027"}},
        "webhooks": {"version": 1, "expiry": {"tap": "2027"}, "authority": "2036"},
    }


def test_a_cluster_that_was_deployed_before_there_was_rotation_can_be_read() -> None:
    outputs = exported(CLUSTER.export)
    for key in ("gatewayPort", "probePort", "dataPlane"):
        del outputs["cluster"][key]

    read = read_back("west", outputs, lambda stacks: ClusterContract.from_stack(stacks, "west"))

    assert read == {**vars(CLUSTER), "kubeconfig": engine.Secret("KUBECONFIG")}


def test_an_access_is_a_secret() -> None:
    contract = AccessContract(account="ACCOUNT", token="TOKEN")

    assert exported(lambda: contract.export("local")) == {
        "access_local": engine.Secret(
            {"version": 1, "account": "ACCOUNT", "token": "TOKEN", "generation": 1}
        )
    }


def test_a_network_is_exported_as_one_plain_output() -> None:
    assert exported(lambda: NETWORK.export("west")) == {
        "network_west": {
            "version": 1,
            "vpcId": "vpc",
            "privateSubnetIds": ["a", "b"],
            "controlPlaneSubnetIds": ["c", "d"],
            "natAddresses": ["203.0.113.7"],
        }
    }


def test_all_links_are_one_output() -> None:
    contract = LinkContract(source="local", target="west", gateway_address="192.0.2.10")

    assert exported(lambda: LinkContract.export_all([contract])) == {
        "links": {
            "version": 1,
            "links": [{"source": "local", "target": "west", "gatewayAddress": "192.0.2.10"}],
        }
    }


def test_the_apps_export_the_mirrors() -> None:
    mirror = {"cluster": "local", "namespace": "yelb", "service": "yelb-db-east"}

    assert exported(AppsContract(mirrors=[mirror]).export) == {
        "apps": {"version": 1, "mirrors": [mirror]}
    }


def test_what_a_cluster_exports_can_be_read_and_its_kubeconfig_stays_a_secret() -> None:
    read = read_back(
        "west", exported(CLUSTER.export), lambda stacks: ClusterContract.from_stack(stacks, "west")
    )

    assert read == {**vars(CLUSTER), "kubeconfig": engine.Secret("KUBECONFIG")}


def test_what_trust_exports_can_be_read() -> None:
    contract = TrustContract(anchors_pem="ANCHOR", anchors_expiry="2036")

    assert read_back("trust", exported(contract.export), TrustContract.from_stack) == vars(contract)


def test_an_issuer_can_be_read_and_stays_a_secret() -> None:
    read = read_back(
        "trust",
        exported(lambda: ISSUER.export("west")),
        lambda stacks: IssuerContract.from_stack(stacks, "west"),
    )

    assert read == {
        "certificate_pem": engine.Secret("ISSUER"),
        "private_key_pem": engine.Secret("KEY"),
        "expiry": "2027",
    }


def test_an_access_can_be_read_and_stays_a_secret() -> None:
    contract = AccessContract(account="ACCOUNT", token="TOKEN")
    read = read_back(
        "west",
        exported(lambda: contract.export("local")),
        lambda stacks: AccessContract.from_stack(stacks, "west", "local"),
    )

    assert read == {
        "account": engine.Secret("ACCOUNT"),
        "token": engine.Secret("TOKEN"),
        "generation": engine.Secret(1),
    }


def test_what_a_network_exports_can_be_read() -> None:
    read = read_back(
        "network",
        exported(lambda: NETWORK.export("west")),
        lambda stacks: NetworkContract.from_stack(stacks, "west"),
    )

    assert read == vars(NETWORK)


def nat_blocks(addresses: list[str], *, preview: bool) -> dict[str, Any]:
    """Read the blocks of two NAT gateways of a network."""

    def program() -> None:
        network = NetworkContract.from_stack(Stacks.of("demo"), "west")
        for index in (0, 1):
            pulumi.export(str(index), network.nat_block(index))

    exported_values = {"network_west": {**exported(lambda: NETWORK.export("west"))["network_west"]}}
    exported_values["network_west"]["natAddresses"] = addresses
    stacks = {"organization/linkmesh/demo.network": exported_values}
    return engine.run(program, stacks=stacks, preview=preview).outputs


def test_a_nat_gateway_that_is_still_to_be_made_is_unknown_in_a_preview() -> None:
    blocks = nat_blocks(["203.0.113.7"], preview=True)

    assert blocks == {"0": "203.0.113.7/32", "1": UNKNOWN_ON_THE_WIRE}


def test_a_nat_gateway_that_is_not_made_is_an_error_in_an_up() -> None:
    with pytest.raises(pulumi.RunError, match=r"must have 2 NAT addresses \(it has 1\)"):
        nat_blocks(["203.0.113.7"], preview=False)


def test_a_stack_is_referenced_once_however_often_it_is_read() -> None:
    def program() -> None:
        stacks = Stacks.of("demo")
        pulumi.export("one", stacks.read("trust", "issuer_expiry_west"))
        pulumi.export("other", stacks.read("trust", "issuer_expiry_east"))

    outputs = {"issuer_expiry_west": "2027", "issuer_expiry_east": "2028"}
    notes = engine.run(program, stacks={"organization/linkmesh/demo.trust": outputs})

    assert notes.outputs == {"one": "2027", "other": "2028"}


def test_what_is_not_exported_yet_is_unknown_in_a_preview() -> None:
    def program() -> None:
        trust = TrustContract.from_stack(Stacks.of("demo"))
        pulumi.export("anchors", trust.anchors_pem)

    stacks: dict[str, dict[str, Any]] = {"organization/linkmesh/demo.trust": {}}
    notes = engine.run(program, stacks=stacks, preview=True)

    assert notes.outputs == {"anchors": UNKNOWN_ON_THE_WIRE}


def test_what_is_not_exported_is_an_error_in_an_up() -> None:
    with pytest.raises(pulumi.RunError) as error:
        read_back("trust", {}, TrustContract.from_stack)

    assert str(error.value) == (
        "stack 'demo.trust' must export 'trust' (it does not). Deploy it first: pulumi up --stack "
        "demo.trust"
    )


def test_a_secret_that_cannot_be_decrypted_is_an_error() -> None:
    with pytest.raises(pulumi.RunError) as error:
        checked({}, "demo.west", "kubeconfig")

    assert str(error.value) == (
        "output 'kubeconfig' of stack 'demo.west' must be readable (it is empty, as a secret is "
        "that cannot be decrypted). Use the same secrets provider and passphrase for all stacks of "
        "an environment."
    )


@pytest.mark.parametrize(("value", "version"), [({"version": 2}, "2"), ({"token": "hush"}, "None")])
def test_another_version_of_a_contract_is_an_error_without_its_content(
    value: dict[str, Any], version: str
) -> None:
    with pytest.raises(pulumi.RunError) as error:
        checked(value, "demo.west", "access_local")

    assert str(error.value) == (
        f"output 'access_local' of stack 'demo.west' must have version 1 (got {version}). Deploy "
        "it again with this version of linkmesh: pulumi up --stack demo.west"
    )


def test_a_text_has_no_version() -> None:
    assert checked("KUBECONFIG", "demo.west", "kubeconfig") == "KUBECONFIG"
