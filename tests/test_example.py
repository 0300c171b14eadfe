"""The example program, on the note-taking engine: short, and a whole mesh."""

import functools
import json
import runpy

import pulumi

from tests import engine
from tests.components.eks_cluster.described import waits_for
from tests.project import PROJECT

PROGRAM = PROJECT / "examples" / "other-program" / "__main__.py"
RELEASE = "kubernetes:helm.sh/v3:Release"
CONFIG = {
    "administrator": "arn:aws:iam::111122223333:role/operators",
    "officeBlocks": json.dumps(["198.51.100.10/32"]),
    "officeKubeconfig": engine.KUBECONFIG,
}


@functools.cache
def made() -> engine.Notes:
    """Run the program, with this checkout as the library."""
    pulumi.runtime.set_all_config({f"linkmesh:{key}": value for key, value in CONFIG.items()})

    def program() -> None:
        runpy.run_path(str(PROGRAM))

    try:
        return engine.run(program)
    finally:
        pulumi.runtime.set_all_config({})


def after(type_: str, name: str) -> set[str]:
    """Name all that a resource waits for, itself or as a part of its component."""
    notes = made()
    noted = notes.one(type_, name)
    component = next((each for each in notes.resources if each.name == noted.within), noted)
    return {before for one in (noted, component) for _, before in waits_for(notes, one)}


def test_it_is_short_and_names_no_dependency() -> None:
    assert len(PROGRAM.read_text().splitlines()) < 55
    assert "depends_on" not in PROGRAM.read_text()


def test_it_exports_no_secret_in_plain_text() -> None:
    outputs = made().outputs

    assert set(outputs) == {"orders", "cloudKubeconfig", "expiries"}
    assert isinstance(outputs["cloudKubeconfig"], engine.Secret)


def test_the_caller_knows_the_url() -> None:
    assert made().outputs["orders"] == "http://orders-cloud.shop.svc.cluster.local:80"


def test_the_link_uses_what_was_granted() -> None:
    link = made().one("kubernetes:multicluster.linkerd.io/v1alpha3:Link").inputs["spec"]
    credentials = made().one("kubernetes:core/v1:Secret", "office-cloud-credentials").inputs

    assert link["gatewayAddress"] == "192.0.2.10"
    assert link["targetClusterName"] == "cloud"
    kubeconfig = credentials["stringData"].value["kubeconfig"]
    assert "TOKEN cloud-access-office-token" in kubeconfig
    assert "https://cloud.eks.test" in kubeconfig


def test_the_gateways_load_balancer_is_for_the_office_and_operators_only() -> None:
    gateway = made().one(RELEASE, "cloud-multicluster-release").inputs["values"]["gateway"]
    scheme = "service.beta.kubernetes.io/aws-load-balancer-scheme"

    assert gateway["loadBalancerSourceRanges"] == ["198.51.100.10/32"]
    assert gateway["loadBalancerClass"] == "service.k8s.aws/nlb"
    assert gateway["serviceAnnotations"][scheme] == "internet-facing"


def test_each_thing_waits_for_what_it_needs() -> None:
    nodes = after("aws:eks/nodeGroup:NodeGroup", "cloud-nodes")
    extension = after(RELEASE, "cloud-multicluster-release")
    token = after("kubernetes:core/v1:Secret", "cloud-access-office-token")
    link = after("kubernetes:multicluster.linkerd.io/v1alpha3:Link", "office-cloud-link")
    export = after("kubernetes:core/v1:ServicePatch", "cloud-shop-orders")

    assert {f"cloud-private-{zone}-internet" for zone in "abc"} <= nodes
    assert {"cloud-linkerd-control-plane", "cloud-load-balancers-release"} <= extension
    assert "cloud-multicluster-release" in token
    assert "office-multicluster-release" in link
    assert "orders" in export
    assert "cloud-shop" in after("kubernetes:core/v1:Service", "orders")
