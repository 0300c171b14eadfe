"""Tags of EKS and CloudWatch Logs, whose things are named by ARN; EC2's are in `ec2`."""

from sandbox.plugins.aws.cloud import Cloud


def tags_of(cloud: Cloud, service: str, arn: str) -> dict[str, str]:
    """Read the tags of a thing; in its description ministack keeps the first ones."""
    tags: dict[str, str] = cloud.call(service, "list_tags_for_resource", resourceArn=arn)["tags"]
    return tags


def retag(cloud: Cloud, service: str, arn: str, old: dict[str, str], new: dict[str, str]) -> None:
    """Bring the tags of a thing from old to new."""
    for key in old:
        if key not in new:  # of several keys in one request ministack takes the first
            cloud.call(service, "untag_resource", resourceArn=arn, tagKeys=[key])
    if new and new != old:
        cloud.call(service, "tag_resource", resourceArn=arn, tags=new)
