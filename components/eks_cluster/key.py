"""The key that encrypts a cluster's secrets."""

import pulumi_aws as aws

from .making import Making


def secrets_key(making: Making) -> aws.kms.Key:
    """Make a key of the cluster's own, which is changed every year, and its alias."""
    name = f"{making.name}-secrets"
    key = aws.kms.Key(
        name,
        description=f"Secrets of the EKS cluster {making.name}",
        enable_key_rotation=True,
        deletion_window_in_days=7,
        opts=making.opts(protect=making.args.protect),
    )
    aws.kms.Alias(name, name=f"alias/{name}", target_key_id=key.key_id, opts=making.opts())
    return key
