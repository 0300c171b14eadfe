"""The OIDC provider with which IAM trusts a cluster's service accounts (IRSA)."""

import pulumi
import pulumi_aws as aws

from .build_context import BuildContext


def oidc_issuer_url(context: BuildContext, cluster: aws.eks.Cluster) -> pulumi.Output[str] | None:
    """
    Make the OIDC provider if it is asked for, and return the URL of its issuer.

    No thumbprint: IAM fetches and trusts it itself, so that a preview looks nothing up.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
    """
    if not context.args.create_oidc_provider:
        return None
    issuer: pulumi.Output[str] = cluster.identities.apply(
        lambda identities: identities[0].oidcs[0].issuer
    )
    aws.iam.OpenIdConnectProvider(
        f"{context.name}-oidc",
        url=issuer,
        client_id_lists=["sts.amazonaws.com"],
        opts=context.opts(),
    )
    return issuer
