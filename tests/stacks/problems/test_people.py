"""People and machines: nobody administers by accident, nobody comes from everywhere."""

from stacks.environment import Existing, chain
from tests.stacks.described import ADMINS, WEST, problems


def test_an_eks_cluster_without_administrators_is_refused() -> None:
    assert problems(WEST, admins=[]) == [
        "admins must name at least one IAM principal (got none). Nobody is administrator of an EKS "
        'cluster by having made it. Use: admins=["arn:aws:iam::<account>:role/<role>"]'
    ]


def test_an_eks_cluster_that_nobody_reaches_is_refused() -> None:
    assert problems(WEST, operators=[]) == [
        "operators must name at least one CIDR block (got none). Nobody could reach the API "
        'servers of the EKS clusters. Use: operators=["<your address>/32"]'
    ]


def test_operators_that_are_no_cidr_block_are_refused() -> None:
    assert problems(WEST, operators=["office"]) == [
        "operators must be IPv4 CIDR blocks with a prefix length (got 'office'). "
        "Use: 198.51.100.10/32"
    ]


def test_the_whole_internet_as_operator_is_refused() -> None:
    assert problems(WEST, operators=["0.0.0.0/0"]) == [
        "operators must not be the whole internet (got 0.0.0.0/0). Anybody could call the API "
        "servers. Use: 198.51.100.10/32"
    ]


def test_the_whole_internet_as_address_of_a_cluster_that_exists_is_refused() -> None:
    site = Existing("site", egress=["0.0.0.0/0"])

    assert problems(site, WEST, links=chain("site", "west")) == [
        "egress of cluster 'site' must not be the whole internet (got 0.0.0.0/0). Anybody could "
        "call the API servers. Use: 198.51.100.10/32"
    ]


def test_an_operator_without_a_prefix_length_is_refused() -> None:
    assert problems(WEST, operators=["198.51.100.10"]) == [
        "operators must be IPv4 CIDR blocks with a prefix length (got '198.51.100.10'). "
        "Use: 198.51.100.10/32"
    ]


def test_an_operator_with_an_address_of_the_sixth_version_is_refused() -> None:
    assert problems(WEST, operators=["::/0"]) == [
        "operators must be IPv4 CIDR blocks with a prefix length (got '::/0'). "
        "Use: 198.51.100.10/32"
    ]


def test_somebody_who_has_access_twice_is_refused() -> None:
    assert len(problems(WEST, admins=[*ADMINS, *ADMINS])) == 1
