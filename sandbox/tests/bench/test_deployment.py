"""What is taken from the states of stacks, so that kubectl and Helm deploy the same."""

import base64
import copy
import json
from typing import Any

import pytest
import yaml

from sandbox.bench.credentials import Credentials
from sandbox.bench.deployment import SECRET, Chart, deployment, plan

SOURCE = {"kubeconfig": "/source", "server": "https://source", "authority": "QQ=="}
TARGET = {"kubeconfig": "/target", "server": "https://target", "authority": "Qg=="}


def resource(kind: str, /, **inputs: Any) -> dict[str, Any]:
    """A resource of a state."""
    return {"type": f"kubernetes:{kind}", "inputs": inputs}


def state(*resources: dict[str, Any]) -> dict[str, Any]:
    """An exported state, with what is no object of Kubernetes."""
    others = [
        {"type": "pulumi:pulumi:Stack"},
        {"type": "pulumi:providers:kubernetes", "inputs": {"kubeconfig": "secret"}},
    ]
    return {"deployment": {"resources": [*others, *resources]}}


def thing(kind: str, name: str, **more: Any) -> dict[str, Any]:
    """A namespaced object of the core group."""
    metadata = {"name": name, "namespace": "shop"}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, **more}


def secret(value: Any) -> dict[str, str]:
    """A secret, as `--show-secrets` shows it."""
    return {SECRET: "1b47061264138c4ac30d75fd1eb44270", "plaintext": json.dumps(value)}


def kubeconfig() -> str:
    """Credentials of the cluster `target`."""
    cluster = {"server": "https://old", "certificate-authority-data": "b2xk"}
    return yaml.safe_dump(
        {
            "clusters": [{"name": "target", "cluster": cluster}],
            "contexts": [{"name": "target", "context": {"cluster": "target", "user": "reader"}}],
            "current-context": "target",
            "users": [{"name": "reader", "user": {"token": "old-token"}}],
        }
    )


LINKS = state(
    resource(
        "core/v1:Secret",
        **thing(
            "Secret",
            "credentials",
            type="mirror.linkerd.io/remote-kubeconfig",
            data=secret({"kubeconfig": base64.b64encode(kubeconfig().encode()).decode()}),
        ),
    ),
    resource(
        "multicluster.linkerd.io/v1alpha3:Link",
        apiVersion="multicluster.linkerd.io/v1alpha3",
        kind="Link",
        metadata={"name": "target", "namespace": "linkerd-multicluster"},
        spec={"targetClusterName": "target", "gatewayAddress": "192.0.2.9"},
    ),
)


def test_charts_are_taken_with_their_values_and_how_they_are_waited_for() -> None:
    release = resource(
        "helm.sh/v3:Release",
        name="linkerd-viz",
        chart="/charts/linkerd-viz",
        namespace="linkerd-viz",
        values={"key": secret("pem"), "replicas": 3},
        skipAwait=True,
        timeout=600,
    )

    assert deployment(state(release), []).charts == [
        Chart(
            release="linkerd-viz",
            chart="/charts/linkerd-viz",
            namespace="linkerd-viz",
            values={"key": "pem", "replicas": 3},
            waits=False,
        )
    ]


def test_objects_of_the_cluster_come_before_charts_and_all_that_needs_charts_after() -> None:
    cluster = state(
        resource("core/v1:Namespace", apiVersion="v1", kind="Namespace", metadata={"name": "shop"}),
        resource(
            "policy.linkerd.io/v1alpha1:AuthorizationPolicy",
            **{**thing("AuthorizationPolicy", "viz"), "apiVersion": "policy.linkerd.io/v1alpha1"},
        ),
    )
    apps = state(resource("core/v1:Service", **thing("Service", "orders")))

    taken = deployment(cluster, [apps])

    assert [each["kind"] for each in taken.first] == ["Namespace"]
    assert [each["kind"] for each in taken.then] == ["AuthorizationPolicy", "Service"]


def test_what_was_only_read_is_not_taken() -> None:
    read = {**resource("core/v1:Namespace", **thing("Namespace", "kube-system")), "external": True}

    assert deployment(state(read), []).first == []


def test_a_patch_becomes_part_of_what_it_patches() -> None:
    labelled = {"name": "orders", "namespace": "shop", "labels": {"exported": "true"}}
    apps = state(
        resource("core/v1:Service", **thing("Service", "orders", spec={"ports": []})),
        resource("core/v1:ServicePatch", apiVersion="v1", kind="Service", metadata=labelled),
    )

    assert deployment(state(), [apps]).then == [
        {"apiVersion": "v1", "kind": "Service", "metadata": labelled, "spec": {"ports": []}}
    ]


def test_a_patch_of_what_a_chart_made_comes_after_the_charts() -> None:
    patch = thing("Service", "gateway")

    assert deployment(state(resource("core/v1:ServicePatch", **patch)), []).then == [patch]


def test_what_the_provider_notes_for_itself_is_left_out() -> None:
    noted = {**thing("Service", "orders"), "__fieldManager": "pulumi"}

    assert deployment(state(resource("core/v1:Service", **noted)), []).first == [
        thing("Service", "orders")
    ]


def test_nothing_of_the_target_of_before_is_left_in_a_link() -> None:
    taken = deployment(state(), [copy.deepcopy(LINKS)])

    text = json.dumps(taken.then)
    assert taken.credentials == [Credentials(target="target", account="reader")]
    assert not [old for old in ("https://old", "b2xk", "old-token", "192.0.2.9") if old in text]
    for what in ("server", "authority", "token", "gateway"):
        assert text.count(taken.credentials[0].placeholder(what)) == 1


def test_a_source_is_given_the_newest_token_of_its_account() -> None:
    tokens = [
        thing("Secret", name, type="kubernetes.io/service-account-token")
        | {
            "metadata": {
                "name": name,
                "annotations": {"kubernetes.io/service-account.name": account},
            }
        }
        for name, account in (("one", "reader"), ("two", "reader"), ("other", "someone"))
    ]
    deployments = {
        "source": deployment(state(), [copy.deepcopy(LINKS)]),
        "target": deployment(state(*(resource("core/v1:Secret", **each) for each in tokens)), []),
    }

    made = plan(deployments, {"source": SOURCE, "target": TARGET}, {"source": [("shop", "orders")]})

    [credentials] = made["source"]["credentials"]
    assert credentials["token"] == "two"
    assert sorted(credentials["known"].values()) == ["Qg==", "https://target"]
    assert made["source"]["mirrors"] == [("shop", "orders")]
    assert made["target"]["mirrors"] == []


@pytest.mark.parametrize("name", ["source", "target"])
def test_the_file_names_the_kubeconfig_of_each_cluster(name: str) -> None:
    deployments = {name: deployment(state(), [])}

    assert plan(deployments, {name: SOURCE}, {})[name]["kubeconfig"] == "/source"
