"""
The probe of a link's gateway, at the period and with the patience that the link says.

Trap, Linkerd's own: it counts as down only after it was up once, so mirrors of a gateway that never
answered keep their addresses.
Source: linkerd2, multicluster/service-mirror/probe_worker.go
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.mirror.link import Link, seconds

JITTER = 0.1


@dataclass(kw_only=True)
class Health:
    """What is known of a gateway after some probes."""

    threshold: int
    failures: int = 0
    alive: bool = field(default=False)

    def after(self, answered: bool) -> bool | None:
        """Take in one probe's result; tell the new liveness if it changed, else None."""
        if answered:
            self.failures = 0
            changed = not self.alive
            self.alive = True
            return True if changed else None
        self.failures += 1
        if self.failures < self.threshold or not self.alive:
            return None
        self.alive = False
        return False


async def run(link: Link, answers: Callable[[], bool], on_change: Callable[[bool], None]) -> None:
    """Probe for ever."""
    period = seconds(link.probe_period)
    health = Health(threshold=int(link.failure_threshold))
    while True:
        await asyncio.sleep(period * random.uniform(1 - JITTER, 1 + JITTER))
        change = health.after(answers())
        if change is not None:
            on_change(change)
