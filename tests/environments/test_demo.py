"""
The demo environment through the genuine engine, on genuine API servers.

The tests of this file are one story, in order: the environment is up, a person works with it,
and at the end it is destroyed.
"""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from linkmesh.stacks import load
from tests.environments.conftest import Sandbox, eventually, ran

pytestmark = pytest.mark.sandbox(passphrase=True)

ENVIRONMENT = load("demo")


@pytest.fixture(scope="module", autouse=True)
def _up(sandbox: Sandbox) -> None:
    sandbox.mesh("up", "demo")


def endpoints(sandbox: Sandbox, cluster: str, name: str) -> list[str]:
    """Read the ready addresses of a service, with their ports."""
    output = sandbox.kubectl(cluster, "-n", "yelb", "get", "endpoints", name, "-o", "json")
    read = json.loads(output)
    return [
        f"{address['ip']}:{port['port']}"
        for subset in read.get("subsets") or []
        for address in subset.get("addresses") or []
        for port in subset["ports"]
    ]


def variables(sandbox: Sandbox, cluster: str, deployment: str) -> dict[str, str]:
    """Read the environment variables of a workload's container."""
    read = sandbox.kubectl(cluster, "-n", "yelb", "get", "deployment", deployment, "-o", "json")
    container = json.loads(read)["spec"]["template"]["spec"]["containers"][0]
    return {variable["name"]: variable["value"] for variable in container.get("env") or []}


@pytest.fixture(scope="module")
def secrets(sandbox: Sandbox) -> set[str]:
    """Collect every secret value that the stacks export, down to its texts."""
    found: set[str] = set()
    for part in ENVIRONMENT.parts:
        stack = f"demo.{part}"
        plain = json.loads(sandbox.pulumi("stack", "output", "--json", "-s", stack).stdout)
        shown = sandbox.pulumi("stack", "output", "--json", "--show-secrets", "-s", stack).stdout
        for key, value in json.loads(shown).items():
            if plain[key] == "[secret]":
                found |= set(texts(value))
    # The name of the account that a token is of is no secret.
    account = "linkerd-service-mirror-remote-access-"
    return {text for text in found if len(text) > 20 and not text.startswith(account)}


def texts(value: Any) -> list[str]:
    """List every text in a value, and what of a kubeconfig gives access."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    if not isinstance(value, str) or "CERTIFICATE-----" in value:
        return []
    keys = re.findall(r"(?:client-key-data|token): ([\w.=+/-]+)", value)
    return [value, *keys]


def test_every_link_and_mirror_is_healthy(sandbox: Sandbox) -> None:
    output = sandbox.healthy("demo")

    assert "local -> west, west -> east" in output
    assert re.search(r"^local +west +\S+ +ok", output, re.MULTILINE), output
    assert re.search(r"^yelb-appserver-west\.yelb +local +[1-9]\d* ready +ok", output, re.MULTILINE)
    assert re.search(r"^yelb-db-east\.yelb +west +[1-9]\d* ready +ok", output, re.MULTILINE), output


def test_a_second_up_changes_nothing_and_a_third_one_runs_no_stack(sandbox: Sandbox) -> None:
    second = sandbox.mesh("up", "demo", "--all-stacks").stdout
    third = sandbox.mesh("up", "demo").stdout

    assert ran(second) == {*load("demo").parts}
    assert second.splitlines()[-1].endswith("no changes.")
    assert ran(third) == set()
    assert "10 stacks were skipped" in third


@pytest.mark.parametrize("part", ["trust", "west", "links.west", "apps.west"])
def test_what_mesh_deployed_is_clean_to_a_plain_preview(sandbox: Sandbox, part: str) -> None:
    sandbox.pulumi("preview", "--stack", f"demo.{part}", "--expect-no-changes")


def test_a_refresh_finds_nothing_that_drifted(sandbox: Sandbox) -> None:
    sandbox.pulumi("refresh", "--stack", "demo.west", "--yes", "--expect-no-changes")


@pytest.mark.parametrize(
    ("cluster", "mirror", "target"),
    [("local", "yelb-appserver-west", "west"), ("west", "yelb-db-east", "east")],
)
def test_a_mirror_leads_to_its_targets_gateway(
    sandbox: Sandbox, cluster: str, mirror: str, target: str
) -> None:
    gateway = json.loads(
        sandbox.kubectl(
            target, "-n", "linkerd-multicluster", "get", "service", "linkerd-gateway", "-o", "json"
        )
    )
    [entry] = gateway["status"]["loadBalancer"]["ingress"]
    expected = sandbox.addresses_of(entry["hostname"])

    assert len(expected) == 3  # one in each zone
    assert sorted(endpoints(sandbox, cluster, mirror)) == sorted(
        f"{each}:4143" for each in expected
    )


def test_callers_are_configured_with_the_names_of_mirrors(sandbox: Sandbox) -> None:
    appserver = variables(sandbox, "west", "yelb-appserver")

    assert variables(sandbox, "local", "yelb-ui") == {
        "YELB_APPSERVER_ENDPOINT": "http://yelb-appserver-west:4567"
    }
    assert appserver["YELB_DB_SERVER_ENDPOINT"] == "yelb-db-east"
    assert appserver["REDIS_SERVER_ENDPOINT"] == "redis-server"


def test_no_cluster_mirrors_what_it_was_not_offered(sandbox: Sandbox) -> None:
    mirrored = {
        cluster: {
            item["metadata"]["name"]
            for item in sandbox.objects(
                cluster, "services", "-A", "-l", "mirror.linkerd.io/mirrored-service=true"
            )
        }
        for cluster in ENVIRONMENT.names
    }

    assert mirrored == {"local": {"yelb-appserver-west"}, "west": {"yelb-db-east"}, "east": set()}


def test_all_clusters_share_one_trust_anchor_and_each_has_its_issuer(sandbox: Sandbox) -> None:
    anchors, issuers = set(), set()
    for cluster in ENVIRONMENT.names:
        secret = json.loads(
            sandbox.kubectl(
                cluster, "-n", "linkerd", "get", "secret", "linkerd-identity-issuer", "-o", "json"
            )
        )
        data = {key: base64.b64decode(value) for key, value in secret["data"].items()}
        anchor = x509.load_pem_x509_certificate(data["ca.crt"])
        issuer = x509.load_pem_x509_certificate(data["tls.crt"])
        issuer.verify_directly_issued_by(anchor)
        anchors.add(anchor)
        issuers.add(issuer)

    assert len(anchors) == 1
    assert len(issuers) == 3


def test_a_source_may_only_read_services(sandbox: Sandbox) -> None:
    name = "linkerd-service-mirror-remote-access-local"
    account = f"system:serviceaccount:linkerd-multicluster:{name}"

    def may(verb: str, resource: str) -> bool:
        done = sandbox.run(
            "kubectl",
            f"--kubeconfig={sandbox.home.cluster('west') / 'kubeconfig'}",
            *("auth", "can-i", verb, resource, "-A", f"--as={account}"),
            check=False,
        )
        return done.stdout.strip() == "yes"

    assert may("list", "services")
    assert may("watch", "endpoints")
    assert not may("list", "secrets")
    assert not may("list", "pods")
    assert not may("patch", "services")


def test_no_secret_is_in_plain_text_in_state_previews_or_logs(
    sandbox: Sandbox, secrets: set[str]
) -> None:
    preview = sandbox.pulumi("preview", "--stack", "demo.links.west", "--diff").stdout
    read = {"preview": preview}
    for folder in (sandbox.home.state, sandbox.home.logs):
        for path in folder.rglob("*"):
            if path.is_file():
                read[str(path)] = path.read_text(errors="replace")

    assert len(secrets) >= 8  # three issuers' keys, three kubeconfigs, two tokens
    for name, text in read.items():
        assert not any(secret in text for secret in secrets), f"a secret is in {name}"
        assert "PRIVATE KEY" not in text, f"a private key is in {name}"


def with_export(project: Path, line: str) -> str:
    """Add an export to the copy's description of the demo; returns what it was."""
    path = project / "stacks" / "environments" / "demo.py"
    was = path.read_text()
    path.write_text(was.replace("    exports=[\n", f"    exports=[\n        {line}\n"))
    return was


def test_a_changed_export_is_previewed_and_its_mirror_is_created_and_removed(
    sandbox: Sandbox,
) -> None:
    line = 'Export("redis-server", namespace="yelb", of="west", to=["local"]),'
    was = with_export(sandbox.project, line)
    previewed = sandbox.pulumi("preview", "--stack", "demo.apps.west").stdout
    added = sandbox.mesh("up", "demo").stdout
    came = eventually(lambda: bool(endpoints(sandbox, "local", "redis-server-west")))
    (sandbox.project / "stacks" / "environments" / "demo.py").write_text(was)
    removed = sandbox.mesh("up", "demo").stdout
    left = eventually(
        lambda: "redis-server-west" not in sandbox.kubectl("local", "-n", "yelb", "get", "services")
    )

    assert re.search(r"\+ .*ServicePatch +west-yelb-redis-server +create", previewed)
    assert came
    assert left
    # The story's refresh has written the state of `west`, so that runs once more.
    assert ran(added) == {"apps.west", "west"}
    assert ran(removed) == {"apps.west"}


def test_a_comment_shows_severe_changes_first(sandbox: Sandbox, secrets: set[str]) -> None:
    line = 'Export("redis-server", namespace="yelb", of="west", to=["local"]),'
    was = with_export(sandbox.project, line)
    described = sandbox.described("demo")
    described.write_text(described.read_text().replace("10.20.0.0/16", "10.21.0.0/16"))
    sandbox.mesh("preview", "demo", "--markdown", "comment.md")
    described.write_text(was)

    text = (sandbox.project / "comment.md").read_text()
    assert "+ local can call redis-server.yelb of west: as redis-server-west.yelb\n" in text
    assert "! east: 10.20.0.0/16 -> 10.21.0.0/16\n" in text
    assert not re.search(r"^- .* can call ", text, re.MULTILINE)
    assert text.index("<summary>demo.network") < text.index("<summary>demo.apps.west")
    operations = re.findall(r"^\| (?:\*\*)?(replace|delete|update|create)\b", text, re.MULTILINE)
    assert operations[0] == "replace"
    assert "| **replace** | `east-vpc` | `aws:ec2/vpc:Vpc` | `cidrBlock` (replaces) |" in text
    assert len(text) < 65_000
    assert not any(secret in text for secret in secrets)


def test_an_environment_with_problems_is_an_error_before_anything_changes(sandbox: Sandbox) -> None:
    was = with_export(
        sandbox.project, 'Export("yelb-db", namespace="yelb", of="east", to=["local"]),'
    )
    done = sandbox.pulumi("preview", "--stack", "demo.trust", check=False)
    (sandbox.project / "stacks" / "environments" / "demo.py").write_text(was)

    assert done.returncode != 0
    assert "must go to clusters that are linked to it (got 'local')" in done.stdout
    assert "must be given once (got 2 times)" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_removed_links_leave_nothing_on_their_sources(sandbox: Sandbox) -> None:
    for part in (*reversed(ENVIRONMENT.app_parts), *ENVIRONMENT.link_parts):
        sandbox.pulumi("destroy", "--stack", f"demo.{part}", "--yes")

    for cluster in ENVIRONMENT.names:
        mirrored = ("services", "-A", "-l", "mirror.linkerd.io/mirrored-service=true")
        credentials = ("secrets", "-A", "--field-selector=type=mirror.linkerd.io/remote-kubeconfig")
        assert sandbox.objects(cluster, *mirrored) == []
        assert sandbox.objects(cluster, *credentials) == []
        assert sandbox.objects(cluster, "links.multicluster.linkerd.io", "-A") == []


def test_destroy_leaves_no_cluster_and_an_empty_account(sandbox: Sandbox) -> None:
    sandbox.mesh("destroy", "demo")

    assert sandbox.clusters == []
    assert sandbox.left_in(["eu-west-1", "eu-west-3"]) == []
