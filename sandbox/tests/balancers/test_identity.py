"""Who the controller is."""

from typing import Any

import pytest

from sandbox.balancers.annotations import ModelError
from sandbox.balancers.identity import AGENT, NAME, account

NAMESPACE = "kube-system"


class FakeCloud:
    """Answers what EKS would about one cluster."""

    def __init__(self, *, add_ons: list[str], account: str = NAME) -> None:
        self._answers: dict[str, dict[str, Any]] = {
            "list_addons": {"addons": add_ons},
            "list_pod_identity_associations": {
                "associations": [
                    {"namespace": NAMESPACE, "serviceAccount": account, "associationId": "a-1"}
                ]
            },
            "describe_pod_identity_association": {
                "association": {"roleArn": "arn:aws:iam::1:role/controller"}
            },
            "list_role_policies": {"PolicyNames": []},
            "list_attached_role_policies": {"AttachedPolicies": []},
        }
        self.account = "1"

    def call(self, _service: str, operation: str, **_parameters: Any) -> dict[str, Any]:
        return self._answers[operation]


RUNNING = {
    "metadata": {
        "name": "aws-load-balancer-controller-1",
        "namespace": NAMESPACE,
    },
    "spec": {"serviceAccountName": NAME},
}


@pytest.mark.parametrize(
    ("cloud", "reason"),
    [
        (FakeCloud(add_ons=[AGENT], account="other"), "no Pod Identity association names"),
        (FakeCloud(add_ons=[]), "has no add-on eks-pod-identity-agent"),
    ],
)
def test_a_pod_that_was_given_no_credentials_has_none(cloud: Any, reason: str) -> None:
    with pytest.raises(ModelError, match=f"no EC2 IMDS role found .*{reason}"):
        account(cloud, "west", RUNNING)
