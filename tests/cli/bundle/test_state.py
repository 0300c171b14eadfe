"""What is read from a state: identities, plain outputs, and all secrets."""

import json
from typing import Any

from linkmesh.cli.bundle import state

CONFIG = json.dumps(
    {
        "kind": "Config",
        "clusters": [{"name": "west", "cluster": {"server": "https://west.example.com"}}],
        "users": [{"name": "admin", "user": {"token": "t0ken-of-the-admin"}}],
    }
)


def secret(value: Any) -> dict[str, str]:
    """Mark a value as the engine does."""
    return {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "plaintext": json.dumps(value),
    }


def deployed(**outputs: Any) -> dict[str, Any]:
    """Make the state of a stack with outputs and one resource."""
    return {
        "resources": [
            {
                "urn": "urn:pulumi:demo.west::linkmesh::pulumi:pulumi:Stack::linkmesh-demo.west",
                "type": "pulumi:pulumi:Stack",
                "outputs": outputs,
            },
            {
                "urn": "urn:pulumi:demo.west::linkmesh::kubernetes:helm.sh/v4:Chart::linkerd",
                "type": "kubernetes:helm.sh/v4:Chart",
                "id": "linkerd/linkerd",
                "parent": "urn:parent",
                "inputs": {"values": secret({"key": "s3cret-key", "namespace": "linkerd-viz"})},
                "outputs": {"namespace": "linkerd-viz"},
            },
        ],
    }


def test_of_a_resource_only_its_identity_is_read() -> None:
    read = state.resources(deployed())

    assert read[1] == {
        "urn": "urn:pulumi:demo.west::linkmesh::kubernetes:helm.sh/v4:Chart::linkerd",
        "type": "kubernetes:helm.sh/v4:Chart",
        "id": "linkerd/linkerd",
        "parent": "urn:parent",
    }


def test_secret_outputs_are_replaced() -> None:
    read = deployed(kubeconfig=secret(CONFIG), cluster={"version": 1, "key": secret("abc")})

    assert state.outputs(read) == {
        "kubeconfig": "[secret]",
        "cluster": {"version": 1, "key": "[secret]"},
    }
    assert state.kubeconfig(read) == CONFIG


def test_a_stack_that_was_never_deployed_has_no_content() -> None:
    assert state.outputs({}) == {}
    assert state.kubeconfig({}) is None
    assert state.secrets([{}]) == set()


def test_secrets_are_found_in_outputs_inputs_and_within_kubeconfigs() -> None:
    found = state.secrets([deployed(kubeconfig=secret(CONFIG), short=secret("west"))])

    assert found == {CONFIG, "t0ken-of-the-admin", "s3cret-key"}


def test_an_address_in_a_secret_kubeconfig_is_no_secret() -> None:
    found = state.secrets([deployed(kubeconfig=secret(CONFIG))])

    assert "https://west.example.com" not in found


def test_a_key_stays_a_secret_even_if_it_is_somewhere_in_plain_text() -> None:
    key = "-----BEGIN EC PRIVATE KEY-----\nabc\n-----END EC PRIVATE KEY-----\n"

    assert key in state.secrets([deployed(key=secret(key), leaked=key)])


def test_interrupted_operations_are_listed() -> None:
    read = {"pending_operations": [{"type": "creating", "resource": {"urn": "urn:a"}}]}

    assert state.pending(read) == [{"type": "creating", "urn": "urn:a"}]
