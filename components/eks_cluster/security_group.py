"""
Rules of the cluster's security group, which its API server and its nodes share.

The group allows all traffic between its members, so that webhooks and nodes reach one another; only
calls from outside need rules. No second group is made: the load balancer controller refuses two
groups with the cluster's tag on one network interface.
Source: https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
"""

import pulumi
import pulumi_aws as aws

from ..ingress import SecurityGroupIngressRule, block_problems
from .build_context import BuildContext


def ingress_rules(context: BuildContext, group: pulumi.Output[str]) -> list[pulumi.Resource]:
    """Make one resource for each CIDR block of each rule."""
    return [
        _rule(context, group, rule, index)
        for rule in context.args.ingress_rules
        for index in range(len(rule.cidr_blocks))
    ]


def _rule(
    context: BuildContext, group: pulumi.Output[str], rule: SecurityGroupIngressRule, index: int
) -> pulumi.Resource:
    block = rule.cidr_blocks[index]
    # AWS has one argument per family; a block that is not known yet is a NAT gateway's, so IPv4.
    is_ipv6 = isinstance(block, str) and ":" in block
    checked = pulumi.Output.from_input(block).apply(lambda known: _checked(rule.name, known))
    # Named after its block: by its place alone, removing the first of two blocks would change its
    # rule into a duplicate of the second, which AWS refuses.
    place = block.replace("/", "-").replace(":", "-") if isinstance(block, str) else str(index)
    former = [pulumi.Alias(name=f"{context.name}-{rule.name}-{index}")]
    made: pulumi.Resource = aws.vpc.SecurityGroupIngressRule(
        f"{context.name}-{rule.name}-{place}",
        security_group_id=group,
        ip_protocol="tcp",
        from_port=rule.from_port,
        to_port=rule.last_port,
        cidr_ipv4=None if is_ipv6 else checked,
        cidr_ipv6=checked if is_ipv6 else None,
        description=rule.description,
        opts=pulumi.ResourceOptions.merge(context.opts(), pulumi.ResourceOptions(aliases=former)),
    )
    return made


def _checked(name: str, block: str) -> str:
    """Validate a CIDR block that was not known when the rule was written."""
    problems = block_problems(f"ingress rule {name!r}", block)
    if problems:
        raise pulumi.RunError("\n".join(problems))
    return block
