"""Reads from deployed clusters whether they are those that were deployed."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from httpx2 import HTTPError
from lightkube import ApiError
from lightkube.resources.core_v1 import Namespace

from linkmesh import api_server
from linkmesh.environment import Existing, Plan
from linkmesh.linkerd.labels import CONTROL_PLANE_NAMESPACE
from linkmesh.stacks.settings import kubeconfig_variable

from .evaluate import ClusterIdentity

# A cluster that runs answers at once. A command waits this long for one that does not answer.
TIMEOUT_SECONDS = 5


def observe(
    plan: Plan, clusters: Sequence[str], outputs: Mapping[str, Mapping[str, Any]]
) -> list[ClusterIdentity]:
    """
    Read from clusters in parallel.

    Args:
        outputs: outputs of the clusters' stacks. A cluster without outputs is not deployed, and is
            left out.
    """
    deployed = {name: outputs[name] for name in clusters if outputs.get(name, {}).get("kubeconfig")}
    with ThreadPoolExecutor() as pool:
        return [*pool.map(lambda name: _observe(plan, name, deployed[name]), deployed)]


def _observe(plan: Plan, name: str, outputs: Mapping[str, Any]) -> ClusterIdentity:
    contract = outputs.get("cluster") or {}
    identity = ClusterIdentity(
        cluster=name,
        described=plan.clusters[name].described,
        server=str(contract.get("apiServer", "")),
        recorded=str(contract.get("linkerdNamespaceUid", "")),
    )
    if not identity.recorded:
        return identity
    kubeconfig = _next_kubeconfig(name) if isinstance(identity.described, Existing) else ""
    try:
        return identity.with_uid(_uid(kubeconfig or outputs["kubeconfig"]))
    except (HTTPError, ApiError, OSError) as error:
        return identity.with_error(f"{type(error).__name__}: {error}")


def _uid(kubeconfig: str) -> str:
    """Read the UID of Linkerd's namespace; empty if it does not exist."""
    client = api_server.client(kubeconfig, timeout_seconds=TIMEOUT_SECONDS)
    try:
        found = client.get(Namespace, CONTROL_PLANE_NAMESPACE)
    except ApiError as error:
        if error.status.code == 404:
            return ""
        raise
    return str(found.metadata.uid) if found.metadata else ""


def _next_kubeconfig(name: str) -> str:
    """Read the kubeconfig file that the next `up` uses, if any; the cluster may be new."""
    path = os.environ.get(kubeconfig_variable(name))
    return Path(path).read_text(encoding="utf-8") if path else ""
