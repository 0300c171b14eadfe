"""Identity providers of IAM."""

from typing import Any

import pytest

from sandbox.plugins.contract import Refused
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
    other = {"url": f"https://{ISSUER}", "clientIdLists": ["other"]}
    program.refuses("EntityAlreadyExists", "OpenIdConnectProvider", **other)
    assert program.replaces(made, url=f"https://{ISSUER}D") == ["url"]

    program.change(
        made,
        url=f"https://{ISSUER}",
        clientIdLists=["sts.amazonaws.com", "other"],
        tags={"a": "b"},
    )

    assert made["clientIdLists"] == ["other", "sts.amazonaws.com"]
    assert made["tagsAll"] == {"environment": "demo", "a": "b"}
    assert program.drift(made) == []
    program.cloud.call("iam", "delete_open_id_connect_provider", OpenIDConnectProviderArn=made.id)
    assert program.drift(made) is None


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"url": ISSUER}, "'url' must begin with https://"),
        ({"url": f"https://{ISSUER}?a=b"}, "have no query"),
        ({"clientIdLists": []}, "must have a client"),
        ({"name": "west"}, "'name' must be a property that"),
    ],
)
def test_a_wrong_provider_is_refused(program: Program, inputs: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        provider(program, **inputs)
