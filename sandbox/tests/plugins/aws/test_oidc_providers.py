"""Identity providers of IAM."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.plugins.framework import Refused
from sandbox.tests.plugins.aws.programs import Made, Program

ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/ABC"


def provider(program: Program, **inputs: Any) -> Made:
    """Make one for a cluster's issuer."""
    given = {"url": f"https://{ISSUER}", "clientIdLists": ["sts.amazonaws.com"]}
    return program.make("OpenIdConnectProvider", **{**given, **inputs})


def test_a_provider_needs_no_thumbprint_and_forgets_the_scheme(program: Program) -> None:
    made = provider(program)

    assert made.id == made["arn"] == f"arn:aws:iam::000000000000:oidc-provider/{ISSUER}"
    assert made["url"] == ISSUER
    assert [len(each) for each in made["thumbprintLists"]] == [40]
    assert program.drift(made) == []
    program.destroy()


def test_clients_thumbprints_and_tags_change_in_place(program: Program) -> None:
    made = provider(program)

    program.change(
        made,
        url=f"https://{ISSUER}",
        clientIdLists=["sts.amazonaws.com", "other"],
        thumbprintLists=["0" * 40],
        tags={"a": "b"},
    )

    assert made["clientIdLists"] == ["other", "sts.amazonaws.com"]
    assert made["thumbprintLists"] == ["0" * 40]
    assert made["tagsAll"] == {"environment": "demo", "a": "b"}
    assert program.drift(made) == []


def test_another_address_replaces_it(program: Program) -> None:
    assert program.replaces(provider(program), url=f"https://{ISSUER}D") == ["url"]


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"url": ISSUER}, "'url' must begin with https://"),
        ({"url": f"https://{ISSUER}?a=b"}, "have no query"),
        ({"clientIdLists": []}, "1 to 100 clients"),
        ({"thumbprintLists": ["abc"]}, "40 hexadecimal digits"),
        ({"name": "west"}, "'name' must be a property that"),
    ],
)
def test_a_wrong_provider_is_refused(program: Program, inputs: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        provider(program, **inputs)


def test_two_providers_for_one_address_are_refused(program: Program) -> None:
    provider(program)

    with pytest.raises(Refused, match="EntityAlreadyExists"):
        program.make("OpenIdConnectProvider", "b", url=f"https://{ISSUER}", clientIdLists=["other"])


def test_a_deleted_provider_is_seen(program: Program) -> None:
    made = provider(program)

    program.cloud.call("iam", "delete_open_id_connect_provider", OpenIDConnectProviderArn=made.id)

    assert program.drift(made) is None
