"""
The archive of `mesh support-bundle`, and all secrets that exist, to search it for.

These are all values that the stacks mark as secret and all data of all Secrets of all clusters,
plain and in base64. Values that are public all the same are left out, each for a reason.
"""

import base64
import io
import json
import re
import tarfile
from collections.abc import Iterator
from typing import Any

from tests.environments.conftest import Sandbox

# Values of a chart that the provider marks because one value beside them is secret.
PUBLIC = {"NodePort", "17 3 * * *"}

# Shorter ones are words that stand anywhere.
LEAST = 8

SECRET = "4dabf18193072939515e22adb298388d"


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
    """Return whether a value is public, but in a map that is marked because of one secret."""
    return text in PUBLIC or (
        len(text) < 64 and re.fullmatch(r"[a-z0-9]+([./:-]+[a-z0-9]+)*/?", text) is not None
    )


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


def secrets_of(sandbox: Sandbox) -> set[str]:
    """Collect every secret of stacks and clusters that is long enough to be searched for."""
    found = {*of_stacks(sandbox), *of_clusters(sandbox)}
    return {each for each in found if len(each.strip()) >= LEAST and not is_public(each)}
