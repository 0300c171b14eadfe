"""
Waits until callers can call what an environment exports, and says why they cannot.

Linkerd makes mirrors some seconds after the last stack is deployed, and no resource can wait for
them (docs/decisions/0007-waiting-for-mirrors.md). All are looked at side by side, each until it is
well; one that never will be is looked at to the end, since others may have to mend it.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from lightkube import Client
from rich.console import Console

from components import api_server
from components.linkerd.links import export_labels
from stacks.environment import Environment

from ..errors import RunFailedError
from .collect import observe
from .evaluate import Observed, why_no_mirror

PAUSE_SECONDS = 1.0

# Each look is some ten small requests to two API servers.
AT_ONCE = 16


class MirrorsMissingError(RunFailedError):
    """All stacks are deployed, but some callers cannot call; says which, and why."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A mirror that should be there."""

    export: Observed
    """Which export, and on which clusters; nothing of it was looked at."""

    label: Mapping[str, str]
    """The label that exports it."""

    def __str__(self) -> str:
        return f"{self.export.namespace}/{self.export.name} on {self.export.source}"


Look = Callable[[Expected], str]
"""Says why a mirror is not well; empty if it is."""


def expected(environment: Environment) -> list[Expected]:
    """List the mirrors that an environment should have, one for each export and caller; pure."""
    return [
        Expected(
            export=Observed(
                service=export.service,
                namespace=export.namespace,
                source=caller,
                target=export.of,
                mode=export.mode,
            ),
            label=export_labels.labels(
                export.mode, of=export.of, sources=environment.chosen_sources(export)
            ),
        )
        for export in environment.exports
        for caller in environment.callers_of(export)
    ]


def looking(kubeconfigs: Mapping[str, str]) -> Look:
    """Make what looks at clusters, by their administrators' kubeconfigs."""
    clients = {
        cluster: api_server.client(kubeconfig) for cluster, kubeconfig in kubeconfigs.items()
    }
    return lambda mirror: look(mirror, clients)


def look(mirror: Expected, clients: Mapping[str, Client]) -> str:
    """Say why a mirror is not well, from what is on both clusters; empty if it is."""
    export = mirror.export
    for cluster in (export.source, export.target):
        if cluster not in clients:
            return f"cluster {cluster!r} is not deployed"
    try:
        seen = observe(clients[export.source], clients[export.target], export, label=mirror.label)
    except Exception as error:
        # Whatever a server or a network does wrong, it may be right in the next round.
        return (
            f"{export.source!r} or {export.target!r} does not answer ({type(error).__name__}): "
            "see whether kubectl reaches both"
        )
    return why_no_mirror(seen)


def wait(mirrors: Sequence[Expected], seconds: float, console: Console, seen: Look) -> list[str]:
    """
    Wait until all mirrors are well, or for some seconds; return a line for each that is not.

    Args:
        seen: looks at one mirror.
    """
    start = time.monotonic()
    left = [(mirror, "") for mirror in mirrors]
    told = None
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        while left:
            asked = [mirror for mirror, _ in left]
            causes = pool.map(seen, asked)
            left = [(one, cause) for one, cause in zip(asked, causes, strict=True) if cause]
            spent = time.monotonic() - start
            if len(left) != told:
                told = len(left)
                well = f"{len(mirrors) - told} of {len(mirrors)}"
                console.print(f"mirrors: {well} well after {spent:.0f} s")
            if spent + PAUSE_SECONDS > seconds:
                break
            if left:
                time.sleep(PAUSE_SECONDS)
    return [f"  {mirror}: {cause}" for mirror, cause in left]


def failure_text(name: str, missing: Sequence[str], count: int, seconds: float) -> str:
    """Say that an environment is deployed, but not well; pure."""
    return "\n".join(
        (
            f"environment {name!r} is deployed, but {len(missing)} of {count} mirrors are not well "
            f"after {seconds:.0f} s:",
            *missing,
            f"Look again with: mesh up {name} --wait {seconds:.0f}",
        )
    )
