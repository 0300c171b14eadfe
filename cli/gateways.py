"""
The gateways of an environment as their sources see them, as `linkerd multicluster gateways` does.

A gateway is alive as far as can be seen from outside: by the addresses of its mirrors, which its
source's controller marks as not ready when a probe fails. Without a mirror nothing is seen, and
nothing is claimed; latency is in the controllers' metrics only, which are not asked.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.table import Table
from rich.text import Text

from components.environment import LinkSpec, Plan
from components.linkerd.mode import LinkMode

from .runs.run import Project
from .terminal import Json, Name, console, described, ending

if TYPE_CHECKING:  # it loads a client of Kubernetes
    from .status.observations import EnvironmentSeen


@dataclass(frozen=True, kw_only=True)
class GatewayRow:
    """One link's gateway."""

    link: LinkSpec
    """The link."""

    alive: bool | None
    """Whether it answers; None if nothing can be seen of it."""

    paired: int
    """How many services are mirrored through it."""

    address: str
    """Where the source calls it."""


def rows(plan: Plan, seen: "EnvironmentSeen") -> list[GatewayRow]:
    """Make a row for each link that has a gateway; pure."""
    return [_row(link.described, seen) for link in plan.links if link.uses_gateway]


def _row(link: LinkSpec, seen: "EnvironmentSeen") -> GatewayRow:
    mirrors = [
        each.observed
        for each in seen.exports
        if each.observed is not None
        and each.observed.mirror is not None
        and each.observed.mode is LinkMode.GATEWAY
        and (each.observed.source, each.observed.target) == link
    ]
    alive = None
    if any(each.waiting_on_source for each in mirrors):
        alive = False
    elif any(each.ready_on_source for each in mirrors):
        alive = True
    spec = seen.clusters[link.source].links.get(link.target, {})
    address = str(spec.get("gatewayAddress") or "")
    return GatewayRow(link=link, alive=alive, paired=len(mirrors), address=address)


def table(found: Sequence[GatewayRow]) -> Table:
    """Show the gateways to a person."""
    shown = Table("source", "cluster", "alive", "paired", "address", "latency", box=None)
    shown.padding = (0, 3, 0, 0)
    for each in found:
        shown.add_row(*each.link, _alive(each), str(each.paired), each.address or "-", "-")
    return shown


def _alive(row: GatewayRow) -> Text:
    if row.alive is None:
        return Text("unknown", style="yellow")
    return Text("yes", style="green") if row.alive else Text("no", style="red")


def document(name: str, found: Sequence[GatewayRow]) -> dict[str, Any]:
    """Make the document for programs."""
    return {
        "schema": 1,
        "environment": name,
        "gateways": [
            {
                "source": each.link.source,
                "cluster": each.link.target,
                "alive": each.alive,
                "pairedServices": each.paired,
                "address": each.address or None,
                "latencyMs": None,
            }
            for each in found
        ],
    }


def gateways(name: Name, as_json: Json = False) -> None:
    """Show the gateways as their sources see them. E.g.: mesh gateways demo"""
    plan = described(name)
    with ending(f"mesh gateways {name}"):
        # Here, since it loads a client of Kubernetes: every other command starts sooner.
        from .status.collect import collect

        found = rows(plan, collect(name, plan, Project.open(Path.cwd())))
        if as_json:
            print(json.dumps(document(name, found), indent=2))
        else:
            console.print(table(found))
    raise typer.Exit(0 if all(each.alive for each in found) else 1)
