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
    return [*found, *(f"global {each}" for cloud in clouds[:1] for each in _iam(cloud))]


def _regional(cloud: Cloud) -> Iterator[str]:
    yield from _ec2(cloud)
    yield from _eks(cloud)
    yield from _elbv2(cloud)
    for key in cloud.call("kms", "list_keys")["Keys"]:
        if find_key(cloud, key["KeyId"]) is not None:
            yield f"key {key['KeyId']}"
    for alias in cloud.call("kms", "list_aliases")["Aliases"]:
        if not alias["AliasName"].startswith("alias/aws/"):
            yield f"alias {alias['AliasName']}"
    for group in cloud.call("logs", "describe_log_groups")["logGroups"]:
        yield f"log-group {group['logGroupName']}"


def _iam(cloud: Cloud) -> Iterator[str]:
    for role in cloud.call("iam", "list_roles")["Roles"]:
        yield f"role {role['RoleName']}"
    answer = cloud.call("iam", "list_open_id_connect_providers")
    for provider in answer["OpenIDConnectProviderList"]:
        yield f"oidc-provider {provider['Arn']}"


def _elbv2(cloud: Cloud) -> Iterator[str]:
    """Nothing here makes them: controllers in clusters do, and may leave them behind."""
    for balancer in cloud.call("elbv2", "describe_load_balancers")["LoadBalancers"]:
        yield f"load-balancer {balancer['LoadBalancerName']}"
    for group in cloud.call("elbv2", "describe_target_groups")["TargetGroups"]:
        yield f"target-group {group['TargetGroupName']}"


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
