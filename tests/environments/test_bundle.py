"""
The archive for helpers holds no secret: it is searched for all that exist.

Searched for are all values that the stacks mark as secret and all data of all Secrets of all
clusters, plain and in base64. Values that are public all the same are left out, each for a reason.
"""

import base64
import io
import json
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.environments.conftest import Sandbox

pytestmark = pytest.mark.sandbox

# The least that has a link.
PAIR = '''"""Two kind clusters and a link."""

from components.environment import Environment, Export, Injection, Kind, Linkerd, Yelb, chain
from components.environment import Profile

ENVIRONMENT = Environment(
    clusters=[Kind("front", workers=1), Kind("back", workers=1)],
    links=chain("front", "back"),
    linkerd=Linkerd(profile=Profile.SMALL, viz=False),
    injection=Injection.PER_DEPLOYMENT,
    exports=[Export("yelb-appserver", namespace="yelb", of="back")],
    application=Yelb(ui="front", appserver="back", database="back"),
)
'''

# Shorter ones are words that stand anywhere.
LEAST = 8

SECRET = "4dabf18193072939515e22adb298388d"


@pytest.fixture(scope="module")
def files(sandbox: Sandbox) -> dict[str, str]:
    """Bring the environment up and make its archive; returns the files in it."""
    sandbox.described("pair").write_text(PAIR)
    sandbox.mesh("up", "pair")
    sandbox.well("pair")
    file = sandbox.home.root / "bundle.tar.gz"
    sandbox.mesh("support-bundle", "pair", "--output", str(file))
    return opened(file.read_bytes())


def opened(content: bytes) -> dict[str, str]:
    """Read the files of an archive."""
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        return {
            each.name.partition("/")[2]: found.read().decode()
            for each in tar.getmembers()
            if (found := tar.extractfile(each)) is not None
        }


def of_stacks(sandbox: Sandbox) -> Iterator[str]:
    """List every text in a value that a stack marks as secret."""
    listed = json.loads(sandbox.pulumi("stack", "ls", "--json").stdout)
    for stack in listed:
        state = sandbox.pulumi("stack", "export", "--show-secrets", "--stack", stack["name"])
        yield from marked(json.loads(state.stdout))


def marked(value: Any) -> Iterator[str]:
    """Find what is marked as secret within a value."""
    if isinstance(value, dict) and SECRET in value:
        yield from texts(json.loads(value["plaintext"]))
    elif isinstance(value, dict):
        for each in value.values():
            yield from marked(each)
    elif isinstance(value, list):
        for each in value:
            yield from marked(each)


def texts(value: Any) -> Iterator[str]:
    """List the texts in a value."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value


def of_clusters(sandbox: Sandbox) -> Iterator[str]:
    """List all data of all Secrets."""
    for cluster in sandbox.clusters:
        for each in sandbox.objects(cluster, "secrets", "--all-namespaces"):
            for key, value in (each.get("data") or {}).items():
                # The namespace of an account's token: its name, not a secret.
                if (each["type"], key) != ("kubernetes.io/service-account-token", "namespace"):
                    yield base64.b64decode(value).decode(errors="replace")


def is_public(text: str) -> bool:
    """Tell what stands in whole maps that are marked for one secret in them: names, addresses."""
    return len(text) < 64 and re.fullmatch(r"[a-z0-9]+([./:-]+[a-z0-9]+)*/?", text) is not None


def forms(secret: str) -> set[str]:
    """Write a secret as it is, escaped, in base64, and, if it has lines, each long one of a key."""
    bare = secret.strip()
    lines = {
        line.strip()
        for line in bare.split("\n")
        if "PRIVATE KEY" in bare and len(line) > 20 and not line.startswith("-----")
    }
    return {
        bare,
        json.dumps(bare)[1:-1],
        base64.b64encode(secret.encode()).decode().rstrip("="),
        *lines,
    }


def test_no_secret_that_exists_is_in_any_file(sandbox: Sandbox, files: dict[str, str]) -> None:
    found = {*of_stacks(sandbox), *of_clusters(sandbox)}
    secrets = {each for each in found if len(each.strip()) >= LEAST and not is_public(each)}

    leaks = [
        (path, secret[:4])
        for path, text in files.items()
        for secret in secrets
        if any(form in text for form in forms(secret))
    ]

    assert len(secrets) > 20
    assert any("PRIVATE KEY" in each for each in secrets)
    assert any(each.startswith("eyJ") for each in secrets)
    assert leaks == []


def test_what_helpers_need_is_in_it(files: dict[str, str]) -> None:
    (link,) = json.loads(files["clusters/front/links.json"])["items"]
    (mirror,) = json.loads(files["clusters/front/mirror-services.json"])["items"]
    resources = json.loads(files["stacks/links/resources.json"])["resources"]
    controllers = json.loads(files["clusters/front/linkerd-multicluster/deployments.json"])["items"]

    assert link["spec"]["targetClusterName"] == "back"
    assert mirror["metadata"]["name"] == "yelb-appserver-back"
    assert files["description.txt"].startswith("environment pair: ")
    assert json.loads(files["status.json"])["well"] is True
    assert any(each["type"].endswith("Link") for each in resources)
    assert "controller-back" in [each["metadata"]["name"] for each in controllers]
    assert json.loads(files["stacks/front/outputs.json"])["kubeconfig"] == "[secret]"
    assert "[certificate of CN=" in files["clusters/front/linkerd/configmaps.json"]
    assert not [path for path in files if "secret" in path]


def test_pods_without_logs_are_told(files: dict[str, str]) -> None:
    logs = [text for path, text in files.items() if "/logs/" in path]

    assert logs
    assert all(text.startswith("no logs: ") for text in logs)


def test_every_json_file_is_still_json(files: dict[str, str]) -> None:
    for path, text in files.items():
        if path.endswith(".json"):
            json.loads(text)


def test_a_second_archive_has_the_same_files(
    sandbox: Sandbox, files: dict[str, str], tmp_path: Path
) -> None:
    sandbox.mesh("support-bundle", "pair", "--output", str(tmp_path / "again.tar.gz"))

    assert list(opened((tmp_path / "again.tar.gz").read_bytes())) == list(files)
