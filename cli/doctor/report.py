"""Checks this machine for one environment, or for all."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from linkmesh.environment import Plan

from .collect import probe
from .evaluate import findings, is_healthy
from .existing import existing_findings
from .needs import merged, needs_of
from .render import document, text


@dataclass(frozen=True, kw_only=True)
class MachineReport:
    """The result of checking this machine."""

    is_healthy: bool
    """Whether all requirements that are not optional are met."""

    text: str
    """The result for people."""

    document: dict[str, object]
    """The result for programs."""


def examine(environments: Mapping[str, Plan], folder: Path, *, asks_cloud: bool) -> MachineReport:
    """
    Check this machine.

    Args:
        environments: plans of the environments that it must be able to operate, by name.
        asks_cloud: whether to ask AWS for the caller's identity; nothing else calls a cloud.
    """
    needs = merged([needs_of(name, one, folder) for name, one in environments.items()])
    found = [
        *findings(needs, probe(needs, folder, asks_cloud=asks_cloud)),
        *(
            finding
            for name, plan in environments.items()
            for finding in existing_findings(name, plan, folder)
        ),
    ]
    names = [*environments]
    return MachineReport(
        is_healthy=is_healthy(found), text=text(names, found), document=document(names, found)
    )
