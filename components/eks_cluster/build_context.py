"""The build context of an EKS cluster: what each of its steps needs."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from .args import EksClusterArgs


@dataclass(frozen=True)
class BuildContext:
    """Name and arguments of a cluster, and the parent and provider of its resources."""

    name: str
    args: EksClusterArgs
    provider: aws.Provider
    parent: pulumi.Resource

    def opts(
        self, depends_on: Sequence[pulumi.Resource] = (), *, protect: bool = False
    ) -> pulumi.ResourceOptions:
        """Make the options of one resource."""
        return pulumi.ResourceOptions(
            parent=self.parent,
            provider=self.provider,
            depends_on=[*depends_on],
            protect=protect or None,
        )
