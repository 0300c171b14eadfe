"""
Our small charts: what they know, what they refuse, and that they make what the charts of the same
names make. What they know is compared with the values of Linkerd's own charts, in tests/data.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from linkmesh import helm
from linkmesh.eks_cluster.load_balancers import controller_values
from sandbox.home import PROJECT
from sandbox.tests.rendering import Objects, rendered, template
from tests.data import LINKERD_CHARTS

CHARTS = PROJECT / "sandbox" / "charts"
NAMES = (
    "linkerd-crds",
    "linkerd2-cni",
    "linkerd-control-plane",
    "linkerd-multicluster",
    "linkerd-viz",
)

BALANCERS = "aws-load-balancer-controller"

# The least that each chart wants.
NEEDED: dict[str, dict[str, Any]] = {
    BALANCERS: controller_values(cluster="west", region="eu-west-1", vpc_id="vpc-1"),
    "linkerd-control-plane": {
        "identityTrustAnchorsPEM": "anchors",
        "identity": {"issuer": {"scheme": "kubernetes.io/tls"}},
        "heartbeatSchedule": "1 2 3 4 5",
    },
}


def schema(chart: str) -> dict[str, Any]:
    return dict(json.loads((CHARTS / chart / "values.schema.json").read_text()))


def knows(document: dict[str, Any], path: tuple[str, ...]) -> bool:
    """Tell whether a schema knows a value path; below an open map it knows all."""
    node = document
    for key in path:
        if "$ref" in node:
            node = document["definitions"][node["$ref"].rpartition("/")[2]]
        if node.get("additionalProperties", True) is not False:
            return True
        if key not in node["properties"]:
            return False
        node = node["properties"][key]
    return True


def paths(values: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """List every path of values, leaves and maps."""
    if above:
        yield above
    if isinstance(values, dict):
        for key, value in values.items():
            yield from paths(value, (*above, key))


def made(chart: str, **values: Any) -> Objects:
    return rendered(CHARTS / chart, helm.merged(NEEDED.get(chart, {}), values))


@pytest.mark.parametrize("chart", NAMES)
def test_the_charts_have_the_version_that_the_product_pins(chart: str) -> None:
    described = yaml.safe_load((CHARTS / chart / "Chart.yaml").read_text())

    assert described["name"] == chart
    assert described["version"] == "2026.6.3"
    assert described["appVersion"] == "edge-26.6.3"
    assert described["kubeVersion"] == ">=1.31.0-0"


@pytest.mark.parametrize("chart", NAMES)
def test_every_value_of_linkerds_own_chart_is_known_with_its_default(chart: str) -> None:
    files = [LINKERD_CHARTS / f"{chart}.values.yaml", LINKERD_CHARTS / f"{chart}.values-ha.yaml"]
    genuine = [yaml.safe_load(file.read_text()) for file in files if file.exists()]
    ours = yaml.safe_load((CHARTS / chart / "values.yaml").read_text())

    unknown = [
        path for values in genuine for path in paths(values) if not knows(schema(chart), path)
    ]
    assert unknown == []
    assert ours == genuine[0]


@pytest.mark.sandbox
def test_each_definition_serves_the_versions_of_linkerds_own() -> None:
    genuine = {
        one["metadata"]["name"]: one
        for file in ("linkerd-crds.yaml", "link-crd.yaml")
        for one in yaml.safe_load_all((LINKERD_CHARTS / file).read_text())
        if one
    }
    ours = made("linkerd-crds", installGatewayAPI=True) | made("linkerd-multicluster")

    def served(definition: dict[str, Any]) -> tuple[object, ...]:
        versions = definition["spec"]["versions"]
        return (
            definition["spec"]["scope"],
            definition["spec"]["names"]["plural"],
            sorted(definition["spec"]["names"].get("shortNames", [])),
            [
                (one["name"], one["served"], one["storage"], "subresources" in one)
                for one in versions
            ],
        )

    for name, definition in genuine.items():
        assert served(ours["CustomResourceDefinition", name]) == served(definition), name


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("chart", "values", "message"),
    [
        *((chart, {"gatewy": {"replicas": 3}}, "'gatewy' not allowed") for chart in NAMES),
        ("linkerd-control-plane", {"identityTrustAnchorsPEM": ""}, "TrustAnchorsPEM must be given"),
        (BALANCERS, {"vpcID": "vpc-1"}, "'vpcID' not allowed"),
        (BALANCERS, {"serviceAccount": {"nam": "x"}}, "'nam' not allowed"),
        (BALANCERS, {"replicaCount": "two"}, "got string, want"),
        (BALANCERS, {"defaultTargetType": "pod"}, "defaultTargetType"),
        (BALANCERS, {"clusterName": None}, "without a valid clusterName"),
        (BALANCERS, {"enableCertManager": True}, "enableCertManager is not imitated"),
    ],
)
def test_what_the_genuine_chart_does_not_know_or_ours_cannot_is_refused(
    chart: str, values: dict[str, Any], message: str
) -> None:
    done = template(CHARTS / chart, helm.merged(NEEDED.get(chart, {}), values))

    assert done.returncode != 0
    assert message in done.stderr


@pytest.mark.sandbox
def test_trust_anchors_that_come_from_elsewhere_are_not_needed() -> None:
    elsewhere = {"identityTrustAnchorsPEM": "", "identity": {"externalCA": True}}

    assert ("ConfigMap", "linkerd-identity-trust-roots") not in made(
        "linkerd-control-plane", **elsewhere
    )


@pytest.mark.sandbox
def test_no_webhook_is_made_since_nothing_would_answer() -> None:
    kinds = {kind for chart in (*NAMES, BALANCERS) for kind, _ in made(chart)}

    assert not [kind for kind in kinds if "Webhook" in kind or kind == "APIService"]


@pytest.mark.sandbox
@pytest.mark.parametrize(("asked", "count"), [(False, 0), (True, 4)])
def test_the_gateway_apis_definitions_come_only_if_asked_and_are_kept(
    asked: bool, count: int
) -> None:
    policies = [
        one["metadata"]["annotations"]["helm.sh/resource-policy"]
        for one in made("linkerd-crds", installGatewayAPI=asked).values()
        if one["spec"]["group"] == "gateway.networking.k8s.io"
    ]

    assert policies == ["keep"] * count


@pytest.mark.sandbox
def test_each_link_gets_a_controller_with_rights_to_its_own_credentials_only() -> None:
    links = [
        {"link": {"ref": {"name": "east"}}},
        {"link": {"ref": {"name": "south"}}, "replicas": 2},
    ]
    objects = made("linkerd-multicluster", controllers=links, controllerDefaults={"replicas": 3})
    east, south = (objects["Deployment", f"controller-{name}"] for name in ("east", "south"))
    [secrets] = objects["Role", "controller-read-remote-creds-east"]["rules"][:1]

    assert (east["spec"]["replicas"], south["spec"]["replicas"]) == (3, 2)
    assert secrets["resourceNames"] == ["cluster-credentials-east"]
    assert {("Service", "probe-east"), ("Service", "probe-south")} <= set(objects)
