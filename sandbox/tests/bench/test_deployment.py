"""What is taken from the states of stacks, so that kubectl and Helm deploy the same."""

import base64
import copy
import json
from typing import Any

import yaml

from sandbox.bench.deployment import SECRET, Deployment, deployment, plan

SOURCE = {"kubeconfig": "/source", "server": "https://source", "authority": "QQ=="}
TARGET = {"kubeconfig": "/target", "server": "https://target", "authority": "Qg=="}
SERVERS = {"source": SOURCE, "target": TARGET}


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


def taken(*states: dict[str, Any]) -> Deployment:
    """What is taken from states."""
    return deployment(states, SERVERS)


def test_charts_are_taken_with_their_values_and_how_they_are_waited_for() -> None:
    release = resource(
        "helm.sh/v3:Release",
        name="linkerd-viz",
        chart="/charts/linkerd-viz",
        namespace="viz",
        values={"key": secret("pem"), "replicas": 3},
        skipAwait=True,
        timeout=600,
    )

    assert taken(state(release)).charts == [
        {
            "release": "linkerd-viz",
            "chart": "/charts/linkerd-viz",
            "namespace": "viz",
            "values": {"key": "pem", "replicas": 3},
            "waits": False,
        }
    ]


def test_objects_of_the_cluster_come_before_charts_and_all_that_needs_charts_after() -> None:
    policy = {**thing("AuthorizationPolicy", "viz"), "apiVersion": "policy.linkerd.io/v1alpha1"}
    noted = {**thing("Namespace", "shop"), "__fieldManager": "pulumi"}
    read = {**resource("core/v1:Namespace", **thing("Namespace", "kube-system")), "external": True}
    cluster = state(
        resource("core/v1:Namespace", **noted),
        resource("policy.linkerd.io/v1alpha1:AuthorizationPolicy", **policy),
        read,
    )
    service = thing("Service", "orders")

    found = taken(cluster, state(resource("core/v1:Service", **service)))

    assert found.first == [thing("Namespace", "shop")]
    assert found.then == [policy, service]


def test_a_patch_is_not_part_of_what_it_patches() -> None:
    service, patch = thing("Service", "orders", spec={"ports": []}), thing("Service", "orders")
    found = taken(
        state(),
        state(resource("core/v1:Service", **service), resource("core/v1:ServicePatch", **patch)),
    )

    assert (found.then, found.patches) == ([service], [patch])


def test_nothing_of_the_target_of_before_is_left_in_a_link() -> None:
    found = taken(state(), copy.deepcopy(LINKS))

    text = json.dumps(found.then)
    assert found.accounts == {"target": "reader"}
    assert not [old for old in ("https://old", "b2xk", "old-token", "192.0.2.9") if old in text]
    for new in ("https://target", "Qg==", "<token-of-target>", "<gateway-of-target>"):
        assert text.count(new) == 1


def test_a_source_is_given_the_newest_token_of_its_account() -> None:
    name_of = "kubernetes.io/service-account.name"
    tokens = [
        thing("Secret", "", type="kubernetes.io/service-account-token")
        | {"metadata": {"name": name, "annotations": {name_of: account}}}
        for name, account in (("one", "reader"), ("two", "reader"), ("other", "someone"))
    ]
    deployments = {
        "source": taken(state(), copy.deepcopy(LINKS)),
        "target": taken(state(*(resource("core/v1:Secret", **each) for each in tokens))),
    }

    made = plan(deployments, SERVERS, {"source": [("shop", "orders")]})

    assert made["source"]["tokens"] == {"target": "two"}
    assert [made[name]["kubeconfig"] for name in made] == ["/source", "/target"]
    assert [made[name]["mirrors"] for name in made] == [[("shop", "orders")], []]
