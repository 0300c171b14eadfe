"""
Regions with EKS, and three availability zones of each, as data.

Zones are named here and not looked up, so that a preview needs no account. The zone behind a letter
differs from account to account, but these letters exist in each. Regions with fewer than three
zones for new accounts are left out.

Where a region has a zone without EKS control planes, zones are chosen by id, which means the same
zone in each account; the letter is then only part of names.
"""

from . import partitions

# Read 2026-11-23. Sources: https://docs.aws.amazon.com/general/latest/gr/eks.html (endpoints);
# https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
_ABC = ("a", "b", "c")
_ZONES = {
    "af-south-1": _ABC,
    "ap-east-1": _ABC,
    "ap-east-2": _ABC,
    "ap-northeast-1": ("a", "c", "d"),
    "ap-northeast-2": _ABC,
    "ap-northeast-3": _ABC,
    "ap-south-1": _ABC,
    "ap-south-2": _ABC,
    "ap-southeast-1": _ABC,
    "ap-southeast-2": _ABC,
    "ap-southeast-3": _ABC,
    "ap-southeast-4": _ABC,
    "ap-southeast-5": _ABC,
    "ap-southeast-6": _ABC,
    "ap-southeast-7": _ABC,
    "ca-central-1": ("a", "b", "d"),
    "ca-west-1": _ABC,
    "eu-central-1": _ABC,
    "eu-central-2": _ABC,
    "eu-north-1": _ABC,
    "eu-south-1": _ABC,
    "eu-south-2": _ABC,
    "eu-west-1": _ABC,
    "eu-west-2": _ABC,
    "eu-west-3": _ABC,
    "il-central-1": _ABC,
    "me-central-1": _ABC,
    "me-south-1": _ABC,
    "mx-central-1": _ABC,
    "sa-east-1": _ABC,
    "us-east-1": _ABC,
    "us-east-2": _ABC,
    "us-west-2": _ABC,
}

# Regions with a zone that takes no interface of an EKS control plane: use1-az3, cac1-az3.
# Source: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
_ZONE_IDS = {
    "ca-central-1": ("cac1-az1", "cac1-az2", "cac1-az4"),
    "us-east-1": ("use1-az1", "use1-az2", "use1-az4"),
}

REGIONS = tuple(_ZONES)


def zones(region: str) -> tuple[str, str, str]:
    """Return the letters of a region's three zones; ValueError for an unknown region."""
    found = _ZONES.get(region)
    if found is None:
        raise ValueError(region_problem("region", region))
    return found


def zone_id(region: str, letter: str) -> str | None:
    """Return the id of the zone that a letter stands for; None where the letter names the zone."""
    ids = _ZONE_IDS.get(region)
    return None if ids is None else ids[zones(region).index(letter)]


def region_problem(what: str, region: str) -> str:
    """Return what is wrong with a region; empty if nothing is."""
    return partitions.region_problem(what, region, REGIONS)
