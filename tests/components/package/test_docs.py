"""Descriptions in the words of other languages."""

import pytest

from linkmesh.environment import Eks
from linkmesh.package.docs import camel_case, class_doc, field_docs, neutral, snake_case


@pytest.mark.parametrize(
    ("python", "other"),
    [
        ("`log_retention_days` is new", "`logRetentionDays` is new"),
        ("`kubeconfig_json` of pulumi_eks", "`kubeconfig_json` of pulumi_eks"),
        ("None makes none. None: the default", "Unset makes none. Unset: the default"),
        ("in days; None makes no flow logs", "in days; unset makes no flow logs"),
        ("Use: is_there=True", "Use: isThere=true"),
    ],
)
def test_names_and_words_are_those_of_other_languages(python: str, other: str) -> None:
    names = {"log_retention_days": "logRetentionDays", "is_there": "isThere"}

    assert neutral(python, names) == other


def test_a_field_is_described_by_the_string_below_it() -> None:
    assert field_docs(Eks)["region"] == "AWS region, e.g. `eu-west-1`."


def test_an_example_in_python_is_left_out_and_what_follows_stays() -> None:
    class Thing:
        """
        A thing.

        Makes:
            one.
        Example:
            Thing("a")
        Source: elsewhere
        """

    assert class_doc(Thing) == "A thing.\n\nMakes:\n    one.\nSource: elsewhere"


def test_names_lose_their_underscores_and_get_them_back() -> None:
    assert camel_case("nat_public_ips") == "natPublicIps"
    assert snake_case("natPublicIps") == "nat_public_ips"
