"""What still exists in the emulated account; after everything is destroyed, nothing of ours."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sandbox.home import Home
from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import Cloud, Credentials
from sandbox.plugins.aws.kms import find_key


def leftovers(endpoint: str, regions: Sequence[str]) -> list[str]:
    """Name everything of the types that the imitated provider makes, as `<region> <kind> <id>`."""
    credentials = Credentials(access_key="test", secret_key="test")
    clouds = [
        # Nothing is read from the home here.
        Cloud(endpoint=endpoint, region=region, credentials=credentials, home=Home(Path("/")))
        for region in regions
    ]
    found = [f"{cloud.region} {each}" for cloud in clouds for each in _regional(cloud)]
    return [*found, *(f"global {each}" for cloud in clouds[:1] for each in _listed(cloud, GLOBAL))]


REGIONAL = (
    ("kms", "list_aliases", "Aliases", "alias", "AliasName"),
    ("logs", "describe_log_groups", "logGroups", "log-group", "logGroupName"),
    # Nothing here makes them: controllers in clusters do, and may leave them behind.
    ("elbv2", "describe_load_balancers", "LoadBalancers", "load-balancer", "LoadBalancerName"),
    ("elbv2", "describe_target_groups", "TargetGroups", "target-group", "TargetGroupName"),
)
GLOBAL = (
    ("iam", "list_roles", "Roles", "role", "RoleName"),
    ("iam", "list_open_id_connect_providers", "OpenIDConnectProviderList", "oidc-provider", "Arn"),
)
"""Service, operation, list in the answer; what we call a thing, and the key of its name."""


def _regional(cloud: Cloud) -> Iterator[str]:
    yield from _ec2(cloud)
    yield from _eks(cloud)
    for key in cloud.call("kms", "list_keys")["Keys"]:
        if find_key(cloud, key["KeyId"]) is not None:
            yield f"key {key['KeyId']}"
    yield from _listed(cloud, REGIONAL)


def _listed(cloud: Cloud, lists: Sequence[tuple[str, ...]]) -> Iterator[str]:
    for service, operation, items, what, name in lists:
        for each in cloud.call(service, operation)[items]:
            if not each[name].startswith("alias/aws/"):  # AWS' own keys
                yield f"{what} {each[name]}"


def _ec2(cloud: Cloud) -> Iterator[str]:
    default = {each["VpcId"] for each in ec2.every(cloud, "vpc", IsDefault=True)}
    for kind, how in ec2.KINDS.items():
        for item in ec2.every(cloud, kind) if kind != "security-group-rule" else []:
            if not _came_with_a_vpc(kind, item) and not _vpcs_of(item) & default:
                yield f"{kind} {item[how.id]}"


def _eks(cloud: Cloud) -> Iterator[str]:
    for cluster in cloud.call("eks", "list_clusters")["clusters"]:
        yield f"cluster {cluster}"
        for operation, items in (
            ("list_nodegroups", "nodegroups"),
            ("list_addons", "addons"),
            ("list_access_entries", "accessEntries"),
        ):
            for each in cloud.call("eks", operation, clusterName=cluster)[items]:
                yield f"{operation.removeprefix('list_')} {cluster} {each}"


def _came_with_a_vpc(kind: str, item: dict[str, Any]) -> bool:
    """A VPC's own group and table are named by the VPC."""
    if kind == "security-group":
        return bool(item["GroupName"] == "default")
    return kind == "route-table" and any(each["Main"] for each in item["Associations"])


def _vpcs_of(item: dict[str, Any]) -> set[str]:
    attached = {each["VpcId"] for each in item.get("Attachments", []) if "VpcId" in each}
    return {item["VpcId"], *attached} if "VpcId" in item else attached
