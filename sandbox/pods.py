"""
Pods of a cluster whose programs the sandbox plays: which is ready, and the token of its account.

What a kubelet and a leader election would do, as the cluster's administrator.
"""

from typing import Any

from sandbox.clusters import RunningCluster
from sandbox.mirror.api import Api, administrator_context

Pod = dict[str, Any]

RESTART_SECONDS = 2.0
TOKEN_SECONDS = 24 * 3600


def administrator(cluster: RunningCluster) -> Api:
    """Speak to a cluster as its administrator."""
    certificate, key = cluster.client_certificate_pem, cluster.client_key_pem
    return Api(cluster.server, administrator_context(cluster.ca_pem, certificate, key))


async def token_of(api: Api, pod: Pod) -> str:
    """Give a token of a pod's account."""
    namespace, account = pod["metadata"]["namespace"], pod["spec"]["serviceAccountName"]
    request = {
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "TokenRequest",
        "spec": {"expirationSeconds": TOKEN_SECONDS},
    }
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token"
    answer = await api.request("POST", path, request)
    return str(answer["status"]["token"])


def age(pod: Pod) -> tuple[str, str]:
    """Give what sorts pods from the oldest to the newest."""
    return pod["metadata"]["creationTimestamp"], pod["metadata"]["name"]


def is_ready(pod: Pod) -> bool:
    """Tell whether a pod is ready, and not about to go."""
    conditions: list[dict[str, Any]] = (pod.get("status") or {}).get("conditions") or []
    ready = any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
    return ready and "deletionTimestamp" not in pod["metadata"]
