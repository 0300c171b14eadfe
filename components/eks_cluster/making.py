"""What every step of making a cluster is given."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from .args import EksClusterArgs


@dataclass(frozen=True)
class Making:
    """A cluster that is being made: its name, what it was told, and where its parts belong."""

    name: str
    args: EksClusterArgs
    provider: aws.Provider
    parent: pulumi.Resource

    def opts(
        self, depends_on: Sequence[pulumi.Resource] = (), *, protect: bool = False
    ) -> pulumi.ResourceOptions:
        """Make the options of one part."""
        return pulumi.ResourceOptions(
            parent=self.parent,
            provider=self.provider,
            depends_on=[*depends_on],
            protect=protect or None,
        )
