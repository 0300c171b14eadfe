"""Why a mirror is missing: each cause with its remedy."""

from dataclasses import replace
from typing import Any

import pytest

from linkmesh.cli.mirrors.evaluate import ExportObservation, ObservedService, problem_text
from linkmesh.linkerd.mode import LinkMode

MIRROR = ObservedService(
    labels={
        "mirror.linkerd.io/mirrored-service": "true",
        "mirror.linkerd.io/cluster-name": "east",
    }
)
HEALTHY = ExportObservation(
    service="yelb-db",
    namespace="yelb",
    source="west",
    target="east",
    label={"mirror.linkerd.io/exported": "true"},
    exported=ObservedService(labels={"mirror.linkerd.io/exported": "true"}),
    ready_on_target=2,
    has_namespace=True,
    has_link=True,
    controllers=3,
    mirror=MIRROR,
    ready_on_source=1,
)
FEDERATED = replace(
    HEALTHY,
    mode=LinkMode.FEDERATED,
    label={},
    mirror=ObservedService(
        annotations={"multicluster.linkerd.io/remote-discovery": "yelb-db@east"}
    ),
    ready_on_source=0,
)


def test_a_mirror_that_can_be_called_has_no_problem() -> None:
    assert problem_text(HEALTHY) == ""


@pytest.mark.parametrize(
    "observation", [replace(HEALTHY, mode=LinkMode.FLAT, ready_on_source=0), FEDERATED]
)
def test_pod_to_pod_a_mirror_needs_no_endpoints(observation: ExportObservation) -> None:
    assert problem_text(observation) == ""


@pytest.mark.parametrize(
    ("differs", "cause"),
    [
        (
            {"has_namespace": False, "mirror": None},
            "'west' has no namespace 'yelb': create it there as well, and the mirror appears",
        ),
        (
            {"service": "a" * 59, "mirror": None},
            f"{'a' * 59}-east has 64 characters, and a Service at most 63: shorten the name of the "
            "service or of the cluster",
        ),
        (
            {"ready_on_target": 0, "ready_on_source": 0},
            "yelb/yelb-db has no ready endpoints on 'east': check its pods",
        ),
        (
            {"controllers": 0, "mirror": None},
            "no mirror controller of 'east' runs on 'west'. See: kubectl -n linkerd-multicluster "
            "describe deployment controller-east",
        ),
        (
            {"mirror": ObservedService(), "ready_on_source": 0},
            "a Service yelb/yelb-db-east that is not Linkerd's is in the way on 'west', which "
            "Linkerd does not replace: rename or remove it",
        ),
        (
            {"ready_on_source": 0},
            "yelb/yelb-db-east has no ready endpoints although the service has: the gateway of "
            "'east' does not answer 'west''s probes on its probe port",
        ),
        (
            {"exported": None, "mirror": None},
            "Service yelb/yelb-db on 'east' is missing: deploy it",
        ),
        (
            {"exported": ObservedService(external=True), "mirror": None},
            "Service yelb/yelb-db on 'east' is an ExternalName and has no pods: create it on the "
            "source too",
        ),
        (
            {"exported": ObservedService(), "mirror": None},
            "Service yelb/yelb-db on 'east' has no label mirror.linkerd.io/exported: "
            "deploy the export",
        ),
        (
            {"has_link": False, "mirror": None},
            "'west' has no Link to 'east': deploy the part links",
        ),
        (
            {"mirror": None, "messages": ["forbidden", "and more"]},
            "the Link to 'east' says: forbidden; and more",
        ),
        (
            {"messages": ["Failed to update mirror service: forbidden"]},
            "the Link to 'east' says: Failed to update mirror service: forbidden",
        ),
        (
            {"ready_on_target": 0},
            "yelb/yelb-db has no ready endpoints on 'east': check its pods",
        ),
        (
            {"ready_on_target": 0, "mode": LinkMode.FLAT, "ready_on_source": 0},
            "yelb/yelb-db has no ready endpoints on 'east': check its pods",
        ),
        (
            {"mirror": replace(MIRROR, version="7")},
            "yelb/yelb-db-east on 'west' is the mirror of an earlier version of the service: its "
            "controller does not see the changes of 'east': check its log: kubectl -n "
            "linkerd-multicluster logs deployment/controller-east",
        ),
        (
            {"mirror": None},
            "yelb/yelb-db-east does not exist yet, and nothing prevents it: wait",
        ),
    ],
)
def test_each_cause_is_reported_with_its_remedy(differs: dict[str, Any], cause: str) -> None:
    assert problem_text(replace(HEALTHY, **differs)) == cause


def test_a_federated_service_without_this_member_is_not_enough() -> None:
    """Of two controllers that create it at once, Linkerd forgets the slower one's member."""
    others = {"multicluster.linkerd.io/remote-discovery": "yelb-db@far-east,yelb-db@east-2"}

    assert problem_text(replace(FEDERATED, mirror=ObservedService(annotations=others))) == (
        "yelb/yelb-db-federated on 'west' has no member 'east': restart its controller: kubectl -n "
        "linkerd-multicluster rollout restart deployment controller-east"
    )


def test_a_federated_service_that_left_with_its_last_known_member_does_not_come_by_waiting() -> (
    None
):
    gone = replace(FEDERATED, mirror=None)

    assert "does not exist yet" in problem_text(gone)
    assert "has no member 'east'" in problem_text(replace(gone, joined=True))


def test_a_mirror_of_another_cluster_is_in_the_way_too() -> None:
    other = ObservedService(labels={**MIRROR.labels, "mirror.linkerd.io/cluster-name": "far-east"})

    assert "is in the way" in problem_text(replace(HEALTHY, mirror=other))


def test_a_federated_service_that_linkerd_did_not_make_is_in_the_way() -> None:
    assert "is in the way" in problem_text(replace(FEDERATED, mirror=MIRROR))


def test_a_cause_is_reported_before_what_it_causes() -> None:
    observation = replace(HEALTHY, exported=None, has_namespace=False, controllers=0, mirror=None)

    assert problem_text(observation) == "Service yelb/yelb-db on 'east' is missing: deploy it"
