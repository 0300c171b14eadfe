"""Who the controller is."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.balancers.annotations import ModelError
from sandbox.balancers.identity import AGENT, NAME, NAMESPACE, Arguments, account


def pod(*arguments: str) -> dict[str, Any]:
    return {"spec": {"containers": [{"args": ["--cluster-name=west", *arguments]}]}}


def test_arguments_are_read_from_the_pod() -> None:
    told = Arguments.of(
        pod(
            "--aws-region=eu-west-1",
            "--aws-vpc-id=vpc-1",
            "--default-target-type=ip",
            "--default-tags=team=mesh,stage=demo",
            "--feature-gates=NLBGatewayAPI=false,SubnetDiscoveryByReachability=false",
        )
    )

    assert told == Arguments(
        cluster="west",
        region="eu-west-1",
        vpc="vpc-1",
        target_type="ip",
        tags={"team": "mesh", "stage": "demo"},
    )


@pytest.mark.parametrize("lacking", ["--aws-region", "--aws-vpc-id"])
def test_a_controller_that_would_ask_the_metadata_service_does_not_work(lacking: str) -> None:
    told = [
        each
        for each in ("--aws-region=eu-west-1", "--aws-vpc-id=v")
        if not each.startswith(lacking)
    ]

    with pytest.raises(ModelError, match=f"must be told {lacking}"):
        Arguments.of(pod(*told))


def test_arguments_that_are_not_imitated_are_refused() -> None:
    with pytest.raises(ModelError, match="does not know --watch-namespace"):
        Arguments.of(pod("--watch-namespace=here"))
    with pytest.raises(ModelError, match=r"knows the class service.k8s.aws/nlb only"):
        Arguments.of(pod("--load-balancer-class=other"))
    with pytest.raises(ModelError, match="must have the feature gate SubnetDiscoveryByReach"):
        Arguments.of(pod("--aws-region=eu-west-1", "--aws-vpc-id=vpc-1"))


class FakeCloud:
    """Answers what EKS would about one cluster."""

    def __init__(self, *, add_ons: list[str], since: datetime) -> None:
        self._answers: dict[str, dict[str, Any]] = {
            "list_addons": {"addons": add_ons},
            "list_pod_identity_associations": {
                "associations": [
                    {"namespace": NAMESPACE, "serviceAccount": NAME, "associationId": "a-1"}
                ]
            },
            "describe_pod_identity_association": {
                "association": {"roleArn": "arn:aws:iam::1:role/controller", "createdAt": since}
            },
            "list_role_policies": {"PolicyNames": []},
            "list_attached_role_policies": {"AttachedPolicies": []},
        }
        self.account = "1"

    def call(self, _service: str, operation: str, **_parameters: Any) -> dict[str, Any]:
        return self._answers[operation]


def at(minute: int) -> datetime:
    return datetime(2026, 11, 23, 5, minute, tzinfo=UTC)


RUNNING = {
    "metadata": {
        "name": "aws-load-balancer-controller-1",
        "namespace": NAMESPACE,
        "creationTimestamp": "2026-11-23T05:10:00Z",
    },
    "spec": {"serviceAccountName": NAME},
}


def test_a_pod_takes_on_the_role_of_its_accounts_association() -> None:
    cloud: Any = FakeCloud(add_ons=[AGENT], since=at(9))

    assert account(cloud, "west", RUNNING).session == (
        "arn:aws:sts::1:assumed-role/controller/eks-west-aws-load-bala"
    )


@pytest.mark.parametrize(
    ("cloud", "reason"),
    [
        (FakeCloud(add_ons=[AGENT], since=at(11)), "is older than the association"),
        (FakeCloud(add_ons=[], since=at(9)), "has no add-on eks-pod-identity-agent"),
    ],
)
def test_a_pod_that_was_given_no_credentials_has_none(cloud: Any, reason: str) -> None:
    with pytest.raises(ModelError, match=f"no EC2 IMDS role found .*{reason}"):
        account(cloud, "west", RUNNING)
