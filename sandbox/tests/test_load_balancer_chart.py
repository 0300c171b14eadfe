"""
Our small chart of the AWS Load Balancer Controller: what it knows, refuses and makes.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from linkmesh.eks_cluster.load_balancers import controller_values
from sandbox.home import PROJECT, TOOLCHAIN

NAME = "aws-load-balancer-controller"
CHART = PROJECT / "sandbox" / "charts" / NAME

# What the product tells it.
VALUES = controller_values(
    cluster="west", region="eu-west-1", vpc_id="vpc-1", tags={"stage": "demo"}
)


def template(tmp_path: Path, **values: Any) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "values.yaml"
    file.write_text(yaml.safe_dump({**VALUES, **values}))
    argv = ["template", NAME, str(CHART), "-n", "kube-system", "-f", str(file)]
    helm = str(TOOLCHAIN / "bin" / "helm")
    return subprocess.run([helm, *argv], capture_output=True, text=True, check=False, timeout=60)


def rendered(tmp_path: Path, **values: Any) -> dict[tuple[str, str], dict[str, Any]]:
    done = template(tmp_path, **values)
    assert done.returncode == 0, done.stderr
    objects = [one for one in yaml.safe_load_all(done.stdout) if one]
    return {(one["kind"], one["metadata"]["name"]): one for one in objects}


def test_every_default_is_a_value_that_the_schema_knows() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text())
    values = yaml.safe_load((CHART / "values.yaml").read_text())

    def unknown(value: Any, node: dict[str, Any], path: str) -> list[str]:
        if not isinstance(value, dict) or node.get("additionalProperties", True) is not False:
            return []
        return [
            one
            for key, inner in value.items()
            for one in (
                unknown(inner, node["properties"][key], f"{path}.{key}")
                if key in node["properties"]
                else [f"{path}.{key}"]
            )
        ]

    assert unknown(values, schema, "") == []


@pytest.mark.sandbox
def test_the_controller_is_told_cluster_region_and_vpc(tmp_path: Path) -> None:
    made = rendered(tmp_path)
    pod = made["Deployment", NAME]["spec"]["template"]["spec"]

    assert made["Deployment", NAME]["spec"]["replicas"] == 2
    assert pod["serviceAccountName"] == NAME
    assert {
        "--cluster-name=west",
        "--aws-region=eu-west-1",
        "--aws-vpc-id=vpc-1",
        "--default-tags=stage=demo",
        "--default-target-type=ip",
        "--enable-shield=false",
    } <= set(pod["containers"][0]["args"])
    assert ("PodDisruptionBudget", NAME) in made
    assert ("Service", "aws-load-balancer-webhook-service") in made
    assert ("IngressClass", "alb") not in made


@pytest.mark.sandbox
def test_no_api_server_is_told_to_ask_webhooks(tmp_path: Path) -> None:
    assert not {kind for kind, _ in rendered(tmp_path) if kind.endswith("WebhookConfiguration")}


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"vpcID": "vpc-1"}, "'vpcID' not allowed"),
        ({"serviceAccount": {"nam": "x"}}, "'nam' not allowed"),
        ({"replicaCount": "two"}, "got string, want"),
        ({"defaultTargetType": "pod"}, "defaultTargetType"),
        ({"clusterName": None}, "without a valid clusterName"),
        ({"enableCertManager": True}, "enableCertManager is not imitated"),
    ],
)
def test_what_the_genuine_chart_does_not_know_or_ours_cannot_is_refused(
    values: dict[str, Any], message: str, tmp_path: Path
) -> None:
    done = template(tmp_path, **values)

    assert done.returncode != 0
    assert message in done.stderr
