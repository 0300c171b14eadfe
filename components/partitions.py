"""
Partitions of AWS and their regions with EKS, as data.

linkmesh writes ARNs, service principals and names of endpoints of the partition `aws`, and was
tried in no other.
"""

import re
from difflib import get_close_matches

PARTITION = "aws"

# Read 2026-11-29 from botocore 1.43.106, data/endpoints.json (service eks); a test compares them.
READ_FROM = "botocore 1.43.106"
EKS_REGIONS = {
    "aws": (
        *("af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2"),
        *("ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2"),
        *("ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6"),
        *("ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2"),
        *("eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3"),
        *("il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1"),
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2"),
    ),
    "aws-cn": ("cn-north-1", "cn-northwest-1"),
    "aws-eusc": ("eusc-de-east-1",),
    "aws-iso": ("us-iso-east-1", "us-iso-west-1"),
    "aws-iso-b": ("us-isob-east-1", "us-isob-west-1"),
    "aws-iso-e": ("eu-isoe-west-1",),
    "aws-iso-f": ("us-isof-east-1", "us-isof-south-1"),
    "aws-us-gov": ("us-gov-east-1", "us-gov-west-1"),
}

_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)?-(north|south|east|west|central)+-\d")


def region_partition(region: str) -> str | None:
    """Return the partition of a region; None if the region is not known."""
    return next((name for name, regions in EKS_REGIONS.items() if region in regions), None)


def other_partition(arn: str) -> str | None:
    """Return the partition of an ARN if it is not ours; None if it is, or if this is no ARN."""
    prefix, _, rest = arn.partition(":")
    partition = rest.partition(":")[0]
    return partition if prefix == "arn" and partition in {*EKS_REGIONS} - {PARTITION} else None


def partition_problem(what: str, got: str, partition: str) -> str:
    """Return that something is of a partition in which linkmesh creates no cluster."""
    return (
        f"{what} must be of the partition {PARTITION} (got {got}, of {partition}). linkmesh writes "
        f"ARNs and names of services of {PARTITION} only, and was not tried elsewhere. There, make "
        'the cluster otherwise, and describe it as Existing("<name>")'
    )


def region_problem(what: str, region: str, zoned: tuple[str, ...]) -> str:
    """
    Return what is wrong with a region; empty if nothing is.

    Args:
        zoned: the regions of which linkmesh knows three zones.
    """
    partition = region_partition(region)
    if region in zoned:
        return ""
    near = ", ".join(get_close_matches(region, zoned, n=3) or ["eu-west-1"])
    if partition not in (PARTITION, None):
        return partition_problem(what, region, str(partition))
    if partition or _REGION.fullmatch(region):
        known = "its zones" if partition else f"this region, which {READ_FROM} has not either"
        return (
            f"{what} must be one of which three availability zones are known (got {region!r}). "
            f"linkmesh does not know {known}. Use: {near}; or add its letters in "
            f"components/zones.py, from: aws ec2 describe-availability-zones --region {region}"
        )
    return f"{what} must be a region of AWS, e.g. eu-west-1 (got {region!r}). Use: {near}"
