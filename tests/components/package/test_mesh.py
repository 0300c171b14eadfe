"""`Mesh` of the package: the same as in Python, and what takes another form."""

import functools
from typing import Any

import pulumi

from linkmesh.composition.args import MeshArgs
from linkmesh.composition.member import Member
from linkmesh.composition.mesh import Mesh
from linkmesh.environment import Eks, Export, Linkerd, LinkSpec, NatGateways
from tests import engine
from tests.components.package.constructed import KUBECONFIG, constructed, refused, secret

GIVEN: dict[str, Any] = {
    "members": [{"name": "office", "egress": ["198.51.100.20/32"]}],
    "eks": [{"name": "cloud", "region": "eu-west-1", "cidr": "10.40.0.0/16", "nat": "one"}],
    "kubeconfigs": secret({"office": KUBECONFIG}),
    "links": [{"source": "office", "target": "cloud"}],
    "exports": [{"service": "orders", "namespace": "shop", "of": "cloud"}],
    "linkerd": {"viz": False},
    "admins": ["arn:aws:iam::111122223333:role/operators"],
    "operators": ["198.51.100.10/32"],
}


def in_python() -> None:
    Mesh(
        "it",
        MeshArgs(
            clusters=[
                Eks("cloud", region="eu-west-1", cidr="10.40.0.0/16", nat=NatGateways.SINGLE),
                Member(
                    "office",
                    kubeconfig=pulumi.Output.secret(KUBECONFIG),
                    egress=["198.51.100.20/32"],
                ),
            ],
            links=[LinkSpec("office", "cloud")],
            exports=[Export("orders", namespace="shop", of="cloud")],
            linkerd=Linkerd(viz=False),
            admins=["arn:aws:iam::111122223333:role/operators"],
            operators=["198.51.100.10/32"],
        ),
    )


def noted(notes: engine.Notes) -> list[Any]:
    found = [(each.type, each.name, each.within, each.inputs) for each in notes.resources]
    return sorted(found, key=lambda each: each[:3])


made = functools.cache(lambda: constructed("Mesh", **GIVEN))


def test_it_makes_what_it_makes_in_python() -> None:
    assert noted(made()) == noted(engine.run(in_python))


def test_a_program_reads_names_kubeconfigs_and_expiries() -> None:
    outputs = made().outputs

    assert outputs["exports"] == [
        {
            "service": "orders",
            "namespace": "shop",
            "of": "cloud",
            "callers": ["office"],
            "mirror": "orders-cloud",
            "host": "orders-cloud.shop.svc.cluster.local",
        }
    ]
    assert isinstance(outputs["kubeconfigs"], engine.Secret)
    assert set(outputs["kubeconfigs"].value) == {"cloud", "office"}
    assert outputs["expiries"]["anchor"] == "2036-11-20T00:00:00Z"


def test_a_kubeconfig_that_is_not_known_yet_is_no_obstacle() -> None:
    notes = constructed(
        "Mesh",
        preview=True,
        **{**GIVEN, "kubeconfigs": lambda: pulumi.Output.from_input(pulumi.output.UNKNOWN)},
    )

    assert notes.one("linkmesh:index:Link", "office-cloud")


def test_a_service_is_made_before_its_export() -> None:
    service = {"name": "orders", "namespace": "shop", "cluster": "cloud", "port": 80.0}
    notes = constructed("Mesh", **GIVEN, services=[{**service, "selector": {"app": "orders"}}])

    [made_service] = notes.of("kubernetes:core/v1:Service")
    assert made_service.inputs["spec"] == {
        "selector": {"app": "orders"},
        "ports": [{"port": 80, "targetPort": 80}],
    }
    export = notes.one("linkmesh:index:ExportedService")
    assert made_service.name in export.after


def test_an_anchor_of_the_program_signs_the_issuers_and_may_be_unknown() -> None:
    notes = constructed(
        "Mesh",
        preview=True,
        **GIVEN,
        trustAnchor=lambda: pulumi.Output.secret(pulumi.output.UNKNOWN),
    )

    assert notes.of("linkmesh:index:TrustAnchor") == []
    assert notes.one("linkmesh:index:IdentityIssuer", "cloud-issuer")


def test_all_rules_of_a_description_hold_in_its_words() -> None:
    cloud = {**GIVEN["eks"][0], "logRetentionDays": 91.0}

    assert refused("Mesh", **{**GIVEN, "eks": [cloud]}) == {
        "": "cluster 'cloud': logRetentionDays must be a number of days that CloudWatch knows (got "
        "91). It would refuse the log group: it accepts 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, "
        "365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653. Use: 120"
    }


def test_a_wrong_property_is_named() -> None:
    export = {"service": "orders", "namespace": "shop", "of": "cloud", "mode": "sideways"}

    assert refused("Mesh", **{**GIVEN, "exports": [export]}) == {
        "exports[0].mode": "must be 'gateway', 'flat' or 'federated' (got 'sideways')"
    }


def test_each_member_has_a_kubeconfig() -> None:
    given = {**GIVEN, "kubeconfigs": {"ofice": KUBECONFIG}}

    assert refused("Mesh", **given) == {
        "": "kubeconfigs must have that of each member (got none of 'office'). The mesh reads no "
        "settings. Use: the contents of a kubeconfig, as a secret\n"
        "kubeconfigs must be of members (got one of 'ofice'). Remove it."
    }


def test_a_service_is_on_a_cluster_of_the_mesh() -> None:
    service = {"name": "a", "namespace": "shop", "cluster": "east", "port": 80.0, "selector": {}}

    assert refused("Mesh", **GIVEN, services=[service]) == {
        "": "services must be on clusters of the mesh (got 'a' on 'east'). Use one of: cloud, "
        "office"
    }


# Others call `office`, so it has a gateway.
CALLED = {**GIVEN, "links": [{"source": "cloud", "target": "office"}], "exports": []}


def test_a_member_says_how_its_gateway_is_reached() -> None:
    office = {**GIVEN["members"][0], "nodePorts": {"address": "192.0.2.7", "port": 31143.0}}
    notes = constructed("Mesh", **{**CALLED, "members": [office]})

    spec = notes.one("kubernetes:multicluster.linkerd.io/v1alpha3:Link").inputs["spec"]
    assert (spec["gatewayAddress"], spec["gatewayPort"]) == ("192.0.2.7", "31143")


def test_a_member_is_reached_in_one_way() -> None:
    both = {**GIVEN["members"][0], "nodePorts": {"address": "192.0.2.7"}, "loadBalancer": {}}

    assert refused("Mesh", **{**CALLED, "members": [both]}) == {
        "": "member 'office' must have a loadBalancer or nodePorts (got both). Each says how "
        "others reach its gateway. Remove one."
    }
