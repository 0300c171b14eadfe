"""Add-ons, and the roles that pods take on."""

from typing import Any

import pytest

from sandbox.plugins.contract import PartialFailure
from sandbox.tests.plugins.aws.programs import FakeClusters, Made, Program, cluster, network, trust

CNI = {"clusterName": "west", "addonName": "vpc-cni", "addonVersion": "v1.21.0-eksbuild.1"}

WRONG_ADDONS: list[tuple[dict[str, Any], str]] = [
    ({"addonVersion": "1.21.1"}, "'addonVersion' must look like v1.21.1-eksbuild.3"),
    ({"addonName": "vpc-cmi"}, "Addon vpc-cmi specified is not supported"),
    ({"clusterName": "east"}, "No cluster found for name: east"),
    ({"resolveConflicts": "NONE"}, "'resolveConflicts' must be a property that"),
]


def identity(program: Program, *actions: str) -> Made:
    """Make a role that pods can take on."""
    pods = trust("pods.eks.amazonaws.com", *(actions or ("sts:AssumeRole", "sts:TagSession")))
    return program.make("Role", "pods", assumeRolePolicy=pods)


def associations(program: Program) -> list[str]:
    """List the service accounts that have a role."""
    answer = program.cloud.call("eks", "list_pod_identity_associations", clusterName="west")
    return [each["serviceAccount"] for each in answer["associations"]]


def test_an_addon_is_made_changed_and_deleted(program: Program, kwok: FakeClusters) -> None:
    cluster(program, network(program, way_out=False))
    conflicts = {"resolveConflictsOnCreate": "OVERWRITE", "resolveConflictsOnUpdate": "PRESERVE"}
    made = program.make("Addon", **CNI, **conflicts)

    program.refuses("ResourceInUseException", "Addon", **CNI)
    program.change(made, addonVersion="v1.21.1-eksbuild.3")

    assert made["addonVersion"] == "v1.21.1-eksbuild.3"
    assert program.drift(made) == []
    program.destroy()


def test_a_wrong_addon_is_refused(program: Program, kwok: FakeClusters) -> None:
    cluster(program, network(program, way_out=False))

    for inputs, reason in WRONG_ADDONS:
        program.refuses(reason, "Addon", **{**CNI, **inputs})


def test_dns_without_nodes_is_degraded_at_once(program: Program, kwok: FakeClusters) -> None:
    cluster(program, network(program, way_out=False))

    with pytest.raises(PartialFailure, match=r"last state: 'DEGRADED'.*the cluster has no nodes"):
        program.make("Addon", **{**CNI, "addonName": "coredns"})

    program.destroy()


def test_pods_take_on_a_role_that_trusts_them(program: Program, kwok: FakeClusters) -> None:
    cluster(program, network(program, way_out=False))
    good, bad = identity(program), identity(program, "sts:AssumeRole")
    wanted = {"clusterName": "west", "namespace": "kube-system", "serviceAccount": "controller"}

    refusal = r"does not let pods.eks.amazonaws.com do"
    program.refuses(refusal, "PodIdentityAssociation", roleArn=bad["arn"], **wanted)
    made = program.make("PodIdentityAssociation", roleArn=good["arn"], **wanted)
    program.change(made, tags={"a": "b"})

    assert made["associationId"] == made.id
    assert program.drift(made) == []
    program.destroy()


def test_an_addons_service_accounts_have_roles_as_long_as_it_lives(
    program: Program, kwok: FakeClusters
) -> None:
    cluster(program, network(program, way_out=False))
    role = identity(program)
    wanted = [{"serviceAccount": name, "roleArn": role["arn"]} for name in ("b", "a")]
    made = program.make("Addon", podIdentityAssociations=wanted, **CNI)

    assert [each["serviceAccount"] for each in made["podIdentityAssociations"]] == ["a", "b"]
    assert program.drift(made) == []
    program.change(made, podIdentityAssociations=wanted[:1])
    assert associations(program) == ["b"]
    program.delete(made)
    assert associations(program) == []


def test_an_addon_whose_service_account_is_taken_is_not_made(
    program: Program, kwok: FakeClusters
) -> None:
    cluster(program, network(program, way_out=False))
    wanted = {"serviceAccount": "aws-node", "roleArn": identity(program)["arn"]}
    where = {"clusterName": "west", "namespace": "kube-system"}
    program.make("PodIdentityAssociation", **where, **wanted)

    program.refuses("ResourceInUseException", "Addon", podIdentityAssociations=[wanted], **CNI)

    assert program.cloud.call("eks", "list_addons", clusterName="west")["addons"] == []
