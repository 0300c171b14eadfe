"""How kubectl and Helm deploy what `mesh up` made: in which order, and with which values."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.bench import baseline

TOKEN = base64.b64encode(b"new-token").decode()

# Writes down what it is called with, and answers what is asked for.
PROGRAM = f"""#!/bin/sh
echo "$(basename "$0") $*" >> "$CALLS"
case "$*" in
    *.data.token*) printf {TOKEN};;
    *get*loadBalancer*) printf 192.0.2.7;;
esac
"""


def chart(name: str, *, waits: bool = True) -> dict[str, Any]:
    """A chart of a deployment."""
    return {"release": name, "chart": name, "namespace": "spot", "values": {}, "waits": waits}


def cluster(name: str, **more: Any) -> dict[str, Any]:
    """What is deployed on a cluster."""
    names = (*baseline.FOUNDATION, "linkerd-multicluster")
    return {
        "kubeconfig": name,
        "first": [],
        "charts": [chart(each, waits=each != names[-1]) for each in reversed(names)],
        "then": [],
        "patches": [],
        "tokens": {},
        "mirrors": [],
        **more,
    }


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put programs first on PATH that write down their calls into this file."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("kubectl", "helm"):
        (programs / name).write_text(PROGRAM)
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    return tmp_path / "calls"


def test_a_cluster_is_deployed_in_the_order_of_what_needs_what_and_waited_for(
    calls: Path, tmp_path: Path
) -> None:
    deployment = {"kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"}}
    mirrors = [["shop", "orders-east"]]
    one = cluster("west", then=[deployment], patches=[deployment], mirrors=mirrors)

    baseline.deploy(tmp_path, {"west": one})

    done = calls.read_text().splitlines()
    beginnings = [
        "kubectl apply --server-side",
        "helm install linkerd-crds",
        "helm install linkerd-control-plane",
        "helm install linkerd-multicluster",
        "kubectl apply --server-side",
        f"kubectl apply --server-side --filename={tmp_path}/west/patches.json --field-manager",
        "kubectl wait deployment/web --namespace=shop --for=condition=Available",
        "kubectl wait endpoints/orders-east --namespace=shop --for=create",
        "kubectl wait endpoints/orders-east --namespace=shop --for=jsonpath={.subsets[0]",
    ]
    assert [line[: len(begin)] for line, begin in zip(done, beginnings, strict=True)] == beginnings
    assert ["--wait" in line.split() for line in done[1:4]] == [True, True, False]


def test_a_link_has_what_its_target_made(calls: Path, tmp_path: Path) -> None:
    link = {"kind": "Link", "spec": ["<token-of-east>", "<gateway-of-east>"]}
    clusters = {
        "west": cluster("west", then=[link], tokens={"east": "reader-token"}),
        "east": cluster("east"),
    }

    baseline.deploy(tmp_path, clusters)

    [applied] = json.loads((tmp_path / "west" / "then.json").read_text())["items"]
    assert applied["spec"] == ["new-token", "192.0.2.7"]


def test_a_command_that_fails_ends_it_with_what_it_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "kubectl"
    program.write_text("#!/bin/sh\necho no such kind >&2; exit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    with pytest.raises(SystemExit, match=r"must succeed \(ended with 3\)[^$]*no such kind"):
        baseline.deploy(tmp_path, {"east": cluster("east")})
