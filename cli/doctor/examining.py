"""Examines a machine for an environment."""

from dataclasses import dataclass
from pathlib import Path

from stacks.environment import Environment

from .judging import findings, is_well
from .needs import needs_of
from .probing import probe
from .telling import record, text


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What was found on this machine."""

    is_well: bool
    """Whether everything needed is there."""

    text: str
    """All of it, for a person."""

    record: dict[str, object]
    """All of it, for a program."""


def examine(name: str, environment: Environment, folder: Path, *, asks_cloud: bool) -> Examined:
    """
    Look at this machine.

    Args:
        asks_cloud: whether AWS is asked who calls; nothing else of a cloud is.
    """
    needs = needs_of(name, environment, folder)
    found = findings(needs, probe(needs, folder, asks_cloud=asks_cloud))
    return Examined(is_well=is_well(found), text=text(name, found), record=record(name, found))
