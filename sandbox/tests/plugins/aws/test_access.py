"""Access entries and their policies."""

import pytest

from sandbox.tests.plugins.aws.programs import FakeClusters, Program, cluster, network, role

ROOT = "arn:aws:iam::000000000000:root"
ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
ENTRY = {"clusterName": "west", "principalArn": ROOT}
WHOLE = {"type": "cluster"}


def test_an_entry_gets_rights_and_loses_them(program: Program, kwok: FakeClusters) -> None:
    cluster(program, network(program, way_out=False))
    entries = program.cloud.call("eks", "list_access_entries", clusterName="west")
    entry = program.make("AccessEntry", type="STANDARD", **ENTRY)
    rights = program.make("AccessPolicyAssociation", policyArn=ADMIN, accessScope=WHOLE, **ENTRY)

    assert entries["accessEntries"] == []  # whoever made the cluster is no administrator
    assert entry["accessEntryArn"].startswith("arn:aws:eks:eu-west-1:000000000000:access-entry/")
    assert program.drift(entry) == []
    assert program.drift(rights) == []

    program.change(entry, tags={"a": "b"})
    program.cloud.call("eks", "disassociate_access_policy", policyArn=ADMIN, **ENTRY)

    assert program.drift(rights) is None
    program.destroy()


def test_another_scope_in_place_of_the_first_goes_with_it(
    program: Program, kwok: FakeClusters
) -> None:
    cluster(program, network(program, way_out=False))
    program.make("AccessEntry", **ENTRY)
    whole = program.make("AccessPolicyAssociation", policyArn=ADMIN, accessScope=WHOLE, **ENTRY)
    some = {"type": "namespace", "namespaces": ["yelb", "shop"]}

    assert program.replaces(whole, accessScope=some) != []
    part = program.make("AccessPolicyAssociation", policyArn=ADMIN, accessScope=some, **ENTRY)
    assert part["accessScope"] == some
    assert program.drift(part) == []
    program.delete(whole)

    assert part.id == whole.id
    assert program.drift(part) is None


def test_a_principal_that_does_not_exist_is_refused(program: Program, kwok: FakeClusters) -> None:
    cluster(program, network(program, way_out=False))
    service = role(program, "admin", "ec2.amazonaws.com")
    without = {"clusterName": "west", "principalArn": service["arn"]}

    for principal in (
        "arn:aws:iam::000000000000:role/nobody",
        "arn:aws:iam::111111111111:root",
        "somebody",
    ):
        inputs = {"clusterName": "west", "principalArn": principal}
        program.refuses("The specified principalArn is invalid", "AccessEntry", **inputs)
    program.refuses(
        "No access entry for principal",
        "AccessPolicyAssociation",
        policyArn=ADMIN,
        accessScope=WHOLE,
        **without,
    )


def test_entries_need_an_authentication_mode_with_entries(
    program: Program, kwok: FakeClusters
) -> None:
    mode = {"authenticationMode": "CONFIG_MAP"}
    cluster(program, network(program, way_out=False), accessConfig=mode)

    program.refuses("authentication mode must be set to one of", "AccessEntry", **ENTRY)


@pytest.mark.parametrize(
    ("policy", "scope", "reason"),
    [
        ("arn:aws:iam::aws:policy/AmazonEKSClusterPolicy", WHOLE, "must be an access policy"),
        (ADMIN.removesuffix("Policy"), WHOLE, "must be an access policy of EKS"),
        (ADMIN, {"type": "namespace"}, "must be set for type namespace"),
        (ADMIN, {"type": "namespace", "namespaces": []}, "must be set for type namespace"),
        (ADMIN, {"type": "cluster", "namespaces": ["yelb"]}, "must be set for type namespace"),
    ],
)
def test_wrong_rights_are_refused(
    program: Program, policy: str, scope: dict[str, object], reason: str
) -> None:
    wanted = {"policyArn": policy, "accessScope": scope, **ENTRY}

    program.refuses(reason, "AccessPolicyAssociation", **wanted)
