"""
The roles of an add-on's own service accounts: associations that come and go with the add-on.

ministack stores the wish and makes no association; here they are calls of our own, so that the
service account counts as taken.
"""

from collections.abc import Iterator

from sandbox.plugins.aws import notes
from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.values import Properties

KIND = "addon-identities"
NAMESPACE = "kube-system"


def place(cloud: Cloud, cluster: str, addon: str, wanted: list[Properties]) -> None:
    """Have exactly these associations, each {serviceAccount, roleArn}."""
    roles = {each["serviceAccount"]: each["roleArn"] for each in wanted}
    ids = {account: id for account, id, _ in _existing(cloud, cluster, addon)}
    for account in set(ids) - set(roles):
        _delete(cloud, cluster, ids.pop(account))
    try:
        for account, role in roles.items():
            where = {"clusterName": cluster, "roleArn": role}
            if account in ids:
                operation = "update_pod_identity_association"
                cloud.call("eks", operation, associationId=ids[account], **where)
            else:
                ids[account] = cloud.call(
                    "eks",
                    "create_pod_identity_association",
                    namespace=NAMESPACE,
                    serviceAccount=account,
                    **where,
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
    cloud.find("eks", "delete_pod_identity_association", clusterName=cluster, associationId=id)


def _existing(cloud: Cloud, cluster: str, addon: str) -> Iterator[tuple[str, str, str]]:
    """Give service account, id and role of each; somebody may have deleted one, or the cluster."""
    for account, id in notes.read(cloud, KIND, f"{cluster}:{addon}").items():
        operation = "describe_pod_identity_association"
        found = cloud.find("eks", operation, clusterName=cluster, associationId=id)
        if found is not None:
            yield account, id, found["association"]["roleArn"]
