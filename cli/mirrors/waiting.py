"""
Waits until callers can call what an environment exports, and reports why they cannot.

Linkerd creates mirrors some seconds after the last stack is deployed, and no resource can wait for
them (docs/decisions/0007-waiting-for-mirrors.md). All are checked in parallel, each until it is
healthy or the time is over: a person or another deployment may still fix what is wrong.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from lightkube import Client
from rich.console import Console

from linkmesh import api_server
from linkmesh.environment import Plan

from ..errors import RunFailedError
from .collect import observe
from .evaluate import ExportObservation, problem_text

PAUSE_SECONDS = 1.0

# One check takes about ten small requests to two API servers.
AT_ONCE = 16


class MirrorsMissingError(RunFailedError):
    """All stacks are deployed, but some mirrors are not healthy; the message says which and why."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A mirror that should exist."""

    export: ExportObservation
    """Export, source and target; its other fields are not set."""

    label: Mapping[str, str]
    """The label that exports it."""

    def __str__(self) -> str:
        return f"{self.export.namespace}/{self.export.name} on {self.export.source}"


Check = Callable[[Expected], str]
"""Returns why a mirror is not healthy; empty if it is."""


def expected(plan: Plan) -> list[Expected]:
    """List the mirrors that an environment should have, one for each export and caller."""
    return [
        Expected(
            export=ExportObservation(
                service=export.described.service,
                namespace=export.described.namespace,
                source=caller,
                target=export.described.of,
                mode=export.described.mode,
                is_labelled=export.described.is_labelled,
            ),
            label=export.label,
        )
        for export in plan.exports
        for caller in export.callers
    ]


def checker(kubeconfigs: Mapping[str, str]) -> Check:
    """Return a function that checks mirrors, with the administrators' kubeconfigs."""
    clients = {
        cluster: api_server.client(kubeconfig) for cluster, kubeconfig in kubeconfigs.items()
    }
    return lambda mirror: check(mirror, clients)


def check(mirror: Expected, clients: Mapping[str, Client]) -> str:
    """Return why a mirror is not healthy, from the state of both clusters; empty if it is."""
    export = mirror.export
    for cluster in (export.source, export.target):
        if cluster not in clients:
            return f"cluster {cluster!r} is not deployed"
    try:
        observed = observe(
            clients[export.source], clients[export.target], export, label=mirror.label
        )
    except Exception as error:
        # Any failure of a server or a network may be temporary.
        return (
            f"{export.source!r} or {export.target!r} does not answer ({type(error).__name__}): "
            "check whether kubectl reaches both"
        )
    return problem_text(observed)


def wait(mirrors: Sequence[Expected], seconds: float, console: Console, check: Check) -> list[str]:
    """
    Wait until all mirrors are healthy, or for some seconds; return a line for each that is not.

    Args:
        check: returns why one mirror is not healthy.
    """
    start = time.monotonic()
    left = [(mirror, "") for mirror in mirrors]
    reported = None
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        while left:
            pending = [mirror for mirror, _ in left]
            causes = pool.map(check, pending)
            left = [(one, cause) for one, cause in zip(pending, causes, strict=True) if cause]
            spent = time.monotonic() - start
            if len(left) != reported:
                reported = len(left)
                healthy = f"{len(mirrors) - reported} of {len(mirrors)}"
                console.print(f"mirrors: {healthy} healthy after {spent:.0f} s")
            if spent + PAUSE_SECONDS > seconds:
                break
            if left:
                time.sleep(PAUSE_SECONDS)
    return [f"  {mirror}: {cause}" for mirror, cause in left]


def failure_text(name: str, missing: Sequence[str], count: int, seconds: float) -> str:
    """Return the message for an environment that is deployed but not healthy."""
    return "\n".join(
        (
            f"environment {name!r} is deployed, but {len(missing)} of {count} mirrors are not "
            f"healthy after {seconds:.0f} s:",
            *missing,
            f"Check again with: mesh up {name} --wait {seconds:.0f}",
        )
    )
