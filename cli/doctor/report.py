"""Examines a machine for an environment, or for all that are described."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stacks.environment import Environment

from .collect import probe
from .evaluate import findings, is_well
from .needs import merged, needs_of
from .render import record, text


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What was found on this machine."""

    is_well: bool
    """Whether everything needed is there."""

    text: str
    """All of it, for a person."""

    record: dict[str, object]
    """All of it, for a program."""


def examine(environments: Mapping[str, Environment], folder: Path, *, asks_cloud: bool) -> Examined:
    """
    Look at this machine.

    Args:
        environments: what it must be able to operate, by name.
        asks_cloud: whether AWS is asked who calls; nothing else of a cloud is.
    """
    needs = merged([needs_of(name, one, folder) for name, one in environments.items()])
    found = findings(needs, probe(needs, folder, asks_cloud=asks_cloud))
    names = [*environments]
    return Examined(is_well=is_well(found), text=text(names, found), record=record(names, found))
