"""
The Lease that the one working pod of a mirror controller holds.

It is never fought for: one process plays all pods, and knows which of them works.
"""

from datetime import UTC, datetime

from sandbox.mirror.api import APPLY, Api

# Source: linkerd2, multicluster/cmd/service-mirror/main.go (LEASE_DURATION)
LEASE_SECONDS = 30

# Linkerd renews every two seconds; a lease of thirty needs it less often, and two cores are few.
RENEW_SECONDS = 10.0


class Lease:
    """One Lease."""

    def __init__(self, api: Api, namespace: str, name: str) -> None:
        self._api, self._metadata = api, {"name": name, "namespace": namespace}
        self._path = f"/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases/{name}"

    async def hold(self, pod: str) -> None:
        """Take the Lease for a pod, or renew it."""
        await self._write(pod, LEASE_SECONDS)

    async def release(self) -> None:
        """Give the Lease away."""
        await self._write("", 1)

    async def _write(self, holder: str, duration: int) -> None:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        spec = {"holderIdentity": holder, "leaseDurationSeconds": duration, "renewTime": now}
        lease = {
            "apiVersion": "coordination.k8s.io/v1",
            "kind": "Lease",
            "metadata": self._metadata,
            "spec": spec,
        }
        manager = {"fieldManager": "linkerd-service-mirror", "force": "true"}
        await self._api.request("PATCH", self._path, lease, content=APPLY, params=manager)
