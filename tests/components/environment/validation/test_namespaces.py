"""Namespaces: what is not valid because it could not be made, or would change nothing."""

from typing import Any

import pytest

from linkmesh.environment import Export, Unmeshed, Yelb, chain
from tests.components.environment.described import EAST, WEST, planned, problems


def exporting(namespace: str) -> dict[str, Any]:
    """Describe what makes east offer a service of a namespace to west."""
    export = Export("api", namespace=namespace, of="east")
    return {"links": chain("west", "east"), "exports": [export]}


@pytest.mark.parametrize("name", ["kube-system", "cert-manager"])
def test_a_namespace_that_linkerd_never_injects_is_an_error(name: str) -> None:
    assert problems(WEST, EAST, **exporting(name)) == [
        f"namespace must be one that Linkerd injects (got {name!r}). Its webhook never sees "
        "kube-system and cert-manager. Use: a namespace of your own"
    ]


@pytest.mark.parametrize("name", ["default", "linkerd", "linkerd-multicluster"])
def test_a_namespace_that_is_there_already_is_an_error(name: str) -> None:
    assert problems(WEST, EAST, **exporting(name)) == [
        f"namespace must be one of the environment's own (got {name!r}). It exists already, and "
        "could not be made. Use: a namespace of your own"
    ]


def test_an_application_in_a_namespace_that_cannot_be_is_an_error() -> None:
    yelb = Yelb(ui="west", appserver="west", database="west", namespace="my_yelb")

    assert problems(WEST, application=yelb) == [
        "namespace of Yelb must be a DNS label (got 'my_yelb'). Use: yelb"
    ]


@pytest.mark.parametrize(("workload", "label"), [(None, "shopp"), ("job", "shopp/job")])
def test_an_exception_of_a_namespace_that_is_not_there_is_an_error(
    workload: str | None, label: str
) -> None:
    exception = Unmeshed(namespace="shopp", workload=workload, why="a slip")

    assert problems(WEST, EAST, unmeshed=[exception], **exporting("shop")) == [
        f"exception {label} must be of a meshed namespace of the environment (got 'shopp'). It "
        "would change nothing. Known: shop."
    ]


def test_an_exception_of_a_meshed_namespace_is_taken() -> None:
    exception = Unmeshed(namespace="shop", why="brings its own")

    assert planned(WEST, EAST, unmeshed=[exception], **exporting("shop")).environment.unmeshed


@pytest.mark.parametrize("workload", ["", "A B", "a_b"])
def test_an_exception_of_no_workload_is_an_error(workload: str) -> None:
    exception = Unmeshed(namespace="shop", workload=workload, why="a job that never ends")

    assert problems(WEST, EAST, unmeshed=[exception], **exporting("shop")) == [
        f"workload of an exception in 'shop' must be a name that Kubernetes takes (got "
        f"{workload!r}). It would except no workload. Use: workload=None for the whole namespace"
    ]


def test_an_exception_that_another_one_contains_is_an_error() -> None:
    whole = Unmeshed(namespace="shop", why="its jobs never end")
    one = Unmeshed(namespace="shop", workload="job", why="it never ends")

    assert problems(WEST, EAST, **exporting("shop"), unmeshed=[whole, one]) == [
        "exception shop/job must be of a namespace in the mesh (got one of all of 'shop' too). It "
        "would change nothing. Remove one of them."
    ]
    assert problems(WEST, EAST, **exporting("shop"), unmeshed=[one, one]) == [
        "exception shop/job must be given once (got 2 times). One reason is enough. Remove the "
        "others."
    ]
