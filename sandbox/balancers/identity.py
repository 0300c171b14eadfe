"""
Who the controller is: what its pod was told, and the role that Pod Identity gives it.

On a cluster without the agent an association is of no use. Source:
https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.balancers.account import Account, policies
from sandbox.balancers.annotations import ModelError
from sandbox.balancers.model import Object
from sandbox.plugins.aws.cloud import AwsRefused, Cloud

NAME = "aws-load-balancer-controller"
AGENT = "eks-pod-identity-agent"


@dataclass(frozen=True, kw_only=True)
class Arguments:
    """What the controller was told."""

    cluster: str
    region: str
    vpc: str
    scheme: str
    target_type: str
    tags: Mapping[str, str]
    """Tags of all that it makes."""

    @classmethod
    def of(cls, pod: Object) -> "Arguments":
        """Read a pod's arguments, those that the product gives in each case."""
        told = (each.removeprefix("--") for each in pod["spec"]["containers"][0]["args"])
        flags = {flag: value for flag, _, value in (each.partition("=") for each in told)}
        return cls(
            cluster=flags["cluster-name"],
            region=flags["aws-region"],
            vpc=flags["aws-vpc-id"],
            scheme=flags["default-load-balancer-scheme"],
            target_type=flags["default-target-type"],
            tags=_pairs(flags.get("default-tags", "")),
        )


def _pairs(text: str) -> dict[str, str]:
    pairs = (each.partition("=") for each in text.split(",") if each)
    return {key.strip(): value.strip() for key, _, value in pairs}


def account(cloud: Cloud, cluster: str, pod: Object) -> Account:
    """Give AWS as a pod sees it; a pod without a role sees nothing."""
    try:
        role = _role(cloud, cluster, pod)
    except AwsRefused as refused:
        raise ModelError(f"no credentials: {refused}") from refused
    name = role.rpartition("/")[2]
    session = (
        f"arn:aws:sts::{cloud.account}:assumed-role/{name}/"
        f"eks-{cluster}-{pod['metadata']['name'][:13]}"
    )
    return Account(cloud=cloud, policies=list(policies(cloud, name)), session=session)


def _role(cloud: Cloud, cluster: str, pod: Object) -> str:
    service_account = pod["spec"]["serviceAccountName"]
    space = pod["metadata"]["namespace"]
    add_ons = cloud.call("eks", "list_addons", clusterName=cluster)["addons"]
    if AGENT not in add_ons:
        raise _without_credentials(f"cluster {cluster} has no add-on {AGENT}")
    known = cloud.call("eks", "list_pod_identity_associations", clusterName=cluster)
    for each in known["associations"]:
        if (each["namespace"], each["serviceAccount"]) == (space, service_account):
            found = cloud.call(
                "eks",
                "describe_pod_identity_association",
                clusterName=cluster,
                associationId=each["associationId"],
            )["association"]
            return str(found["roleArn"])
    raise _without_credentials(
        f"no Pod Identity association names the service account {space}/{service_account}"
    )


def _without_credentials(reason: str) -> ModelError:
    return ModelError(
        "operation error EC2: DescribeSubnets, get identity: get credentials: failed to refresh "
        f"cached credentials, no EC2 IMDS role found ({reason})"
    )
