"""Who gets Linkerd's proxy."""

import pytest

from components.linkerd.injection import (
    Injection,
    MeshedNamespace,
    MeshedNamespaceArgs,
    namespace_annotations,
    workload_annotations,
)
from tests.components.clusters import on_a_cluster


@pytest.mark.parametrize(
    ("injection", "namespace", "workload"),
    [
        (Injection.PER_NAMESPACE, {"linkerd.io/inject": "enabled"}, {}),
        (Injection.PER_DEPLOYMENT, {}, {"linkerd.io/inject": "enabled"}),
    ],
)
def test_either_namespaces_or_workloads_ask_for_the_proxy(
    injection: Injection, namespace: dict[str, str], workload: dict[str, str]
) -> None:
    assert namespace_annotations(injection) == namespace
    assert workload_annotations(injection) == workload


def test_everything_in_a_meshed_namespace_is_injected_unless_said_otherwise() -> None:
    notes = on_a_cluster(
        lambda cluster: MeshedNamespace(
            "west-yelb", MeshedNamespaceArgs(cluster=cluster, namespace="yelb")
        )
    )
    namespace = notes.one("kubernetes:core/v1:Namespace")

    assert namespace.inputs["metadata"] == {
        "name": "yelb",
        "annotations": {"linkerd.io/inject": "enabled"},
    }
    assert namespace.within == "west-yelb"
