"""
The imitated AWS provider: each resource is a call to the emulated AWS (ministack).

    cloud      calls, and what AWS refuses        resource   what all types do alike
    ec2        what exists there                  provider   types and configuration
    account    what is left in the emulated account
    vpc, nat, routing, vpc_endpoints, flow_logs, peering, security_groups,
    launch_templates                   EC2
    iam, oidc_providers                IAM; `policy_documents` says what a policy is
    eks, node_groups, access, addons, pod_identity
                                       EKS; `cluster_parts` and `nodes` are parts of it
    kms, logs                          keys and log groups

What ministack accepts and AWS does not is refused here: see `sandbox/docs/gaps.md`.
"""


def main() -> None:
    """Serve the plugin until it is ended."""
    from sandbox.plugins.aws.provider import AwsProvider
    from sandbox.plugins.service import serve

    serve(AwsProvider())
