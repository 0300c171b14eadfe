"""What is open on one EKS cluster: the rows of the table that have callers."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..topology import Topology
from .callers import Block, callers
from .table import TABLE, Enforcement, Row


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A row of the table for one target: which blocks may call at which ports."""

    row: Row
    """The row."""

    ports: tuple[int, ...]
    """The ports that are open."""

    blocks: tuple[Block, ...]
    """The blocks that may call, at least one."""


def openings(topology: Topology, target: str) -> tuple[Opening, ...]:
    """List what is open on an EKS cluster, in the order of the table."""
    found = callers(topology, target)
    admin_port = topology.environment.linkerd.proxy.admin_port
    return tuple(
        Opening(row=row, ports=row.ports_with(admin_port), blocks=blocks)
        for row in TABLE
        if (blocks := tuple(dict.fromkeys(row.blocks(found))))
    )


def admitted(openings: Iterable[Opening], enforcement: Enforcement) -> tuple[Block, ...]:
    """List the blocks that are admitted in one way, each once, in the order of the table."""
    return tuple(
        dict.fromkeys(
            block
            for opening in openings
            if opening.row.enforced_by is enforcement
            for block in opening.blocks
        )
    )
