"""Running Helm, and reading what it keeps in the cluster."""

from __future__ import annotations

import base64
import gzip
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from sandbox.home import Home
from sandbox.plugins.framework import Refused
from sandbox.plugins.kubernetes.api import Api
from sandbox.plugins.kubernetes.helm import Helm, HelmError, find_release, resource_names
from tests.sandbox.plugins.kubernetes.fake_server import FakeServer
from tests.sandbox.plugins.kubernetes.providers import provider_of

MANIFEST = """
---
# Source: web/templates/service.yaml
kind: Service
apiVersion: v1
metadata:
  # a comment
  name: web

  labels: {app: web}
spec:
  ports:
    - port: 80
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: yelb}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: yelb
---
# nothing
---
{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path)
    home.bin.mkdir()
    monkeypatch.setenv("LINKMESH_SANDBOX_HOME", str(tmp_path))
    return home


def helm(home: Home, script: str, cancelled: threading.Event | None = None) -> Helm:
    program = home.bin / "helm"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return Helm(provider_of(None).target, {"HELM_PLUGINS": "/p"}, cancelled or threading.Event())


def test_objects_of_a_manifest_are_named_by_kind() -> None:
    assert resource_names(MANIFEST) == {
        "Service/v1": ["web"],
        "Deployment.apps/apps/v1": ["yelb/api", "yelb/web"],
        "Secret/v1": ["s"],
    }


def test_the_newest_revision_of_a_release_is_read() -> None:
    server = FakeServer()
    for revision in (1, 2, 10):
        packed = base64.b64encode(gzip.compress(json.dumps({"version": revision}).encode()))
        secret = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {
                "name": f"sh.helm.release.v1.web.v{revision}",
                "namespace": "default",
                "labels": {"version": str(revision)},
            },
            "data": {"release": base64.b64encode(packed).decode()},
        }
        Api(server).create(secret, manager="helm", dry_run=False)

    assert find_release(Api(server), "default", "web") == {"version": 10}
    assert "labelSelector=owner%3Dhelm%2Cname%3Dweb" in server.requests[-1][1]


def test_a_release_that_is_not_there_is_none() -> None:
    assert find_release(Api(FakeServer()), "default", "web") is None


def test_helm_gets_values_on_standard_input_and_a_private_kubeconfig(home: Home) -> None:
    seen = home.root / "seen"
    script = f"""
for last; do case "$before" in --kubeconfig) cp "$last" {seen}.config; stat -c %a "$last"
  >{seen}.mode;; esac; before=$last; done
cat >{seen}.values; echo "$@" >{seen}.arguments; env >{seen}.variables"""
    script = script.replace('"$last"\n  >', '"$last" >')

    helm(home, script).run(["upgrade", "web"], namespace="yelb", values={"key": "s3cret"})

    assert json.loads((home.root / "seen.values").read_text()) == {"key": "s3cret"}
    assert (home.root / "seen.mode").read_text() == "600\n"
    assert "https://127.0.0.1:1" in (home.root / "seen.config").read_text()
    arguments = (home.root / "seen.arguments").read_text()
    assert arguments.startswith("upgrade web --namespace yelb --kubeconfig ")
    assert arguments.endswith("--values -\n")
    assert "s3cret" not in arguments + (home.root / "seen.variables").read_text()
    assert list((home.root / "helm" / "tmp").iterdir()) == []


def test_helm_keeps_its_things_in_the_home(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELM_CACHE_HOME", "/mine")
    monkeypatch.setenv("HELM_NAMESPACE", "mine")

    printed = helm(home, "env | grep HELM_ | sort").look([])

    assert printed.splitlines() == [
        f"HELM_CACHE_HOME={home.root}/helm/cache",
        f"HELM_CONFIG_HOME={home.root}/helm/config",
        f"HELM_DATA_HOME={home.root}/helm/data",
        "HELM_PLUGINS=/p",
    ]


def test_an_error_is_what_helm_says_without_its_warnings(home: Home) -> None:
    script = "echo 'WARNING: old' >&2; echo 'Error: INSTALLATION FAILED: no room' >&2; exit 1"

    with pytest.raises(HelmError) as failed:
        helm(home, script).look(["install"])

    assert str(failed.value) == "no room"


def test_an_interrupt_ends_helm(home: Home) -> None:
    cancelled = threading.Event()
    cancelled.set()

    with pytest.raises(HelmError):
        helm(home, "exec sleep 60", cancelled).look([])


def test_a_large_answer_to_large_values_does_not_hang(home: Home) -> None:
    values: dict[str, Any] = {"text": "x" * 300_000}

    printed = helm(home, "sleep 0.6; cat; cat /dev/zero | head -c 300000 | tr '\\0' y").run(
        [], namespace="n", values=values
    )

    assert len(printed) > 600_000


def test_without_a_home_helm_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINKMESH_SANDBOX_HOME", raising=False)

    with pytest.raises(Refused, match="LINKMESH_SANDBOX_HOME"):
        Helm(None, {}, threading.Event()).look(["version"])
