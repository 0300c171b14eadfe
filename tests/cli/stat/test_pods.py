"""How many pods of a workload are meshed, and which workloads are shown."""

from typing import Any

from lightkube.models.core_v1 import PodStatus
from lightkube.models.meta_v1 import ObjectMeta, OwnerReference
from lightkube.resources.core_v1 import Pod

from linkmesh.cli.stat.pods import deployment, meshed
from linkmesh.cli.stat.promql import By


def pod(
    name: str,
    of: str = "api",
    *,
    namespace: str = "shop",
    is_meshed: bool = True,
    phase: str = "Running",
    kind: str = "ReplicaSet",
) -> Any:
    """Make a pod of a Deployment, as its controller does."""
    labels = {"pod-template-hash": "5d4f"}
    if is_meshed:
        labels["linkerd.io/control-plane-ns"] = "linkerd"
    owner = OwnerReference(apiVersion="apps/v1", kind=kind, name=f"{of}-5d4f", uid="1")
    metadata = ObjectMeta(name=name, namespace=namespace, labels=labels, ownerReferences=[owner])
    return Pod(metadata=metadata, status=PodStatus(phase=phase))


def test_pods_are_counted_by_their_deployment() -> None:
    pods = [pod("a"), pod("b", is_meshed=False), pod("c", of="web")]

    assert meshed(pods, By.DEPLOY, ()) == {("shop", "api"): (1, 2), ("shop", "web"): (1, 1)}


def test_a_pod_is_meshed_or_not() -> None:
    pods = [pod("a"), pod("b", is_meshed=False)]

    assert meshed(pods, By.POD, ()) == {("shop", "a"): (1, 1), ("shop", "b"): (0, 1)}


def test_a_pod_that_ended_does_not_count_and_one_that_waits_does() -> None:
    pods = [
        pod("a"),
        pod("b", phase="Failed"),
        pod("c", phase="Succeeded"),
        pod("d", phase="Pending"),
    ]

    assert meshed(pods, By.DEPLOY, ()) == {("shop", "api"): (2, 2)}


def test_namespaces_without_a_meshed_pod_are_left_out_unless_they_should_have_one() -> None:
    pods = [pod("a"), pod("b", namespace="kube-system", is_meshed=False)]
    pods += [pod("c", namespace="yelb", is_meshed=False)]

    found = meshed(pods, By.DEPLOY, {"yelb"})

    assert found == {("shop", "api"): (1, 1), ("yelb", "api"): (0, 1)}


def test_one_namespace_is_shown_whatever_is_in_it() -> None:
    pods = [pod("a"), pod("b", namespace="kube-system", is_meshed=False)]

    assert meshed(pods, By.DEPLOY, (), only="kube-system") == {("kube-system", "api"): (0, 1)}


def test_pods_of_something_else_have_no_deployment() -> None:
    assert deployment(pod("a")) == "api"
    assert deployment(pod("a", kind="StatefulSet")) == ""
    assert deployment(Pod(metadata=ObjectMeta(name="a", namespace="shop"))) == ""
