"""Partitions and regions: what botocore knows, and what is said of the rest."""

import json
from pathlib import Path

import botocore
import pytest

from linkmesh.access_entry import AccessEntry, AccessPolicy, access_problems
from linkmesh.partitions import EKS_REGIONS, READ_FROM, other_partition, region_partition
from linkmesh.zones import REGIONS, region_problem, zones


def test_the_table_is_what_botocore_ships() -> None:
    data = json.loads((Path(botocore.__file__).parent / "data" / "endpoints.json").read_text())

    assert {
        each["partition"]: tuple(
            region for region in sorted(each["regions"]) if region in _with_eks(each)
        )
        for each in sorted(data["partitions"], key=lambda each: str(each["partition"]))
    } == EKS_REGIONS
    assert f"botocore {botocore.__version__}" == READ_FROM


def _with_eks(partition: dict[str, dict[str, dict[str, dict[str, object]]]]) -> set[str]:
    return {*partition["services"]["eks"]["endpoints"]}


def test_every_region_with_zones_is_one_of_our_partition() -> None:
    assert {region_partition(region) for region in REGIONS} == {"aws"}


@pytest.mark.parametrize(
    ("region", "partition"),
    [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn"), ("eusc-de-east-1", "aws-eusc")],
)
def test_a_region_of_another_partition_is_an_error_for_what_it_is(
    region: str, partition: str
) -> None:
    assert region_problem("region of cluster 'west'", region) == (
        f"region of cluster 'west' must be of the partition aws (got {region}, of {partition}). "
        "linkmesh writes ARNs and names of services of aws only, and was not tried elsewhere. "
        'There, make the cluster otherwise, and describe it as Existing("<name>")'
    )


def test_a_region_of_aws_without_known_zones_is_said_to_lack_them() -> None:
    assert region_problem("region", "us-west-1") == (
        "region must be one of which three availability zones are known (got 'us-west-1'). "
        "linkmesh does not know its zones. Use: us-west-2, us-east-1, eu-west-1; or add its "
        "letters in components/zones.py, from: aws ec2 describe-availability-zones --region "
        "us-west-1"
    )


def test_a_region_that_may_be_new_is_not_said_to_be_missing() -> None:
    [problem] = [region_problem("region", "eu-west-9")]

    assert f"linkmesh does not know this region, which {READ_FROM} has not either" in problem


@pytest.mark.parametrize(
    ("wrong", "use"),
    [("eu-west1", "eu-west-1"), ("ireland", "eu-west-1"), ("eu-west-1a", "eu-west-1"), ("", "eu")],
)
def test_what_has_not_the_form_of_a_region_is_answered_with_similar_ones(
    wrong: str, use: str
) -> None:
    problem = region_problem("region", wrong)

    assert problem.startswith(f"region must be a region of AWS, e.g. eu-west-1 (got {wrong!r}).")
    assert f"Use: {use}" in problem
    with pytest.raises(ValueError, match="must be a region of AWS"):
        zones(wrong)


def test_an_arn_of_another_partition_is_one() -> None:
    assert other_partition("arn:aws-us-gov:iam::111122223333:role/a") == "aws-us-gov"
    assert other_partition("arn:aws:iam::111122223333:role/a") is None
    assert other_partition("arn:aws-moon:iam::111122223333:role/a") is None
    assert other_partition("aws-cn") is None


def test_a_principal_and_a_policy_of_another_partition_are_errors_for_what_they_are() -> None:
    principal = "arn:aws-cn:iam::111122223333:role/ops"
    policy = "arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
    ours = AccessEntry("arn:aws:iam::111122223333:role/ops")
    theirs = AccessEntry(principal, AccessPolicy.VIEW)
    of_theirs = AccessEntry("arn:aws:iam::111122223333:role/web", policy)

    assert [problem.split("). ")[0] for problem in access_problems([ours, theirs, of_theirs])] == [
        f"access_entries must be of the partition aws (got {principal}, of aws-cn",
        "policy of access_entries of arn:aws:iam::111122223333:role/web must be of the partition "
        f"aws (got {policy}, of aws-cn",
    ]
