"""Arguments of a mesh: a description, with the values that stacks read from settings."""

from typing import Any

import pulumi
import pytest

from linkmesh.composition.args import MeshArgs
from linkmesh.composition.member import Member
from linkmesh.environment import (
    DescriptionError,
    Environment,
    Existing,
    Kind,
    Linkerd,
    NodePorts,
    Plan,
    TrustState,
    chain,
)
from linkmesh.linkerd.identity.cert_manager import CertManagerIssuer
from linkmesh.linkerd.identity.external_certificates import ExternalTrustAnchor
from linkmesh.linkerd.installation.gateway_args import NodePortGateway
from tests import engine
from tests.components.linkerd.identity.test_certificates import ANCHOR

OFFICE = Member("office", kubeconfig=engine.KUBECONFIG, egress=["198.51.100.20/32"], nodes=5)
CERT_MANAGER = Linkerd(cert_manager=CertManagerIssuer(name="linkerd-trust-anchor"))


def problems(**given: Any) -> list[str]:
    """Return what is wrong with arguments."""
    with pytest.raises(DescriptionError) as error:
        MeshArgs(**{"clusters": [OFFICE], **given})
    return error.value.problems


def test_what_a_mesh_plans_from_is_a_description_without_secrets() -> None:
    args = MeshArgs(clusters=[OFFICE, Kind("local")])
    plain = Existing("office", egress=["198.51.100.20/32"], nodes=5)

    assert args.environment == Environment(clusters=[plain, Kind("local")])
    assert args.plan == Plan.of(args.environment)
    assert "client-key-data" not in f"{args.plan}"
    assert "client-key-data" not in f"{args}"


def test_all_problems_of_a_mesh_are_reported_at_once() -> None:
    found = problems(
        clusters=[Existing("office"), Kind("local", workers=1)],
        links=chain("office", "offices"),
        chart_values={"linkerd-vis": {}},
    )

    assert len(found) == 4
    assert found[-2:] == [
        "cluster 'office' must be a Member (got an Existing). A mesh reads no settings, so the "
        'program gives the kubeconfig. Use: Member("office", kubeconfig=...)',
        "chart_values must name only the charts linkerd-crds, linkerd2-cni, linkerd-control-plane, "
        "linkerd-multicluster, linkerd-viz (got linkerd-vis).",
    ]


def test_an_anchor_that_no_cluster_would_trust_is_an_error() -> None:
    anchor = ExternalTrustAnchor(certificate_pem=ANCHOR)

    assert problems(trust_anchors={2: anchor}) == [
        "trust_anchors must be of generations of the trust (got 2, and anchors [1]). No cluster "
        "would trust it. Use: trust=TrustState(anchors=(2,), signing=2)"
    ]


def test_an_anchor_that_signs_must_have_its_key() -> None:
    anchor = ExternalTrustAnchor(certificate_pem=ANCHOR)
    both = TrustState(anchors=(1, 2), signing=2)

    assert problems(trust_anchors={1: anchor}) == [
        "trust anchor 1 must have a private_key_pem (got none). It signs the issuers. Use: "
        "ExternalTrustAnchor(certificate_pem=..., private_key_pem=...)"
    ]
    assert MeshArgs(clusters=[OFFICE], trust=both, trust_anchors={1: anchor}).trust_anchors


def test_with_cert_manager_the_anchor_comes_from_elsewhere() -> None:
    anchor = ExternalTrustAnchor(certificate_pem=ANCHOR)

    assert problems(linkerd=CERT_MANAGER) == [
        "trust_anchors must be given with cert_manager (got no anchor 1). It is the one above "
        "cert-manager's authority. Use: "
        "trust_anchors={1: ExternalTrustAnchor(certificate_pem=...)}"
    ]
    assert MeshArgs(clusters=[OFFICE], linkerd=CERT_MANAGER, trust_anchors={1: anchor}).plan


def test_a_member_has_one_way_to_be_reached() -> None:
    with pytest.raises(ValueError, match="office") as error:
        Member("office")

    assert str(error.value) == (
        "member 'office' must have a kubeconfig or a cluster (got neither). The program must know "
        'one way to reach it. Use: kubeconfig=config.require_secret("kubeconfig")'
    )


def test_a_kubeconfig_is_no_cluster() -> None:
    """An `Output` has any property that is asked of it, a name too."""

    def program() -> None:
        kubeconfig = pulumi.Output.from_input("a kubeconfig")
        with pytest.raises(ValueError, match="office") as error:
            Member("office", cluster=kubeconfig)  # type: ignore[arg-type]
        pulumi.export("message", str(error.value))

    assert engine.run(program).outputs["message"] == (
        "cluster of member 'office' must be an object with the properties of `Cluster` (got "
        "Output). Use, for a kubeconfig: kubeconfig=..."
    )


def test_a_member_has_the_name_of_its_cluster() -> None:
    class Named:
        name = "west"

    with pytest.raises(ValueError, match="west") as error:
        Member("office", cluster=Named(), kubeconfig="kubeconfig")  # type: ignore[arg-type]

    assert str(error.value).splitlines() == [
        "member 'office' must have a kubeconfig or a cluster (got both). The program must know one "
        'way to reach it. Use: kubeconfig=config.require_secret("kubeconfig")',
        "member 'office' must have the name of its cluster (got 'west'). It ends the names of "
        'mirror services. Use: Member("west", cluster=...)',
    ]


def test_a_description_for_stacks_has_no_members() -> None:
    with pytest.raises(DescriptionError) as error:
        Plan.of(Environment(clusters=[OFFICE]))

    assert error.value.problems == [
        "cluster 'office' must be a Kind, an Eks or an Existing (got a Member). A description has "
        "plain values, and its stacks read kubeconfigs from settings. Use: "
        'Existing("office")'
    ]


def test_a_member_says_once_how_its_gateway_is_reached() -> None:
    ports = NodePortGateway(address="192.0.2.10", port=30143, probe_port=30191)

    with pytest.raises(ValueError, match="office") as error:
        Member("office", kubeconfig="k", gateway=ports, gateway_service=NodePorts("192.0.2.10"))

    assert str(error.value).startswith(
        "member 'office' must have a gateway or a gateway_service (got both)."
    )


def test_links_know_the_ports_of_a_gateway_whose_address_only_the_program_knows() -> None:
    def program() -> None:
        address = pulumi.Output.from_input("192.0.2.10")
        ports = NodePortGateway(address=address, port=31143, probe_port=31191)
        office = Member("office", kubeconfig=engine.KUBECONFIG, gateway=ports)
        args = MeshArgs(clusters=[Kind("local"), office], links=chain("local", "office"))
        pulumi.export("port", args.plan.link("local", "office").probe_port)

    assert engine.run(program).outputs == {"port": 31191}
