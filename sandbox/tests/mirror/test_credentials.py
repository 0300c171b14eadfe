"""The credentials of a link: what a pod could use is taken, all else is refused and not shown."""

import base64
import copy
from typing import Any

import pytest
import yaml

from sandbox.mirror.credentials import target_api
from sandbox.mirror.link import CREDENTIALS_TYPE, Object, RefusedError

CONFIG: dict[str, Any] = {
    "current-context": "east",
    "contexts": [{"name": "east", "context": {"cluster": "east", "user": "mirror"}}],
    "clusters": [{"name": "east", "cluster": {"server": "https://127.0.0.1:1"}}],
    "users": [{"name": "mirror", "user": {"token": "hidden-token"}}],
}


def secret(config: object, **overrides: object) -> Object:
    text = config if isinstance(config, str) else yaml.safe_dump(config)
    return {
        "metadata": {"name": "cluster-credentials-east"},
        "type": CREDENTIALS_TYPE,
        "data": {"kubeconfig": base64.b64encode(text.encode()).decode()},
        **overrides,
    }


def changed(what: str, **fields: str) -> dict[str, Any]:
    config = copy.deepcopy(CONFIG)
    config[f"{what}s"][0][what].update(fields)
    return config


def test_a_server_and_a_token_are_enough() -> None:
    api = target_api(secret(CONFIG))

    assert api._client.headers["Authorization"] == "Bearer hidden-token"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (secret(CONFIG, type="Opaque"), "must have the type mirror.linkerd.io/remote-kubeconfig"),
        (secret(CONFIG, data={}), "must have the key kubeconfig"),
        (secret("hidden-token: ["), r"must hold a kubeconfig \(ParserError\)"),
        (secret({}), r"must hold a kubeconfig \(KeyError\)"),
        (secret(changed("user", exec="aws")), "must have no exec"),
        (
            secret(changed("cluster", **{"certificate-authority": "/ca"})),
            "must have no certificate-a",
        ),
        (secret(changed("cluster", server="http://east")), r"must have a server \(https\)"),
        (secret(changed("user", token="")), r"must have a server \(https\) and a token"),
    ],
)
def test_what_a_pod_could_not_use_is_refused(given: Object, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason) as refusal:
        target_api(given)

    assert "hidden-token" not in str(refusal.value)
