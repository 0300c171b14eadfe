"""IAM's trust in a cluster's service accounts (IRSA), for those who ask for it."""

import pulumi
import pulumi_aws as aws

from .making import Making


def oidc_issuer(making: Making, cluster: aws.eks.Cluster) -> pulumi.Output[str]:
    """
    Make the provider, and return the issuer's URL.

    No thumbprint: IAM fetches and trusts it itself, so that a plan asks nobody.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
    """
    issuer: pulumi.Output[str] = cluster.identities.apply(
        lambda identities: identities[0].oidcs[0].issuer
    )
    aws.iam.OpenIdConnectProvider(
        f"{making.name}-oidc",
        url=issuer,
        client_id_lists=["sts.amazonaws.com"],
        opts=making.opts(),
    )
    return issuer
