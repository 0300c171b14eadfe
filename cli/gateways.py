"""
`mesh gateways`: the gateways of an environment as their sources see them.

A gateway is alive if its mirrors have ready addresses: the source's controller marks them as not
ready when a probe fails. Without a mirror the state is unknown. Latencies are not shown: they are
only in the metrics of the controllers, which this command does not query.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer
from rich.text import Text

from linkmesh.environment import LinkSpec, Plan
from linkmesh.linkerd.mode import LinkMode
from linkmesh.stacks.project import project_folder

from .runs.project import Project
from .terminal import Json, Name, console, exit_codes, load_plan

if TYPE_CHECKING:  # they load slowly
    from rich.table import Table

    from .status.observations import ObservedEnvironment


@dataclass(frozen=True, kw_only=True)
class GatewayRow:
    """One link's gateway."""

    link: LinkSpec
    """The link."""

    alive: bool | None
    """Whether it answers probes; None if unknown."""

    services: int
    """Number of services that are mirrored through it."""

    address: str
    """Address by which the source calls it."""


def rows(plan: Plan, observed: "ObservedEnvironment") -> list[GatewayRow]:
    """Make a row for each link that uses a gateway."""
    return [_row(link.described, observed) for link in plan.links if link.uses_gateway]


def _row(link: LinkSpec, observed: "ObservedEnvironment") -> GatewayRow:
    mirrors = [
        each.observation
        for each in observed.exports
        if each.observation is not None
        and each.observation.mirror is not None
        and each.observation.mode is LinkMode.GATEWAY
        and (each.observation.source, each.observation.target) == link
    ]
    alive = None
    if any(each.waiting_on_source for each in mirrors):
        alive = False
    elif any(each.ready_on_source for each in mirrors):
        alive = True
    spec = observed.clusters[link.source].links.get(link.target, {})
    address = str(spec.get("gatewayAddress") or "")
    return GatewayRow(link=link, alive=alive, services=len(mirrors), address=address)


def is_healthy(found: Sequence[GatewayRow]) -> bool:
    """Return whether all gateways are known to be alive."""
    return all(each.alive for each in found)


def table(found: Sequence[GatewayRow]) -> "Table":
    """Render the gateways for people."""
    from rich.table import Table

    shown = Table("source", "target", "alive", "services", "address", box=None)
    shown.padding = (0, 3, 0, 0)
    for each in found:
        shown.add_row(*each.link, _alive(each), str(each.services), each.address or "-")
    return shown


def _alive(row: GatewayRow) -> Text:
    if row.alive is None:
        return Text("unknown", style="yellow")
    return Text("yes", style="green") if row.alive else Text("no", style="red")


def document(name: str, found: Sequence[GatewayRow]) -> dict[str, Any]:
    """Return the JSON document for programs, as docs/cli.md describes it."""
    return {
        "schema": 1,
        "environment": name,
        "healthy": is_healthy(found),
        "gateways": [
            {
                "source": each.link.source,
                "target": each.link.target,
                "alive": each.alive,
                "services": each.services,
                "address": each.address or None,
            }
            for each in found
        ],
    }


def gateways(name: Name, as_json: Json = False) -> None:
    """Show the gateways as their sources see them. E.g.: mesh gateways demo"""
    plan = load_plan(name)
    with exit_codes(f"mesh gateways {name}"):
        # Imported here because a Kubernetes client loads slowly, and other commands do not need it.
        from .status.collect import collect

        found = rows(plan, collect(name, plan, Project.open(project_folder())))
        if as_json:
            print(json.dumps(document(name, found), indent=2))
        else:
            console.print(table(found))
    raise typer.Exit(0 if is_healthy(found) else 1)
