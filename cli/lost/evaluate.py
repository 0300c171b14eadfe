"""Decides whether a cluster is the one that was deployed, and what to do if it is not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from linkmesh.environment import ClusterSpec, Eks, Kind
from linkmesh.linkerd.labels import CONTROL_PLANE_NAMESPACE


@dataclass(frozen=True, kw_only=True)
class ClusterIdentity:
    """The UID by which a cluster is recognized, as deployed and as observed."""

    cluster: str
    """Its name."""

    described: ClusterSpec
    """Its description."""

    server: str
    """URL of its API server, as deployed."""

    recorded: str
    """UID of Linkerd's namespace, as deployed; empty if an older version did not record it."""

    uid: str | None = None
    """That UID as observed; empty if there is no such namespace, None if it is unknown."""

    error: str = ""
    """Why the API server did not answer; empty if it did, or if there was no request."""

    def with_uid(self, uid: str) -> "ClusterIdentity":
        """Return it with the answer of the cluster."""
        return replace(self, uid=uid)

    def with_error(self, error: str) -> "ClusterIdentity":
        """Return it with the reason why there was no answer."""
        return replace(self, error=error)

    @property
    def is_another(self) -> bool:
        """Whether what was deployed is not on it."""
        return self.uid is not None and self.uid != self.recorded

    @property
    def is_the_same(self) -> bool:
        """Whether what was deployed is on it."""
        return bool(self.recorded) and self.uid == self.recorded


def problems(name: str, observed: Sequence[ClusterIdentity], *, destroys: bool) -> list[str]:
    """
    List clusters that stop `mesh up` or `mesh destroy` of an environment, with what to do.

    An EKS cluster that does not answer stops neither, because what is to be deployed may be a
    change of who can call it.
    """
    found = []
    for one in observed:
        if one.is_another:
            found.append(_another(name, one, destroys=destroys))
        elif one.error and not isinstance(one.described, Eks):
            found.append(_silent(name, one, destroys=destroys))
    return found


def _another(name: str, observed: ClusterIdentity, *, destroys: bool) -> str:
    what = "has another UID" if observed.uid else "is missing"
    return (
        f"cluster {observed.cluster!r} must be the one that was deployed (its namespace "
        f"{CONTROL_PLANE_NAMESPACE!r} {what}, so the cluster was replaced, or the namespace was "
        "deleted). Pulumi would change nothing on it. Use: "
        f"{_use(name, observed, destroys=destroys)}. If only the namespace was deleted: "
        f"pulumi refresh --stack {name}.{observed.cluster}, then mesh up {name}"
    )


def _silent(name: str, observed: ClusterIdentity, *, destroys: bool) -> str:
    start = (
        "If its containers are stopped, start them. "
        if isinstance(observed.described, Kind)
        else "If it is only unreachable, connect to its network. "
    )
    return (
        f"cluster {observed.cluster!r} must answer at {observed.server} (got {observed.error}). "
        f"{start}If it is gone, use: {_use(name, observed, destroys=destroys)}"
    )


def _use(name: str, observed: ClusterIdentity, *, destroys: bool) -> str:
    if destroys:
        return f"mesh forget {name} {observed.cluster}, then mesh destroy {name}"
    return f"mesh up {name} --rebuild {observed.cluster}"
