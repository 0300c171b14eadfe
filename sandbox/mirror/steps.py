"""
What a mirror controller may know and do: the view in which it decides, and the steps it takes;
pure.

Steps are taken in order. A write that fails puts its `failure` into the link's status and ends the
list; the event is then tried again, as often as the controller was told.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sandbox.mirror import mirrors
from sandbox.mirror.link import Link, Object

Key = tuple[str, str]

MIRRORS = "mirrorServices"
FEDERATED = "federatedServices"


class TryAgainError(Exception):
    """An event cannot be dealt with now."""


@dataclass(frozen=True, kw_only=True)
class View:
    """What a controller knows when an event comes; keys are namespace and name."""

    services: Mapping[Key, Object] = field(default_factory=dict)
    """The target's."""
    endpoints: Mapping[Key, Object] = field(default_factory=dict)
    """The target's."""
    local_services: Mapping[Key, Object] = field(default_factory=dict)
    local_endpoints: Mapping[Key, Object] = field(default_factory=dict)
    namespaces: Collection[str] = ()
    """The source's."""
    links: Mapping[str, Link] = field(default_factory=dict)
    addresses: Callable[[], Sequence[str]] = tuple
    """The gateway's addresses; raises TryAgainError if it has none."""
    alive: bool = True
    """Whether the gateway answers its probe."""
    mirrors_headless: bool = False
    """Whether headless services get headless mirrors, and not ordinary ones."""


@dataclass(frozen=True, kw_only=True)
class About:
    """The entry of a link's status that a step concerns."""

    field: str
    namespace: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Write:
    """One write on the source."""

    verb: Literal["create", "update", "delete"]
    kind: Literal["services", "endpoints", "namespaces"]
    object: Object
    about: About | None = None
    failure: str = ""
    """How the link's status begins if this fails; empty: only the log says so."""
    undo: "Write | None" = None
    """What is written if this fails."""
    finish: Callable[[View], Object] | None = None
    """Makes the object by what is known then, after the steps before; None: it is so already."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """Writes that belong together; if one fails only the log says so, and the list goes on."""

    writes: Sequence[Write]


@dataclass(frozen=True, kw_only=True)
class Status:
    """The new condition of an entry of the link's status; None takes the entry out."""

    about: About
    condition: Object | None


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """An Event on the target about a service that is not mirrored."""

    service: Object
    message: str = "Skipped mirroring service: namespace does not exist"


@dataclass(frozen=True, kw_only=True)
class Failed:
    """A step that cannot be made into a write: its reason goes where a failed write's would."""

    about: About | None
    message: str


Step = Write | Attempt | Status | Skipped | Failed


def missing_namespace(view: View, service: Object, about: About) -> list[Step] | None:
    """Decide about a service whose namespace the source lacks; None if it has it."""
    if about.namespace in view.namespaces:
        return None
    condition = mirrors.condition(
        mirrored=False, reason="MissingNamespace", message="Namespace does not exist"
    )
    return [Skipped(service=service), Status(about=about, condition=condition)]
