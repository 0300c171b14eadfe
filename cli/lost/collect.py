"""Looks whether deployed clusters answer, and whether they are those that were deployed."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from httpx2 import HTTPError
from lightkube import ApiError
from lightkube.resources.core_v1 import Namespace

from components import api_server
from components.environment import Existing, Plan
from components.linkerd.labels import CONTROL_PLANE_NAMESPACE
from stacks.settings import kubeconfig_variable

from .evaluate import Seen

# A cluster that runs answers at once. Who has none waits this long for each that is away.
TIMEOUT_SECONDS = 5


def look(
    plan: Plan, clusters: Sequence[str], outputs: Mapping[str, Mapping[str, Any]]
) -> list[Seen]:
    """
    Look at clusters, all at once.

    Args:
        outputs: of the clusters' stacks; a cluster without outputs is not deployed, and left out.
    """
    deployed = {name: outputs[name] for name in clusters if outputs[name].get("kubeconfig")}
    with ThreadPoolExecutor() as pool:
        return [*pool.map(lambda name: _look(plan, name, deployed[name]), deployed)]


def _look(plan: Plan, name: str, outputs: Mapping[str, Any]) -> Seen:
    known = outputs.get("cluster") or {}
    seen = Seen(
        cluster=name,
        described=plan.clusters[name].described,
        server=str(known.get("apiServer", "")),
        recorded=str(known.get("linkerdNamespaceUid", "")),
    )
    if not seen.recorded:
        return seen
    kubeconfig = _given(name) if isinstance(seen.described, Existing) else ""
    try:
        return seen.answered(_uid(kubeconfig or outputs["kubeconfig"]))
    except (HTTPError, ApiError, OSError) as error:
        return seen.silent(f"{type(error).__name__}: {error}")


def _uid(kubeconfig: str) -> str:
    """Read the UID of Linkerd's namespace; empty if it is not there."""
    client = api_server.client(kubeconfig, timeout_seconds=TIMEOUT_SECONDS)
    try:
        found = client.get(Namespace, CONTROL_PLANE_NAMESPACE)
    except ApiError as error:
        if error.status.code == 404:
            return ""
        raise
    return str(found.metadata.uid) if found.metadata else ""


def _given(name: str) -> str:
    """Read the kubeconfig that the next `up` uses, if a file is named; the cluster may be new."""
    path = os.environ.get(kubeconfig_variable(name))
    return Path(path).read_text(encoding="utf-8") if path else ""
