"""The build context of a network: what each of its steps needs."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from ..zones import zones


@dataclass(frozen=True, kw_only=True)
class BuildContext:
    """Name, region and addresses of a network, and the options of its resources."""

    name: str
    """Logical name of the network: the prefix of its children's names."""

    region: str
    """AWS region."""

    cidr_block: str
    """All of its addresses."""

    opts: pulumi.ResourceOptions
    """Parent and regional provider of every resource."""

    @property
    def zones(self) -> tuple[str, str, str]:
        """Letters of the three availability zones."""
        return zones(self.region)

    def tags(self, role: str) -> dict[str, str]:
        """Make the tag that shows a resource's name in the console."""
        return {"Name": f"{self.name}-{role}"}

    def after(self, resources: Sequence[pulumi.Resource]) -> pulumi.ResourceOptions:
        """Make the options of a resource that is created after others, and deleted before them."""
        waiting = pulumi.ResourceOptions(depends_on=[*resources])
        return pulumi.ResourceOptions.merge(self.opts, waiting)
