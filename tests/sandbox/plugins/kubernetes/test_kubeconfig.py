"""Which cluster a kubeconfig means, and what of it is refused."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.plugins.kubernetes import kubeconfig
from sandbox.plugins.kubernetes.kubeconfig import KubeconfigError


def config(**overrides: Any) -> dict[str, Any]:
    cluster = {"server": "https://127.0.0.1:6443"}
    user = {"token": "t0ken"}
    return {
        "current-context": "here",
        "contexts": [{"name": "here", "context": {"cluster": "west", "user": "admin"}}],
        "clusters": [
            {"name": "west", "cluster": {**cluster, **overrides.get("cluster", {})}},
            {"name": "east", "cluster": {"server": "https://127.0.0.1:7443"}},
        ],
        "users": [{"name": "admin", "user": overrides.get("user", user)}],
    }


def test_a_kubeconfig_is_read_from_text_and_from_a_file(tmp_path: Path) -> None:
    text = yaml.safe_dump(config())
    file = tmp_path / "config"
    file.write_text(text)

    assert kubeconfig.parse(text) == kubeconfig.parse(str(file)) == config()


def test_a_kubeconfig_of_one_line_is_text() -> None:
    assert kubeconfig.parse(json.dumps(config())) == config()


def test_a_broken_kubeconfig_is_refused_without_its_content() -> None:
    with pytest.raises(KubeconfigError) as refused:
        kubeconfig.parse("users:\n- token: s3cret\n  bad: [")

    assert "s3cret" not in str(refused.value)
    assert "near line 4" in str(refused.value)


def test_the_current_context_selects_cluster_and_user() -> None:
    target = kubeconfig.select(config())

    assert target.server == "https://127.0.0.1:6443"
    assert target.user == {"token": "t0ken"}
    assert target.namespace == "default"


def test_an_argument_overrides_the_cluster_of_the_context() -> None:
    assert kubeconfig.select(config(), cluster="east").server == "https://127.0.0.1:7443"


def test_a_missing_context_is_refused() -> None:
    with pytest.raises(KubeconfigError, match="context 'there' does not exist"):
        kubeconfig.select(config(), context="there")


@pytest.mark.parametrize(
    ("part", "entry", "named"),
    [
        ("cluster", {"proxy-url": "http://proxy"}, "proxy-url"),
        ("user", {"username": "me", "password": "p4ss"}, "password, username"),
        ("user", {"as": "somebody"}, "as"),
    ],
)
def test_what_would_call_somebody_else_is_refused(
    part: str, entry: dict[str, str], named: str
) -> None:
    with pytest.raises(KubeconfigError) as refused:
        kubeconfig.select(config(**{part: entry}))

    assert f"must not have {named}." in str(refused.value)
    assert "p4ss" not in str(refused.value)


def test_embedded_certificates_are_decoded() -> None:
    data = base64.b64encode(b"PEM").decode()

    assert kubeconfig.select(config(cluster={"certificate-authority-data": data})).ca_pem == "PEM"


def test_secrets_do_not_show_when_a_target_is_printed() -> None:
    assert "t0ken" not in repr(kubeconfig.select(config()))


def test_the_document_of_a_target_selects_that_target() -> None:
    target = kubeconfig.select(config(), cluster="east", namespace="yelb")

    assert kubeconfig.select(kubeconfig.parse(target.document())) == target


def test_the_active_cluster_is_none_if_it_cannot_be_told() -> None:
    assert kubeconfig.active_cluster({}) is None
    assert kubeconfig.active_cluster(config(), context="there") is None
