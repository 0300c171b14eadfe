"""Why a mirror is not there: each cause by its name, and the way out."""

from dataclasses import replace
from typing import Any

import pytest

from cli.mirrors.evaluate import Found, Observed, why_no_mirror
from components.linkerd.mode import LinkMode

MIRROR = Found(
    labels={
        "mirror.linkerd.io/mirrored-service": "true",
        "mirror.linkerd.io/cluster-name": "east",
    }
)
WELL = Observed(
    service="yelb-db",
    namespace="yelb",
    source="west",
    target="east",
    label={"mirror.linkerd.io/exported": "true"},
    exported=Found(labels={"mirror.linkerd.io/exported": "true"}),
    ready_on_target=2,
    has_namespace=True,
    has_link=True,
    controllers=3,
    mirror=MIRROR,
    ready_on_source=1,
)
FEDERATED = replace(
    WELL,
    mode=LinkMode.FEDERATED,
    label={},
    mirror=Found(annotations={"multicluster.linkerd.io/remote-discovery": "yelb-db@east"}),
    ready_on_source=0,
)


def test_nothing_is_said_of_a_mirror_that_can_be_called() -> None:
    assert why_no_mirror(WELL) == ""


@pytest.mark.parametrize("seen", [replace(WELL, mode=LinkMode.FLAT, ready_on_source=0), FEDERATED])
def test_pod_to_pod_a_mirror_needs_no_endpoints(seen: Observed) -> None:
    assert why_no_mirror(seen) == ""


@pytest.mark.parametrize(
    ("differs", "cause"),
    [
        (
            {"has_namespace": False, "mirror": None},
            "'west' has no namespace 'yelb': make it there as well, and the mirror appears",
        ),
        (
            {"service": "a" * 59, "mirror": None},
            f"{'a' * 59}-east has 64 characters, and a Service at most 63: shorten the name of the "
            "service or of the cluster",
        ),
        (
            {"ready_on_target": 0, "ready_on_source": 0},
            "yelb/yelb-db has no ready endpoints on 'east': see to its pods",
        ),
        (
            {"controllers": 0, "mirror": None},
            "no mirror controller of 'east' runs on 'west'. See: kubectl -n linkerd-multicluster "
            "describe deployment controller-east",
        ),
        (
            {"mirror": Found(), "ready_on_source": 0},
            "a Service yelb/yelb-db-east that is not Linkerd's is in the way on 'west', which "
            "Linkerd leaves alone: rename or remove it",
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
            {"exported": Found(external=True), "mirror": None},
            "Service yelb/yelb-db on 'east' is an ExternalName and has no pods: make it on the "
            "source too",
        ),
        (
            {"exported": Found(), "mirror": None},
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
            "yelb/yelb-db has no ready endpoints on 'east': see to its pods",
        ),
        (
            {"ready_on_target": 0, "mode": LinkMode.FLAT, "ready_on_source": 0},
            "yelb/yelb-db has no ready endpoints on 'east': see to its pods",
        ),
        (
            {"mirror": replace(MIRROR, version="7")},
            "yelb/yelb-db-east on 'west' is the mirror of an earlier version of the service: its "
            "controller does not see the changes of 'east': see its log: kubectl -n "
            "linkerd-multicluster logs deployment/controller-east",
        ),
        (
            {"mirror": None},
            "yelb/yelb-db-east is not there yet, and nothing is in its way: wait",
        ),
    ],
)
def test_each_cause_is_named_with_its_way_out(differs: dict[str, Any], cause: str) -> None:
    assert why_no_mirror(replace(WELL, **differs)) == cause


def test_a_federated_service_without_this_member_is_not_enough() -> None:
    """Of two controllers that create it at once, Linkerd forgets the slower one's member."""
    others = {"multicluster.linkerd.io/remote-discovery": "yelb-db@far-east,yelb-db@east-2"}

    assert why_no_mirror(replace(FEDERATED, mirror=Found(annotations=others))) == (
        "yelb/yelb-db-federated on 'west' has no member 'east': restart its controller: kubectl -n "
        "linkerd-multicluster rollout restart deployment controller-east"
    )


def test_a_federated_service_that_left_with_its_last_known_member_does_not_come_by_waiting() -> (
    None
):
    gone = replace(FEDERATED, mirror=None)

    assert "is not there yet" in why_no_mirror(gone)
    assert "has no member 'east'" in why_no_mirror(replace(gone, joined=True))


def test_a_mirror_of_another_cluster_is_in_the_way_too() -> None:
    other = Found(labels={**MIRROR.labels, "mirror.linkerd.io/cluster-name": "far-east"})

    assert "is in the way" in why_no_mirror(replace(WELL, mirror=other))


def test_a_federated_service_that_linkerd_did_not_make_is_in_the_way() -> None:
    assert "is in the way" in why_no_mirror(replace(FEDERATED, mirror=MIRROR))


def test_what_cannot_be_mirrored_at_all_is_said_before_what_follows_from_it() -> None:
    seen = replace(WELL, exported=None, has_namespace=False, controllers=0, mirror=None)

    assert why_no_mirror(seen) == "Service yelb/yelb-db on 'east' is missing: deploy it"
