"""When services, claims and the rest are ready."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.plugins.kubernetes import readiness
from sandbox.plugins.kubernetes.verdicts import Look

Object = dict[str, Any]

NO_PODS = (
    "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' "
    "may not match labels on any Pods"
)
NO_ADDRESS = "Service was not allocated an IP address; does your cloud provider support this?"


def service(*, ingress: list[Object] | None = None, **spec: Any) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web"},
        "spec": {"type": "ClusterIP", "selector": {"app": "web"}, **spec},
        "status": {"loadBalancer": {"ingress": ingress} if ingress else {}},
    }


def endpoints(**subset: Any) -> Look:
    return lambda *_: [{"metadata": {"name": "web"}, "subsets": [subset] if subset else []}]


def nothing(api_version: str, kind: str) -> list[Object]:
    return []


READY = endpoints(addresses=[{"ip": "10.0.0.1"}])
PENDING = endpoints(notReadyAddresses=[{"ip": "10.0.0.1"}])


def test_a_service_is_ready_with_endpoints_that_are() -> None:
    assert readiness.service(service(), None, READY).ready


def test_a_service_is_ready_without_pods_as_the_genuine_provider_has_it() -> None:
    assert readiness.service(service(), None, endpoints()).ready


def test_a_service_waits_for_its_endpoints() -> None:
    assert readiness.service(service(), None, nothing).reasons == [NO_PODS]
    assert readiness.service(service(), None, PENDING).reasons == [NO_PODS]


def test_a_load_balancer_waits_for_an_address() -> None:
    balancer = service(type="LoadBalancer")
    addressed = service(type="LoadBalancer", ingress=[{"ip": "192.0.2.2"}])

    assert readiness.service(balancer, None, READY).reasons == [NO_ADDRESS]
    assert readiness.service(addressed, None, READY).ready


@pytest.mark.parametrize(
    "spec", [{"clusterIP": "None"}, {"type": "ExternalName"}, {"selector": None}]
)
def test_some_services_need_no_pods(spec: Object) -> None:
    assert readiness.service(service(**spec), None, nothing).ready


def test_a_service_account_token_has_to_be_filled() -> None:
    token = {"type": "kubernetes.io/service-account-token"}

    assert not readiness.secret(token, None, nothing).ready
    assert readiness.secret({**token, "data": {"token": "x"}}, None, nothing).ready
    assert readiness.secret({"type": "Opaque"}, None, nothing).ready


def test_a_claim_waits_unless_its_class_waits_for_a_consumer() -> None:
    claim = {"spec": {"storageClassName": "late"}, "status": {"phase": "Pending"}}
    late = {"metadata": {"name": "late"}, "volumeBindingMode": "WaitForFirstConsumer"}

    assert not readiness.claim(claim, None, nothing).ready
    assert readiness.claim(claim, None, lambda *_: [late]).ready
    assert not readiness.claim(claim, claim, lambda *_: [late]).ready
    assert readiness.claim({"status": {"phase": "Bound"}}, None, nothing).ready


@pytest.mark.parametrize(
    ("kind", "spec", "status", "ready"),
    [
        ("PersistentVolume", {}, {"phase": "Available"}, True),
        ("PersistentVolume", {}, {"phase": "Pending"}, False),
        ("ReplicationController", {"replicas": 2}, {"availableReplicas": 2}, True),
        ("ReplicationController", {"replicas": 2}, {"availableReplicas": 1}, False),
        ("ResourceQuota", {"hard": {"pods": "1"}}, {"hard": {"pods": "1"}}, True),
        ("ResourceQuota", {"hard": {"pods": "1"}}, {}, False),
    ],
)
def test_other_kinds_of_the_core_are_judged_by_their_status(
    kind: str, spec: Object, status: Object, ready: bool
) -> None:
    live = {"apiVersion": "v1", "kind": kind, "spec": spec, "status": status}
    rule = readiness.rule_for(live)

    assert rule is not None
    assert rule.judge(live, None, nothing).ready is ready


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("v1", "Namespace"),
        ("v1", "ConfigMap"),
        ("v1", "ServiceAccount"),
        ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
        ("multicluster.linkerd.io/v1alpha3", "Link"),
    ],
)
def test_nothing_is_awaited_of_other_kinds(api_version: str, kind: str) -> None:
    assert readiness.rule_for({"apiVersion": api_version, "kind": kind}) is None


def test_an_ingress_waits_for_an_address() -> None:
    verdict = readiness.ingress({"status": {}}, None, nothing)

    assert "was not updated with a hostname/IP address" in verdict.reasons[0]
