"""What looks like a secret is replaced, and what a reader needs stays."""

import pytest

from linkmesh.cli.redaction import Known, redacted

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhY2NvdW50In0.c2lnbmF0dXJl"
PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"got {TOKEN}", "eyJ"),
        (f"key:\n{PEM}\nend", "MIIE"),
        ("-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEE", "MHcC"),
        ("id AKIAIOSFODNN7EXAMPLE", "AKIA"),
        ("token: abcdef123", "abcdef"),
        ('"client-key-data": "LS0tLS1CRUdJTg=="', "LS0t"),
        ("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI", "wJalr"),
        ("password=hunter22", "hunter22"),
        ("data c2VjcmV0IHZhbHVlIG9mIG1vcmUgdGhhbiAzMiBieXRlczEyMw== here", "c2Vj"),
        ("digest " + "0123456789abcdef" * 4, "0123456789abcdef"),
    ],
)
def test_a_secret_is_hidden(text: str, hidden: str) -> None:
    assert hidden in text
    assert hidden not in redacted(text)
    assert "[secret]" in redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "stack 'demo.west' must export 'cluster' (it does not). Deploy it first: pulumi up",
        "arn:aws:iam::000000000000:role/on-call",
        "linkerd-service-mirror-remote-access-local",
        "https://aws.github.io/eks-charts",
        "token of local at west: generation 1",
        "spec.template.metadata.annotations",
    ],
)
def test_other_text_stays(text: str) -> None:
    assert redacted(text) == text


@pytest.mark.parametrize(
    "urn",
    [
        "urn:pulumi:demo.west::linkmesh::kubernetes:core/v1:Secret::linkerd-identity-issuer",
        "urn:pulumi:demo.trust::linkmesh::tls:index/privateKey:PrivateKey::anchor-key",
    ],
)
def test_the_name_of_a_resource_is_no_secret(urn: str) -> None:
    assert redacted(urn) == urn


@pytest.mark.parametrize(
    "text",
    ["Authorization: Bearer [secret]", "Bearer [secret]", "token is [secret] here"],
)
def test_bearer_tokens_are_replaced(text: str) -> None:
    assert redacted(text.replace("[secret]", "k8s-aws-v1.aHR0cHM6")) == text


def test_a_known_value_is_replaced_everywhere() -> None:
    known = Known.of(["opensesame", "west"])

    assert redacted("opensesame in west: b3BlbnNlc2FtZQ==", known) == "[secret] in west: [secret]=="
