"""
Our small charts: what they know, what they refuse, and that they make what Linkerd's charts of the
same names make. What they know is compared with the values of Linkerd's own charts, in tests/data.
"""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.home import PROJECT, TOOLCHAIN
from tests.data import LINKERD_CHARTS

CHARTS = PROJECT / "sandbox" / "charts"
NAMES = (
    "linkerd-crds",
    "linkerd2-cni",
    "linkerd-control-plane",
    "linkerd-multicluster",
    "linkerd-viz",
)

# The least that each chart wants.
NEEDED: dict[str, dict[str, Any]] = {
    "linkerd-control-plane": {
        "identityTrustAnchorsPEM": "anchors",
        "identity": {"issuer": {"scheme": "kubernetes.io/tls"}},
        "heartbeatSchedule": "1 2 3 4 5",
    },
}

HIGH_AVAILABILITY = {
    "controllerReplicas": 3,
    "enablePodAntiAffinity": True,
    "enablePodDisruptionBudget": True,
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


def template(chart: str, tmp_path: Path, **values: Any) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "values.yaml"
    file.write_text(yaml.safe_dump(merged(NEEDED.get(chart, {}), values)))
    helm, folder = str(TOOLCHAIN / "bin" / "helm"), str(CHARTS / chart)
    argv = [
        helm,
        "template",
        chart,
        folder,
        "-n",
        "there",
        "--kube-version",
        "1.35.4",
        "-f",
        str(file),
    ]
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)


def merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    result = dict(first)
    for key, value in second.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if both else value
    return result


def rendered(chart: str, tmp_path: Path, **values: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """Render a chart; objects by kind and name."""
    done = template(chart, tmp_path, **values)
    assert done.returncode == 0, done.stderr
    objects = [one for one in yaml.safe_load_all(done.stdout) if one]
    return {(one["kind"], one["metadata"]["name"]): one for one in objects}


def names(objects: dict[tuple[str, str], dict[str, Any]], kind: str) -> set[str]:
    return {name for each, name in objects if each == kind}


@pytest.mark.parametrize("chart", NAMES)
def test_the_charts_have_the_version_that_the_product_pins(chart: str) -> None:
    described = yaml.safe_load((CHARTS / chart / "Chart.yaml").read_text())

    assert described["name"] == chart
    assert described["version"] == "2026.6.3"
    assert described["appVersion"] == "edge-26.6.3"
    assert described["kubeVersion"] == ">=1.31.0-0"


@pytest.mark.parametrize("chart", NAMES)
def test_every_default_is_a_value_that_the_chart_knows(chart: str) -> None:
    values = yaml.safe_load((CHARTS / chart / "values.yaml").read_text())

    assert [path for path in paths(values) if not knows(schema(chart), path)] == []


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
def test_each_definition_serves_the_versions_of_linkerds_own(tmp_path: Path) -> None:
    genuine = {
        one["metadata"]["name"]: one
        for file in ("linkerd-crds.yaml", "link-crd.yaml")
        for one in yaml.safe_load_all((LINKERD_CHARTS / file).read_text())
        if one
    }
    ours = {
        **rendered("linkerd-crds", tmp_path, installGatewayAPI=True),
        **rendered("linkerd-multicluster", tmp_path),
    }

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
@pytest.mark.parametrize("chart", NAMES)
def test_a_value_that_linkerds_chart_does_not_know_is_refused_by_name(
    chart: str, tmp_path: Path
) -> None:
    done = template(chart, tmp_path, gatewy={"replicas": 3})

    assert done.returncode != 0
    assert "'gatewy' not allowed" in done.stderr


@pytest.mark.sandbox
def test_trust_anchors_are_needed_unless_they_come_from_elsewhere(tmp_path: Path) -> None:
    refused = template("linkerd-control-plane", tmp_path, identityTrustAnchorsPEM="")
    objects = rendered(
        "linkerd-control-plane", tmp_path, identityTrustAnchorsPEM="", identity={"externalCA": True}
    )

    assert "identityTrustAnchorsPEM must be given" in refused.stderr
    assert ("ConfigMap", "linkerd-identity-trust-roots") not in objects


@pytest.mark.sandbox
def test_linkerds_configuration_can_be_read_back_as_values(tmp_path: Path) -> None:
    objects = rendered("linkerd-control-plane", tmp_path, clusterDomain="own.domain")
    values = yaml.safe_load(objects["ConfigMap", "linkerd-config"]["data"]["values"])

    assert values["identityTrustDomain"] == "own.domain"
    assert values["identityTrustAnchorsPEM"] == "anchors"
    assert values["heartbeatSchedule"] == "1 2 3 4 5"


@pytest.mark.sandbox
def test_no_webhook_is_made_since_nothing_would_answer(tmp_path: Path) -> None:
    kinds = {
        kind
        for chart in NAMES
        for kind, _ in rendered(chart, tmp_path)
        if "Webhook" in kind or kind == "APIService"
    }

    assert kinds == set()


@pytest.mark.sandbox
@pytest.mark.parametrize("asked", [False, True])
def test_the_gateway_apis_definitions_come_only_if_asked_and_are_kept(
    asked: bool, tmp_path: Path
) -> None:
    objects = rendered("linkerd-crds", tmp_path, installGatewayAPI=asked)
    routes = [
        one for _, one in objects.items() if one["spec"]["group"] == "gateway.networking.k8s.io"
    ]

    assert len(routes) == (4 if asked else 0)
    assert all(
        one["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep" for one in routes
    )


@pytest.mark.sandbox
def test_each_link_gets_a_controller_with_rights_to_its_own_credentials_only(
    tmp_path: Path,
) -> None:
    objects = rendered(
        "linkerd-multicluster",
        tmp_path,
        controllers=[
            {"link": {"ref": {"name": "east"}}},
            {"link": {"ref": {"name": "south"}}, "replicas": 2},
        ],
        controllerDefaults={"replicas": 3},
    )

    replicas = {
        name: objects["Deployment", name]["spec"]["replicas"]
        for name in names(objects, "Deployment")
    }
    assert replicas["controller-east"] == 3
    assert replicas["controller-south"] == 2
    secrets = objects["Role", "controller-read-remote-creds-east"]["rules"][0]
    assert secrets["resourceNames"] == ["cluster-credentials-east"]
    assert {"probe-east", "probe-south"} <= names(objects, "Service")
    arguments = objects["Deployment", "controller-east"]["spec"]["template"]["spec"]["containers"][
        0
    ]["args"]
    assert arguments[-2:] == ["-probe-service=probe-east", "east"]


@pytest.mark.sandbox
def test_a_controller_without_a_links_name_is_refused(tmp_path: Path) -> None:
    done = template("linkerd-multicluster", tmp_path, controllers=[{"link": {}}])

    assert "each entry of controllers must have a link.ref.name" in done.stderr


@pytest.mark.sandbox
def test_the_gateway_tells_its_identity_and_probe(tmp_path: Path) -> None:
    objects = rendered("linkerd-multicluster", tmp_path, identityTrustDomain="own.domain")
    service = objects["Service", "linkerd-gateway"]

    notes = service["metadata"]["annotations"]
    assert notes["mirror.linkerd.io/gateway-identity"] == (
        "linkerd-gateway.there.serviceaccount.identity.linkerd.own.domain"
    )
    assert (notes["mirror.linkerd.io/probe-path"], notes["mirror.linkerd.io/probe-period"]) == (
        "/ready",
        "3",
    )
    ports = {port["name"]: port["port"] for port in service["spec"]["ports"]}
    assert ports == {"mc-gateway": 4143, "mc-probe": 4191}


@pytest.mark.sandbox
def test_no_account_for_linked_clusters_is_made_if_one_makes_them_oneself(tmp_path: Path) -> None:
    objects = rendered("linkerd-multicluster", tmp_path, remoteMirrorServiceAccount=False)

    assert names(objects, "Secret") == set()
