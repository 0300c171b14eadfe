"""Which services of its own a cluster joins to federated ones: those for all, and chosen ones."""

from stacks.environment import Environment, Export, Mode, chain
from stacks.federation import local_mirror_values
from tests.stacks.described import environment, on_aws


def exporting(*exports: Export) -> Environment:
    """Describe two clusters that call a third."""
    return environment(
        on_aws("one", block=10),
        on_aws("two", block=20),
        on_aws("three", block=30),
        links=[*chain("one", "three"), *chain("two", "three")],
        exports=exports,
    )


def federated(service: str, *sources: str) -> Export:
    return Export(service, namespace="shop", of="three", to=sources or None, mode=Mode.FEDERATED)


def test_a_cluster_without_federated_services_keeps_the_charts_own_selector() -> None:
    described = exporting(Export("api", namespace="shop", of="three"))

    assert local_mirror_values(described, "three") == {}


def test_a_service_for_every_source_needs_no_other_selector_than_the_charts() -> None:
    assert local_mirror_values(exporting(federated("api")), "three") == {}


def test_a_service_for_chosen_sources_is_joined_on_its_own_cluster_too() -> None:
    values = local_mirror_values(exporting(federated("api", "one"), federated("db")), "three")

    assert values == {
        "localServiceMirror": {
            "federatedServiceSelector": "mirror.linkerd.io/federated in (member,to.one.three)"
        }
    }


def test_what_other_clusters_export_changes_nothing() -> None:
    assert local_mirror_values(exporting(federated("api", "one")), "one") == {}
