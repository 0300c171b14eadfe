"""Names that are derived from others, and their limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkmesh import names

LABELS = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)


@pytest.mark.parametrize("name", ["a", "west", "eu-west-1", "a" * 63])
def test_a_dns_label_starts_with_a_letter_and_may_hold_digits_and_hyphens(name: str) -> None:
    assert names.is_dns_label(name)


@pytest.mark.parametrize(
    "name", ["", "West", "1west", "-west", "west-", "we.st", "we_st", "wést", "west\n", "a" * 64]
)
def test_anything_else_is_no_dns_label(name: str) -> None:
    assert not names.is_dns_label(name)


def test_a_mirror_service_is_named_after_the_service_and_its_cluster() -> None:
    assert names.mirror_service("yelb-db", "east") == "yelb-db-east"


def test_the_credentials_secret_ends_with_the_target() -> None:
    assert names.credentials_secret("east") == "cluster-credentials-east"


def test_the_remote_access_account_ends_with_the_source() -> None:
    account = names.remote_access_account("west")

    assert account == "linkerd-service-mirror-remote-access-west"


def test_the_longest_name_of_a_cluster_leaves_room_for_a_service() -> None:
    longest = "a" * names.CLUSTER_LIMIT

    assert len(names.mirror_service("yelb-appserver", longest)) <= names.SERVICE_LIMIT


def test_an_export_for_chosen_sources_spells_them_out_in_order() -> None:
    assert names.export_label(("west", "local")) == "to.local.west"


@given(st.sets(LABELS, min_size=1, max_size=4), st.sets(LABELS, min_size=1, max_size=4))
def test_different_sources_have_different_label_values(one: set[str], other: set[str]) -> None:
    ours, theirs = (names.export_label(tuple(sources)) for sources in (one, other))

    assert (ours == theirs) == (one == other)
    assert ours not in ("true", "remote-discovery")


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("service-mirror-write-east", names.lease("east")),
        ("controller-east", names.mirror_controller("east")),
        ("probe-east", names.probe_service("east")),
        ("east", names.link("east")),
        ("yelb-db-federated", names.federated_service("yelb-db")),
        ("alias/demo-east-secrets", names.kms_alias("demo-east")),
        ("/aws/eks/demo-east/cluster", names.log_group("demo-east")),
    ],
)
def test_names_that_others_derive_are_known(name: str, made: str) -> None:
    assert made == name


def test_the_first_token_has_the_charts_name_and_later_ones_a_number() -> None:
    account = names.remote_access_account("west")

    assert names.remote_access_token("west") == f"{account}-token"
    assert names.remote_access_token("west", 2) == f"{account}-token-2"


def test_a_load_balancers_name_has_eight_letters_of_namespace_and_service() -> None:
    assert names.load_balancer("linkerd-multicluster", "gw") == "k8s-linkerdm-gw-??????????"


@given(LABELS, LABELS)
def test_a_load_balancers_name_always_fits(namespace: str, service: str) -> None:
    assert len(names.load_balancer(namespace, service)) <= names.LOAD_BALANCER_LIMIT


def test_a_role_has_room_for_what_pulumi_adds() -> None:
    assert len(names.role("a" * names.CLUSTER_LIMIT + "-load-balancers")) <= names.ROLE_LIMIT


@pytest.mark.parametrize("name", ["a", "1a", "a.b-c", "x" * 253])
def test_objects_have_names_of_dns_subdomains(name: str) -> None:
    assert names.is_object_name(name)


@pytest.mark.parametrize("name", ["", "A", "a_b", "-a", "a-", "a..b", "a b", "x" * 254])
def test_other_names_are_those_of_no_object(name: str) -> None:
    assert not names.is_object_name(name)
