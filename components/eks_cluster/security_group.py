"""
Rules of the cluster's security group, which its API server and its nodes share.

The group admits itself wholly, so that webhooks and nodes reach one another; only calls from
outside need rules. We make no group of our own: two that carry the cluster's tag on one interface
are refused by the load balancer controller.
Source: https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
"""

import pulumi
import pulumi_aws as aws

from ..ingress import IngressRule, block_problems
from .making import Making


def ingress_rules(making: Making, group: pulumi.Output[str]) -> list[pulumi.Resource]:
    """Make one rule for each block of each rule."""
    return [
        _rule(making, group, rule, index)
        for rule in making.args.ingress
        for index in range(len(rule.blocks))
    ]


def _rule(
    making: Making, group: pulumi.Output[str], rule: IngressRule, index: int
) -> pulumi.Resource:
    block = rule.blocks[index]
    # AWS has one argument a family; a block that is not known yet is a NAT gateway's, so IPv4.
    is_ipv6 = isinstance(block, str) and ":" in block
    admitted = pulumi.Output.from_input(block).apply(lambda known: _admitted(rule.name, known))
    # Named after its block: by its place alone, removing the first of two blocks would change its
    # rule into a duplicate of the second, which AWS refuses.
    place = block.replace("/", "-").replace(":", "-") if isinstance(block, str) else str(index)
    former = [pulumi.Alias(name=f"{making.name}-{rule.name}-{index}")]
    made: pulumi.Resource = aws.vpc.SecurityGroupIngressRule(
        f"{making.name}-{rule.name}-{place}",
        security_group_id=group,
        ip_protocol="tcp",
        from_port=rule.port,
        to_port=rule.last_port,
        cidr_ipv4=None if is_ipv6 else admitted,
        cidr_ipv6=admitted if is_ipv6 else None,
        description=rule.why,
        opts=pulumi.ResourceOptions.merge(making.opts(), pulumi.ResourceOptions(aliases=former)),
    )
    return made


def _admitted(name: str, block: str) -> str:
    """Refuse a block that was not known when the rule was described."""
    problems = block_problems(f"ingress rule {name!r}", block)
    if problems:
        raise pulumi.RunError("\n".join(problems))
    return block
