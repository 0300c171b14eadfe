"""What each step of a network is given: whose it is, where it lies, and how resources are made."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from ..zones import zones


@dataclass(frozen=True, kw_only=True)
class Plot:
    """One network that is being made."""

    name: str
    """Logical name of the network, with which all of its children's begin."""

    region: str
    """AWS region."""

    cidr: str
    """All of its addresses."""

    opts: pulumi.ResourceOptions
    """Parent and regional provider of every resource."""

    @property
    def zones(self) -> tuple[str, str, str]:
        """Letters of the three zones."""
        return zones(self.region)

    def tags(self, role: str) -> dict[str, str]:
        """Make the tag that shows a resource's name in the console."""
        return {"Name": f"{self.name}-{role}"}

    def after(self, resources: Sequence[pulumi.Resource]) -> pulumi.ResourceOptions:
        """Make the options of a resource that comes after others, and goes before them."""
        waiting = pulumi.ResourceOptions(depends_on=[*resources])
        return pulumi.ResourceOptions.merge(self.opts, waiting)
