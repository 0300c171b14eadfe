"""
The imitated AWS provider: each resource is a call to the emulated AWS (ministack).

    cloud                calls, and what AWS refuses        resource   what all types do alike
    notes                what ministack forgets             provider   types and configuration
    vpc, nat, routing, vpc_endpoints, interface_endpoints, flow_logs, peering,
    security_groups, default_security_group, launch_templates   EC2
    ec2                  what exists there                  addresses  rules about ranges
    iam, oidc_providers  IAM                            policy_documents   what a policy is
    kms, logs, eks, node_groups, node_images, node_reach, access, addons
    account              what is left in the emulated account

What ministack accepts and AWS does not is refused here: see `sandbox/docs/gaps.md`.
"""


def main() -> None:
    """Serve the plugin until it is ended."""
    from sandbox.plugins.aws.provider import AwsProvider
    from sandbox.plugins.service import serve

    serve(AwsProvider())
