"""One AWS region, as a provider: what resources there are made with."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws


def regional_provider(
    name: str, region: str, tags: Mapping[str, str], parent: pulumi.Resource | None = None
) -> aws.Provider:
    """
    Make the provider of one region.

    Args:
        tags: put on everything that is made with it and can be tagged.
        parent: whose it is; None if several share it, since each is a process of its own.
    """
    return aws.Provider(
        f"{name}-{region}",
        region=region,
        default_tags={"tags": dict(tags)},
        opts=pulumi.ResourceOptions(parent=parent),
    )
