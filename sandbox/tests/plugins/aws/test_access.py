"""Access entries and their policies."""

from __future__ import annotations

import pytest

from sandbox.plugins.framework import Refused
from sandbox.tests.plugins.aws.programs import FakeClusters, Program, cluster, network, role

ROOT = "arn:aws:iam::000000000000:root"
ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"


def test_an_entry_gets_rights_and_loses_them(program: Program, kwok: FakeClusters) -> None:
    cluster(program, network(program, way_out=False))
    entry = program.make("AccessEntry", clusterName="west", principalArn=ROOT, type="STANDARD")
    rights = program.make(
        "AccessPolicyAssociation",
        clusterName="west",
        principalArn=ROOT,
        policyArn=ADMIN,
        accessScope={"type": "cluster"},
    )

    assert entry["accessEntryArn"].startswith("arn:aws:eks:eu-west-1:000000000000:access-entry/")
    assert program.drift(entry) == []
    assert program.drift(rights) == []

    program.change(entry, kubernetesGroups=["viewers"], tags={"a": "b"})
    program.cloud.call(
        "eks",
        "disassociate_access_policy",
        clusterName="west",
        principalArn=ROOT,
        policyArn=ADMIN,
    )

    assert entry["kubernetesGroups"] == ["viewers"]
    assert program.drift(rights) is None
    program.destroy()


def test_nobody_is_administrator_by_having_made_the_cluster(
    program: Program, kwok: FakeClusters
) -> None:
    cluster(program, network(program, way_out=False))

    answer = program.cloud.call("eks", "list_access_entries", clusterName="west")

    assert answer["accessEntries"] == []


def test_a_principal_that_does_not_exist_is_refused(program: Program, kwok: FakeClusters) -> None:
    cluster(program, network(program, way_out=False))

    for principal in (
        "arn:aws:iam::000000000000:role/nobody",
        "arn:aws:iam::000000000000:user/nobody",
        "arn:aws:iam::111111111111:root",
        "somebody",
    ):
        with pytest.raises(Refused, match="The specified principalArn is invalid"):
            program.make("AccessEntry", clusterName="west", principalArn=principal)


def test_entries_need_an_authentication_mode_with_entries(
    program: Program, kwok: FakeClusters
) -> None:
    cluster(
        program,
        network(program, way_out=False),
        accessConfig={"authenticationMode": "CONFIG_MAP"},
    )

    with pytest.raises(Refused, match="authentication mode must be set to one of"):
        program.make("AccessEntry", clusterName="west", principalArn=ROOT)


@pytest.mark.parametrize(
    "policy",
    [
        "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
        "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdmin",
    ],
)
def test_a_policy_that_is_none_of_eks_is_refused(program: Program, policy: str) -> None:
    with pytest.raises(Refused, match="must be an access policy of EKS"):
        program.make(
            "AccessPolicyAssociation",
            clusterName="west",
            principalArn=ROOT,
            policyArn=policy,
            accessScope={"type": "cluster"},
        )


def test_rights_without_an_entry_are_refused(program: Program, kwok: FakeClusters) -> None:
    cluster(program, network(program, way_out=False))
    service = role(program, "admin", "ec2.amazonaws.com")

    with pytest.raises(Refused, match="No access entry for principal"):
        program.make(
            "AccessPolicyAssociation",
            clusterName="west",
            principalArn=service["arn"],
            policyArn=ADMIN,
            accessScope={"type": "cluster"},
        )


@pytest.mark.parametrize(
    "scope",
    [
        {"type": "namespace"},
        {"type": "namespace", "namespaces": []},
        {"type": "cluster", "namespaces": ["yelb"]},
    ],
)
def test_namespaces_are_for_the_scope_of_namespaces(
    program: Program, scope: dict[str, object]
) -> None:
    with pytest.raises(Refused, match=r"'accessScope.namespaces' must be set for type namespace"):
        program.make(
            "AccessPolicyAssociation",
            clusterName="west",
            principalArn=ROOT,
            policyArn=ADMIN,
            accessScope=scope,
        )


def test_rights_can_be_for_some_namespaces(program: Program, kwok: FakeClusters) -> None:
    cluster(program, network(program, way_out=False))
    service = role(program, "viewer", "ec2.amazonaws.com")
    entry = {"clusterName": "west", "principalArn": service["arn"]}
    program.make("AccessEntry", kubernetesGroups=["viewers"], **entry)

    made = program.make(
        "AccessPolicyAssociation",
        policyArn=ADMIN.replace("ClusterAdmin", "View"),
        accessScope={"type": "namespace", "namespaces": ["yelb", "shop"]},
        **entry,
    )

    assert made["accessScope"]["namespaces"] == ["yelb", "shop"]
    assert program.drift(made) == []


def test_an_entry_of_nodes_has_neither_groups_nor_policies(
    program: Program, kwok: FakeClusters
) -> None:
    cluster(program, network(program, way_out=False))
    service = role(program, "nodes", "ec2.amazonaws.com")
    entry = {"clusterName": "west", "principalArn": service["arn"]}

    with pytest.raises(Refused, match="Kubernetes groups must not be set"):
        program.make("AccessEntry", type="EC2_LINUX", kubernetesGroups=["a"], **entry)
    program.make("AccessEntry", type="EC2_LINUX", **entry)
    with pytest.raises(Refused, match="type must be STANDARD"):
        program.make(
            "AccessPolicyAssociation", policyArn=ADMIN, accessScope={"type": "cluster"}, **entry
        )
