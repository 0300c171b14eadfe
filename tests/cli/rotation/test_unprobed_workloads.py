"""Workloads that a rotation restarts and that have no readiness probe."""

from lightkube.models.core_v1 import Container, PodSpec, Probe
from lightkube.models.meta_v1 import ObjectMeta, OwnerReference
from lightkube.resources.core_v1 import Pod

from linkmesh.cli.rotation.unprobed_workloads import warning, without_probe


def pod(name: str, *probed: bool, owner: str = "ReplicaSet/api-5d8", injected: bool = True) -> Pod:
    """Make a meshed pod; its proxy has a probe."""
    namespace, short = name.split("/")
    kind, owner_name = owner.split("/")
    containers = [
        Container(name=f"c{number}", readinessProbe=Probe() if has else None)
        for number, has in enumerate(probed)
    ]
    proxy = [Container(name="linkerd-proxy", readinessProbe=Probe())] if injected else []
    return Pod(
        metadata=ObjectMeta(
            name=short,
            namespace=namespace,
            ownerReferences=[OwnerReference("apps/v1", kind, owner_name, "uid")],
        ),
        spec=PodSpec(containers=[*proxy, *containers]),
    )


def test_a_workload_is_named_once_and_its_proxys_probe_is_not_its_own() -> None:
    assert without_probe([pod("shop/api-5d8-a", False), pod("shop/api-5d8-b", False)]) == [
        "shop/api"
    ]


def test_one_probe_of_a_pods_containers_is_enough() -> None:
    assert without_probe([pod("shop/api-5d8-a", False, True)]) == []


def test_a_set_has_its_own_name_and_a_job_is_not_called() -> None:
    pods = [
        pod("shop/db-0", False, owner="StatefulSet/db"),
        pod("shop/once-x", False, owner="Job/once"),
    ]

    assert without_probe(pods) == ["shop/db"]


def test_linkerds_own_pods_are_its_charts_matter() -> None:
    assert without_probe([pod("linkerd/identity-1", False), pod("linkerd-viz/web-1", False)]) == []


def test_a_warning_names_them_and_what_to_do() -> None:
    assert warning(["west: shop/api"]) == (
        "Without a readiness probe these workloads lose a call or two in each restart. Give them "
        "one first:\n  west: shop/api"
    )
    assert warning([]) == ""
