"""Who we are for an API server: tokens, certificates, and programs that are asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.plugins.kubernetes import kubeconfig
from sandbox.plugins.kubernetes.credentials import credentials
from sandbox.plugins.kubernetes.kubeconfig import KubeconfigError, Target

V1 = "client.authentication.k8s.io/v1"


def target(user: dict[str, Any]) -> Target:
    return kubeconfig.select(
        {
            "current-context": "c",
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
            "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1"}}],
            "users": [{"name": "u", "user": user}],
        }
    )


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def write_program(folder: Path, script: str) -> None:
    program = folder / "get-token"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def answer(status: dict[str, str], version: str = V1) -> str:
    return json.dumps({"apiVersion": version, "kind": "ExecCredential", "status": status})


def asked(**overrides: Any) -> Target:
    return target({"exec": {"apiVersion": V1, "command": "get-token", **overrides}})


def test_a_token_is_taken_from_the_kubeconfig_or_its_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-file\n")

    assert credentials(target({"token": "text"})).token == "text"
    assert credentials(target({"tokenFile": str(tmp_path / "token")})).token == "from-file"


def test_a_program_answers_with_a_token(programs: Path) -> None:
    write_program(programs, f"echo '{answer({'token': 'abc'})}'")

    assert credentials(asked()).token == "abc"


def test_a_program_answers_with_a_client_certificate(programs: Path) -> None:
    status = {"clientCertificateData": "CERT", "clientKeyData": "KEY"}
    write_program(programs, f"echo '{answer(status)}'")

    found = credentials(asked())

    assert (found.certificate_pem, found.key_pem) == ("CERT", "KEY")
    assert "KEY" not in repr(found)


def test_a_program_gets_its_arguments_variables_and_the_question(programs: Path) -> None:
    note = f'echo "$1 $REGION $KUBERNETES_EXEC_INFO" >{programs}/seen'
    write_program(programs, f"{note}\necho '{answer({'token': 'x'})}'")

    credentials(asked(args=["west"], env=[{"name": "REGION", "value": "eu-west-1"}]))

    seen = (programs / "seen").read_text()
    assert seen.startswith("west eu-west-1 ")
    assert json.loads(seen.split(" ", 2)[2])["spec"] == {"interactive": False}


def test_an_expired_answer_has_to_be_asked_again(programs: Path) -> None:
    status = {"token": "x", "expirationTimestamp": "2020-01-01T00:00:00Z"}
    write_program(programs, f"echo '{answer(status)}'")

    assert credentials(asked()).expired


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo no cluster of that name >&2; exit 3", "failed with exit code 3: no cluster of that"),
        ("echo nonsense", "it is no JSON object"),
        (f"echo '{answer({})}'", "did not return a token or cert/key pair"),
        (f"echo '{answer({'clientKeyData': 'K'})}'", "only certificate or key, not both"),
        (f"echo '{answer({'token': 'x'}, 'other/v1')}'", "plugin returned version other/v1"),
    ],
)
def test_a_wrong_answer_is_refused(programs: Path, script: str, said: str) -> None:
    write_program(programs, script)

    with pytest.raises(KubeconfigError, match=said):
        credentials(asked())


def test_a_missing_program_is_refused_with_its_hint(programs: Path) -> None:
    with pytest.raises(KubeconfigError, match=r"executable get-token not found\ninstall it"):
        credentials(asked(installHint="install it"))


def test_an_unknown_version_of_the_protocol_is_refused(programs: Path) -> None:
    with pytest.raises(KubeconfigError, match=r"must be one of .*v1, .*v1beta1"):
        credentials(asked(apiVersion="client.authentication.k8s.io/v1alpha1"))
