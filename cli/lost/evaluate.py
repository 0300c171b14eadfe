"""Decides whether a cluster is the one that was deployed, and says what to do if it is not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from components.environment import ClusterSpec, Eks, Kind
from components.linkerd.labels import CONTROL_PLANE_NAMESPACE


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was seen of a deployed cluster."""

    cluster: str
    """Its name."""

    described: ClusterSpec
    """How it is described."""

    server: str
    """URL of its API server, as deployed."""

    recorded: str
    """UID of Linkerd's namespace, as deployed; empty if an older version did not record it."""

    uid: str | None = None
    """That UID as it is now; empty if there is no such namespace, None if nobody knows."""

    error: str = ""
    """Why the API server did not answer; empty if it did, or was not asked."""

    def answered(self, uid: str) -> "Seen":
        """Add what the cluster answered."""
        return replace(self, uid=uid)

    def silent(self, error: str) -> "Seen":
        """Add why it did not answer."""
        return replace(self, error=error)

    @property
    def is_another(self) -> bool:
        """Whether what was deployed is not on it."""
        return self.uid is not None and self.uid != self.recorded

    @property
    def is_the_same(self) -> bool:
        """Whether what was deployed is on it."""
        return bool(self.recorded) and self.uid == self.recorded


def refusals(name: str, seen: Sequence[Seen], *, destroys: bool) -> list[str]:
    """
    Say which clusters stop `mesh up` or `mesh destroy` of an environment, and what to do.

    An EKS cluster that does not answer stops neither: a change of who may call it may be what is to
    be deployed.
    """
    found = []
    for one in seen:
        if one.is_another:
            found.append(_another(name, one, destroys=destroys))
        elif one.error and not isinstance(one.described, Eks):
            found.append(_silent(name, one, destroys=destroys))
    return found


def _another(name: str, seen: Seen, *, destroys: bool) -> str:
    what = "has another UID" if seen.uid else "is missing"
    return (
        f"cluster {seen.cluster!r} must be the one that was deployed (its namespace "
        f"{CONTROL_PLANE_NAMESPACE!r} {what}, so the cluster was replaced, or the namespace was "
        f"deleted). Pulumi would change nothing on it. Use: {_use(name, seen, destroys=destroys)}. "
        "If only the namespace was deleted: "
        f"pulumi refresh --stack {name}.{seen.cluster}, then mesh up {name}"
    )


def _silent(name: str, seen: Seen, *, destroys: bool) -> str:
    start = (
        "If its containers are stopped, start them. "
        if isinstance(seen.described, Kind)
        else "If it is only out of reach, connect to its network. "
    )
    return (
        f"cluster {seen.cluster!r} must answer at {seen.server} (got {seen.error}). {start}"
        f"If it is gone, use: {_use(name, seen, destroys=destroys)}"
    )


def _use(name: str, seen: Seen, *, destroys: bool) -> str:
    if destroys:
        return f"mesh forget {name} {seen.cluster}, then mesh destroy {name}"
    return f"mesh up {name} --rebuild {seen.cluster}"
