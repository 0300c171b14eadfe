"""What a mirror controller works with when an event comes: what it knows, and how it writes."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sandbox.mirror import mirrors
from sandbox.mirror.link import Link, Object
from sandbox.mirror.writer import About, Writer

Key = tuple[str, str]

MIRRORS = "mirrorServices"
FEDERATED = "federatedServices"

NO_NAMESPACE = "Skipped mirroring service: namespace does not exist"


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a controller knows when an event comes; keys are namespace and name."""

    link: Link
    writer: Writer
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

    async def lacks_namespace(self, service: Object, about: About) -> bool:
        """Tell whether the source lacks a service's namespace, and say so on both clusters."""
        if about.namespace in self.namespaces:
            return False
        await self.writer.skip(service, NO_NAMESPACE)
        message = "Namespace does not exist"
        await self.refuse(about, "MissingNamespace", message)
        return True

    async def refuse(self, about: About, reason: str, message: str) -> None:
        """Report that a service is not mirrored."""
        condition = mirrors.condition(mirrored=False, reason=reason, message=message)
        await self.writer.report(about, condition)

    async def report_mirrored(self, about: About, local: Object) -> None:
        """Report that a service is mirrored."""
        condition = mirrors.condition(mirrored=True, reason="Mirrored", local=local)
        await self.writer.report(about, condition)
