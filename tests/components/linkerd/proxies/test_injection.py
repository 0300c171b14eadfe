"""Who gets Linkerd's proxy."""

from itertools import product

import pytest

from linkmesh.cluster import Cluster
from linkmesh.linkerd.labels import INJECT
from linkmesh.linkerd.proxies.injection import (
    Injection,
    Unmeshed,
    is_injected,
    is_meshed,
    namespace_annotations,
    workload_annotations,
)
from linkmesh.linkerd.proxies.meshed_namespace import MeshedNamespace, MeshedNamespaceArgs
from linkmesh.linkerd.proxies.proxy import ProxyResources
from linkmesh.linkerd.proxies.workload_proxy import WorkloadProxyConfig
from tests import engine
from tests.components.clusters import on_a_cluster

WHOLE = Unmeshed(namespace="yelb", why="it brings its own")
ONE = Unmeshed(namespace="yelb", workload="backup", why="a job that never ends")
ELSEWHERE = Unmeshed(namespace="other", why="not ours")
NAMESPACE = "kubernetes:core/v1:Namespace"


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


@pytest.mark.parametrize(
    ("injection", "exceptions", "workload"),
    product(Injection, [(), (WHOLE,), (ONE,), (ELSEWHERE,), (WHOLE, ONE)], ["yelb-ui", "backup"]),
)
def test_exactly_workloads_without_an_exception_are_injected(
    injection: Injection, exceptions: tuple[Unmeshed, ...], workload: str
) -> None:
    excepted = WHOLE in exceptions or (ONE in exceptions and workload == "backup")

    namespace = namespace_annotations(injection, meshed=is_meshed(exceptions, "yelb"))
    pods = workload_annotations(injection, meshed=is_meshed(exceptions, "yelb", workload))

    assert is_injected(namespace, pods) is not excepted


IN, OUT, NOTHING = "enabled", "disabled", None
PRODUCTION, DEVELOPMENT = Injection.PER_NAMESPACE, Injection.PER_DEPLOYMENT

# What a namespace says, what the pods of a workload say, and whether they are injected: for each
# rule of an environment, exception, and annotation that the workload has of its own.
TABLE = {
    (PRODUCTION, (), NOTHING): (IN, NOTHING, True),
    (PRODUCTION, (), IN): (IN, IN, True),
    (PRODUCTION, (), OUT): (IN, OUT, False),
    (PRODUCTION, (ELSEWHERE,), NOTHING): (IN, NOTHING, True),
    (PRODUCTION, (ELSEWHERE,), IN): (IN, IN, True),
    (PRODUCTION, (ELSEWHERE,), OUT): (IN, OUT, False),
    (PRODUCTION, (ONE,), NOTHING): (IN, OUT, False),
    (PRODUCTION, (ONE,), IN): (IN, OUT, False),
    (PRODUCTION, (ONE,), OUT): (IN, OUT, False),
    (PRODUCTION, (WHOLE,), NOTHING): (OUT, OUT, False),
    (PRODUCTION, (WHOLE,), IN): (OUT, OUT, False),
    (PRODUCTION, (WHOLE,), OUT): (OUT, OUT, False),
    (PRODUCTION, (WHOLE, ONE), NOTHING): (OUT, OUT, False),
    (PRODUCTION, (WHOLE, ONE), IN): (OUT, OUT, False),
    (PRODUCTION, (WHOLE, ONE), OUT): (OUT, OUT, False),
    (DEVELOPMENT, (), NOTHING): (NOTHING, NOTHING, False),
    (DEVELOPMENT, (), IN): (NOTHING, IN, True),
    (DEVELOPMENT, (), OUT): (NOTHING, OUT, False),
    (DEVELOPMENT, (ELSEWHERE,), NOTHING): (NOTHING, NOTHING, False),
    (DEVELOPMENT, (ELSEWHERE,), IN): (NOTHING, IN, True),
    (DEVELOPMENT, (ELSEWHERE,), OUT): (NOTHING, OUT, False),
    (DEVELOPMENT, (ONE,), NOTHING): (NOTHING, OUT, False),
    (DEVELOPMENT, (ONE,), IN): (NOTHING, OUT, False),
    (DEVELOPMENT, (ONE,), OUT): (NOTHING, OUT, False),
    (DEVELOPMENT, (WHOLE,), NOTHING): (OUT, OUT, False),
    (DEVELOPMENT, (WHOLE,), IN): (OUT, OUT, False),
    (DEVELOPMENT, (WHOLE,), OUT): (OUT, OUT, False),
    (DEVELOPMENT, (WHOLE, ONE), NOTHING): (OUT, OUT, False),
    (DEVELOPMENT, (WHOLE, ONE), IN): (OUT, OUT, False),
    (DEVELOPMENT, (WHOLE, ONE), OUT): (OUT, OUT, False),
}


def test_the_table_has_every_combination() -> None:
    exceptions = [(), (ELSEWHERE,), (ONE,), (WHOLE,), (WHOLE, ONE)]

    assert set(TABLE) == set(product(Injection, exceptions, [NOTHING, IN, OUT]))


@pytest.mark.parametrize(("injection", "exceptions", "own"), TABLE)
def test_namespaces_and_workloads_are_annotated_as_in_the_table(
    injection: Injection, exceptions: tuple[Unmeshed, ...], own: str | None
) -> None:
    meshed = is_meshed(exceptions, "yelb", "backup")
    asked = {} if own is None else {INJECT: own}
    # A workload asks by an annotation of its own, as one of an environment does in development;
    # in production, where it need not ask, ours says only who is an exception.
    ours = workload_annotations(injection, meshed=meshed) if own == IN or not meshed else {}
    notes = on_a_cluster(
        lambda cluster: MeshedNamespace(
            "west-yelb",
            MeshedNamespaceArgs(
                cluster=cluster, namespace="yelb", injection=injection, exceptions=exceptions
            ),
        )
    )
    namespace = notes.one(NAMESPACE).inputs["metadata"].get("annotations") or {}
    pods = {**asked, **ours}

    assert (
        namespace.get(INJECT),
        pods.get(INJECT),
        is_injected(namespace, pods),
    ) == TABLE[injection, exceptions, own]


@pytest.mark.parametrize(
    ("injection", "exceptions"), product(Injection, [(), (ONE,), (ELSEWHERE,)])
)
def test_a_workload_without_annotation_is_injected_only_per_namespace(
    injection: Injection, exceptions: tuple[Unmeshed, ...]
) -> None:
    namespace = namespace_annotations(injection, meshed=is_meshed(exceptions, "yelb"))

    assert is_injected(namespace, {}) is (injection is Injection.PER_NAMESPACE)


@pytest.mark.parametrize(
    ("namespace", "pods", "injected"),
    [
        ("enabled", "enabled", True),
        ("enabled", None, True),
        ("enabled", "disabled", False),
        ("disabled", "enabled", True),
        (None, "enabled", True),
        ("disabled", "disabled", False),
        (None, "disabled", False),
        ("disabled", None, False),
        (None, None, False),
    ],
)
def test_annotations_have_the_meaning_of_linkerds_own_table(
    namespace: str | None, pods: str | None, injected: bool
) -> None:
    annotated = [{"linkerd.io/inject": value} if value else {} for value in (namespace, pods)]

    assert is_injected(annotated[0], annotated[1]) is injected


def test_a_proxy_of_its_own_is_asked_for_only_where_there_is_one() -> None:
    proxy = WorkloadProxyConfig(resources=ProxyResources(cpu_request="1"))

    assert workload_annotations(Injection.PER_NAMESPACE, proxy=proxy) == {
        "config.linkerd.io/proxy-cpu-request": "1"
    }
    assert workload_annotations(Injection.PER_NAMESPACE, meshed=False, proxy=proxy) == {
        "linkerd.io/inject": "disabled"
    }


def test_everything_in_a_meshed_namespace_is_injected_unless_said_otherwise() -> None:
    notes = on_a_cluster(
        lambda cluster: MeshedNamespace(
            "west-yelb", MeshedNamespaceArgs(cluster=cluster, namespace="yelb")
        )
    )
    namespace = notes.one(NAMESPACE)

    assert namespace.inputs["metadata"] == {
        "name": "yelb",
        "labels": {"app.kubernetes.io/managed-by": "linkmesh"},
        "annotations": {"linkerd.io/inject": "enabled"},
    }
    assert namespace.within == "west-yelb"


def test_a_namespace_that_is_an_exception_has_an_annotation() -> None:
    notes = on_a_cluster(
        lambda cluster: MeshedNamespace(
            "west-yelb",
            MeshedNamespaceArgs(cluster=cluster, namespace="yelb", exceptions=[ONE, WHOLE]),
        )
    )

    assert notes.one(NAMESPACE).inputs["metadata"]["annotations"] == {
        "linkerd.io/inject": "disabled"
    }


def adopted(injection: Injection) -> engine.Notes:
    """Mesh a namespace that others made."""
    return on_a_cluster(
        lambda cluster: MeshedNamespace(
            "west-yelb",
            MeshedNamespaceArgs(
                cluster=cluster, namespace="yelb", injection=injection, exists=True
            ),
        )
    )


def test_a_namespace_of_others_only_gets_the_annotation() -> None:
    notes = adopted(Injection.PER_NAMESPACE)

    assert notes.of(NAMESPACE) == []
    assert notes.one(f"{NAMESPACE}Patch").inputs["metadata"] == {
        "name": "yelb",
        "annotations": {"linkerd.io/inject": "enabled"},
    }


def test_a_namespace_of_others_that_needs_no_annotation_is_left_alone() -> None:
    notes = adopted(Injection.PER_DEPLOYMENT)

    assert notes.of(NAMESPACE) == notes.of(f"{NAMESPACE}Patch") == []


def test_an_exception_without_a_reason_is_an_error() -> None:
    with pytest.raises(ValueError, match="why") as error:
        Unmeshed(namespace="yelb", workload="backup", why=" ")

    assert str(error.value) == (
        "why of an unmeshed workload must give a reason, in one line (got none for 'backup'). What "
        "is not in the mesh has no encryption and no metrics. Use: why='a job that never ends'"
    )


@pytest.mark.parametrize("name", ["kube-system", "cert-manager"])
def test_a_namespace_that_linkerd_never_injects_is_an_error(name: str) -> None:
    def make(cluster: Cluster) -> None:
        MeshedNamespaceArgs(cluster=cluster, namespace=name)

    with pytest.raises(ValueError, match="namespace") as error:
        on_a_cluster(make)

    assert str(error.value) == (
        f"namespace must be one that Linkerd injects (got {name!r}). Its webhook never sees "
        "kube-system and cert-manager. Use: a namespace of your own"
    )


def test_a_reason_of_several_lines_is_an_error() -> None:
    with pytest.raises(ValueError, match="in one line") as error:
        Unmeshed(namespace="yelb", why="one\ntwo")

    assert "(got 'one\\ntwo' for 'yelb')" in str(error.value)
