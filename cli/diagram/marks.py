"""What clusters and links of a picture look like, which is up to who draws it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from linkmesh.environment import LinkSpec


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a cluster or a link looks like."""

    style: str = ""
    """Name of its CSS class; empty for none."""

    sign: str = ""
    """A character that says the same without color; empty for none."""

    title: str = ""
    """A sentence that browsers show beside the pointer; empty for none."""

    lines: Sequence[str] = ()
    """Lines of text below the kind of a cluster."""


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What clusters and links look like that do not look ordinary."""

    clusters: Mapping[str, Mark] = field(default_factory=dict)
    """Marks by name."""

    links: Mapping[LinkSpec, Mark] = field(default_factory=dict)
    """Marks by link."""


ORDINARY = Mark()
