"""The key that encrypts a cluster's secrets."""

import pulumi_aws as aws

from .build_context import BuildContext


def secrets_key(context: BuildContext) -> aws.kms.Key:
    """Make a customer-managed key, rotated every year, and its alias."""
    name = f"{context.name}-secrets"
    key = aws.kms.Key(
        name,
        description=f"Secrets of the EKS cluster {context.name}",
        enable_key_rotation=True,
        deletion_window_in_days=7,
        opts=context.opts(protect=context.args.deletion_protection),
    )
    aws.kms.Alias(name, name=f"alias/{name}", target_key_id=key.key_id, opts=context.opts())
    return key
