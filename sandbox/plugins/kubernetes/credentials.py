"""
The credentials of a kubeconfig's user: a token, a client certificate, or the answer of a program.

A program (`exec`) is found on PATH, told what is wanted by a variable, and answers on its standard
output, `aws eks get-token` for example.
Source: k8s.io/client-go v0.35 plugin/pkg/client/auth/exec/exec.go, pkg/apis/clientauthentication
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sandbox.plugins.kubernetes.kubeconfig import KubeconfigError, Target, pem, refuse_unknown

EXEC_VERSIONS = ("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")

EXEC_KEYS = {
    "apiVersion",
    "command",
    "args",
    "env",
    "installHint",
    "interactiveMode",
    "provideClusterInfo",
}

# `aws eks get-token` answers in a second; a program that asks a person something never does.
EXEC_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """Who we are for the API server: a token, a client certificate, or nobody."""

    token: str = field(default="", repr=False)
    certificate_pem: str = ""
    key_pem: str = field(default="", repr=False)
    expires: datetime | None = None

    @property
    def expired(self) -> bool:
        """Tell whether an exec plugin has to be asked again."""
        return self.expires is not None and datetime.now(UTC) >= self.expires


def credentials(target: Target) -> Credentials:
    """Find the user's credentials; an `exec` plugin is run for them."""
    user = target.user
    if "exec" in user:
        return _ask_program(user["exec"], target)
    token = user.get("token") or ""
    if not token and user.get("tokenFile"):
        token = Path(user["tokenFile"]).read_text().strip()
    return Credentials(
        token=token,
        certificate_pem=pem(user, "client-certificate"),
        key_pem=pem(user, "client-key"),
    )


def _ask_program(program: dict[str, Any], target: Target) -> Credentials:
    """Run an exec plugin and read its answer."""
    refuse_unknown("exec", program, EXEC_KEYS)
    version = program.get("apiVersion")
    if version not in EXEC_VERSIONS:
        raise KubeconfigError(
            f"exec plugin's apiVersion must be one of {', '.join(EXEC_VERSIONS)} (got {version!r})"
        )
    command = program.get("command") or ""
    found = shutil.which(command)
    if found is None:
        hint = program.get("installHint") or ""
        raise KubeconfigError(
            f"getting credentials: exec: executable {command} not found\n{hint}".rstrip()
        )
    spec: dict[str, Any] = {"interactive": False}
    if program.get("provideClusterInfo"):
        spec["cluster"] = {
            "server": target.server,
            "certificate-authority-data": base64.b64encode(target.ca_pem.encode()).decode(),
        }
    question = json.dumps({"kind": "ExecCredential", "apiVersion": version, "spec": spec})
    environment = {**os.environ, "KUBERNETES_EXEC_INFO": question}
    environment.update({item["name"]: item["value"] for item in program.get("env") or []})
    try:
        answer = subprocess.run(
            [found, *(program.get("args") or [])],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=EXEC_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise KubeconfigError(
            f"getting credentials: exec: {command} took more than {EXEC_SECONDS:.0f} s"
        ) from None
    if answer.returncode != 0:
        said = answer.stderr.decode(errors="replace").strip()[-500:]
        raise KubeconfigError(
            f"getting credentials: exec: executable {command} failed with exit code "
            f"{answer.returncode}: {said}"
        )
    return _read_answer(answer.stdout, command=command, version=cast(str, version))


def _read_answer(output: bytes, *, command: str, version: str) -> Credentials:
    try:
        answer = json.loads(output)
        status = answer.get("status") or {}
    except (ValueError, AttributeError):
        raise KubeconfigError(
            f"getting credentials: decoding the answer of {command}: it is no JSON object"
        ) from None
    if answer.get("apiVersion") != version:
        raise KubeconfigError(
            f"getting credentials: exec plugin is configured to use API version {version}, "
            f"plugin returned version {answer.get('apiVersion')}"
        )
    read = Credentials(
        token=status.get("token") or "",
        certificate_pem=status.get("clientCertificateData") or "",
        key_pem=status.get("clientKeyData") or "",
        expires=_time(status.get("expirationTimestamp")),
    )
    if bool(read.certificate_pem) != bool(read.key_pem):
        raise KubeconfigError(
            "getting credentials: plugin returned only certificate or key, not both"
        )
    if not read.token and not read.certificate_pem:
        raise KubeconfigError(
            f"getting credentials: {command} did not return a token or cert/key pair in its status"
        )
    return read


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
