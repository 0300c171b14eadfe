"""
The roles of an add-on's own service accounts: associations that come and go with the add-on.

ministack keeps the wish and makes no association; here they are calls of our own, so that the
service account counts as taken. Each add-on has its service accounts in one namespace.
"""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.plugins.aws import notes
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.framework import Properties

KIND = "addon-identities"
NAMESPACE = "kube-system"
NAMESPACES = {"amazon-cloudwatch-observability": "amazon-cloudwatch"}


def keep(cloud: Cloud, cluster: str, addon: str, wanted: list[Properties]) -> None:
    """Have exactly these associations, each {serviceAccount, roleArn}."""
    roles = {each["serviceAccount"]: each["roleArn"] for each in wanted}
    ids = {account: id for account, id, _ in _existing(cloud, cluster, addon)}
    for account in set(ids) - set(roles):
        _delete(cloud, cluster, ids.pop(account))
    try:
        for account, role in roles.items():
            if account in ids:
                cloud.call(
                    "eks",
                    "update_pod_identity_association",
                    clusterName=cluster,
                    associationId=ids[account],
                    roleArn=role,
                )
            else:
                ids[account] = cloud.call(
                    "eks",
                    "create_pod_identity_association",
                    clusterName=cluster,
                    namespace=NAMESPACES.get(addon, NAMESPACE),
                    serviceAccount=account,
                    roleArn=role,
                )["association"]["associationId"]
    finally:
        notes.write(cloud, KIND, f"{cluster}:{addon}", ids)


def observe(cloud: Cloud, cluster: str, addon: str) -> list[Properties]:
    """Read those that still exist."""
    found = sorted(_existing(cloud, cluster, addon))
    return [{"roleArn": role, "serviceAccount": account} for account, _, role in found]


def remove(cloud: Cloud, cluster: str, addon: str) -> None:
    """Take them away, with the add-on."""
    for id in notes.read(cloud, KIND, f"{cluster}:{addon}").values():
        _delete(cloud, cluster, id)
    notes.forget(cloud, KIND, f"{cluster}:{addon}")


def _delete(cloud: Cloud, cluster: str, id: str) -> None:
    try:
        cloud.call("eks", "delete_pod_identity_association", clusterName=cluster, associationId=id)
    except AwsRefused as refused:
        if not refused.means_gone:
            raise


def _existing(cloud: Cloud, cluster: str, addon: str) -> Iterator[tuple[str, str, str]]:
    """Give service account, id and role of each; somebody may have deleted one, or the cluster."""
    for account, id in notes.read(cloud, KIND, f"{cluster}:{addon}").items():
        try:
            answer = cloud.call(
                "eks", "describe_pod_identity_association", clusterName=cluster, associationId=id
            )
        except AwsRefused as refused:
            if not refused.means_gone:
                raise
        else:
            yield account, id, answer["association"]["roleArn"]
