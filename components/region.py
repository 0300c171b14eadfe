"""The AWS provider of one region."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws


def regional_provider(
    name: str, region: str, tags: Mapping[str, str], parent: pulumi.Resource | None = None
) -> aws.Provider:
    """
    Make the AWS provider of one region.

    Args:
        tags: of all its resources that can be tagged.
        parent: of the provider; None if several components share it: each is a process.
    """
    return aws.Provider(
        f"{name}-{region}",
        region=region,
        default_tags={"tags": dict(tags)},
        opts=pulumi.ResourceOptions(parent=parent),
    )
