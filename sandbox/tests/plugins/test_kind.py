"""
The kind provider: what it accepts, what it makes of it, and how it fails; with clusters played.
"""

import base64
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.home import HOME_VARIABLE, PROJECT, SandboxError
from sandbox.plugins import kind
from sandbox.plugins.contract import Refused, State
from sandbox.plugins.kind import TOKEN, Cluster, Kind, nodes_of
from sandbox.plugins.values import UNKNOWN
from sandbox.tests.plugins.fake_clusters import FakeClusters

CONFIG = {
    "kind": "Cluster",
    "apiVersion": "kind.x-k8s.io/v1alpha4",
    "nodes": [{"role": "control-plane"}, {"role": "worker"}],
}
PARAMETER = b'{"remote":{"url":"registry.opentofu.org/tehcyx/kind","version":"0.11.0"}}'
IMAGE = "kindest/node:v1.35.0"
WEST: dict[str, Any] = {
    "name": "west",
    "nodeImage": IMAGE,
    "waitForReady": True,
    "kubeconfigPath": "kubeconfigs/west",
    "kindConfig": CONFIG,
}


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeClusters:
    played = FakeClusters()
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    played.replace(monkeypatch, kind)
    return played


def create() -> dict[str, Any]:
    checked = Cluster().check(WEST)
    return Cluster().create(checked, preview=False).outputs


def test_the_parameter_is_the_one_in_the_sdk() -> None:
    asked = json.loads((files("pulumi_kind") / "pulumi-plugin.json").read_text())
    given = asked["parameterization"]

    Kind().parameterize(base64.b64decode(given["value"]), given["name"], given["version"])

    assert (Kind.name, Kind.version) == (asked["name"], asked["version"])


@pytest.mark.parametrize(
    ("value", "name", "version"),
    [
        (PARAMETER.replace(b"0.11.0", b"0.12.0"), "kind", "0.11.0"),
        (PARAMETER, "kind", "0.12.0"),
        (PARAMETER, "other", "0.11.0"),
        (b"no json", "kind", "0.11.0"),
    ],
)
def test_any_other_terraform_provider_is_refused(value: bytes, name: str, version: str) -> None:
    with pytest.raises(Refused, match=r"the Terraform provider must be tehcyx/kind 0.11.0"):
        Kind().parameterize(value, name, version)


def test_there_is_no_cluster_type_before_the_parameter() -> None:
    provider = Kind()
    with pytest.raises(Refused, match=f"resource type {TOKEN} must be one that"):
        provider.resource(TOKEN)

    provider.parameterize(PARAMETER, "kind", "0.11.0")

    assert isinstance(provider.resource(TOKEN), Cluster)


def test_inputs_and_outputs_are_those_of_the_genuine_schema() -> None:
    schema = json.loads((PROJECT / "sdks" / "kind.schema.json").read_text())
    genuine = schema["resources"][TOKEN]

    assert set(kind.SCHEMA.required) <= set(genuine["inputProperties"])
    ours = {*kind.SCHEMA.required, *kind.SCHEMA.computed}
    assert ours == set(genuine["properties"]) - {"timeouts"}


def test_a_cluster_gets_its_nodes_and_tells_how_to_reach_it(
    played: FakeClusters, tmp_path: Path
) -> None:
    outputs = create()

    assert list(played.nodes["west"]) == ["west-control-plane", "west-worker"]
    assert played.versions == {"west": "v1.35.0"}
    assert played.server_names == {"west": ["west-control-plane"]}
    assert {key: outputs[key] for key in kind.SCHEMA.computed if key != "kubeconfig"} == {
        "clientCertificate": "a certificate",
        "clientKey": "a key",
        "clusterCaCertificate": "the authority",
        "clusterId": f"west-{IMAGE}",
        "completed": True,
        "endpoint": "https://127.0.0.1:1",
    }
    file = tmp_path / "kubeconfigs" / "west"
    name, config = "kind-west", yaml.safe_load(outputs["kubeconfig"])
    assert config["current-context"] == config["users"][0]["name"] == name
    assert config["contexts"] == [{"name": name, "context": {"cluster": name, "user": name}}]
    assert yaml.safe_load(file.read_text()) == config
    assert file.stat().st_mode & 0o777 == 0o600


def test_nodes_are_named_labelled_and_tainted_as_kind_does_it() -> None:
    first, *workers = nodes_of("west", ["control-plane", "worker", "worker"])

    assert first.taints == [
        {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}
    ]
    assert "node.kubernetes.io/exclude-from-external-load-balancers" in first.labels
    assert [node.name for node in workers] == ["west-worker", "west-worker2"]
    assert not any(node.taints or node.labels for node in workers)


def test_a_file_with_entries_of_others_is_not_overwritten(
    played: FakeClusters, tmp_path: Path
) -> None:
    file = tmp_path / "kubeconfigs" / "west"
    file.parent.mkdir()
    file.write_text("contexts: [{name: production}]")

    with pytest.raises(Refused, match=r"must be a file of the cluster's own .*production"):
        create()

    assert "production" in file.read_text()
    assert played.nodes == {}


def test_a_second_cluster_of_one_name_is_refused(played: FakeClusters) -> None:
    create()

    with pytest.raises(
        Refused, match=r'node\(s\) already exist for a cluster with the name "west"'
    ):
        create()
    assert "west" in played.nodes


def test_what_fails_half_way_is_cleared_away(played: FakeClusters) -> None:
    played.fails = "add_nodes"

    with pytest.raises(SandboxError, match="no node became ready"):
        create()

    assert played.nodes == {}


def test_reading_a_cluster_that_is_gone_is_an_error(played: FakeClusters) -> None:
    outputs = create()
    played.nodes.clear()

    with pytest.raises(Refused, match="could not locate any control plane nodes for cluster named"):
        Cluster().read(State("id", outputs), {"name": "west"})
    with pytest.raises(Refused, match="doesn't support import"):
        Cluster().read(State("west", {}), {})


def test_deleting_takes_the_kubeconfig_away_and_may_be_repeated(
    played: FakeClusters, tmp_path: Path
) -> None:
    outputs = create()

    for _ in range(2):
        Cluster().delete(State("id", outputs))

    assert played.nodes == {}
    assert not (tmp_path / "kubeconfigs" / "west").exists()


def test_every_change_replaces_and_the_name_is_freed_first() -> None:
    diff = Cluster().diff(WEST, {**WEST, "kindConfig": {**CONFIG, "nodes": []}})

    assert [change.replace for change in diff.changes] == [True, True]
    assert diff.delete_before_replace


@pytest.mark.parametrize(
    ("news", "message"),
    [
        ({"nodeImage": "node:v1.35.0"}, r"'nodeImage' must be kindest/node:v1"),
        ({"kindConfig": {**CONFIG, "networking": {}}}, "'kindConfig.networking' must"),
        ({"kindConfig": {**CONFIG, "kind": "Pod"}}, "'kindConfig.kind' must be one of Cluster"),
        ({"kindConfig": {**CONFIG, "nodes": [{"role": "worker"}]}}, "must have one control-plane"),
        ({"kindConfig": {**CONFIG, "nodes": []}}, r"must have one control-plane .*got none"),
        ({"timeouts": {}}, "'timeouts' must be a property"),
    ],
)
def test_what_would_have_no_effect_is_refused(news: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused, match=message):
        Cluster().check({**WEST, **news})


def test_a_preview_makes_nothing_of_unknown_inputs(played: FakeClusters) -> None:
    news = {**WEST, "nodeImage": UNKNOWN, "kindConfig": {**CONFIG, "nodes": UNKNOWN}}

    checked = Cluster().check(news)
    outputs = Cluster().create(checked, preview=True).outputs

    assert played.nodes == {}
    assert outputs["kubeconfig"] is UNKNOWN
    assert outputs["name"] == "west"
