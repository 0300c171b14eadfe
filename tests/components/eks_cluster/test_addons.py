"""Add-ons: which a cluster has, in which phase, and with which rights."""

import json

from linkmesh.versions import EKS_RELEASES

from .described import ADDON, NODES, made, ordinary

EBS = "west-aws-ebs-csi-driver"
STORAGE_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass"


def test_add_ons_are_the_pinned_ones_of_the_clusters_kubernetes() -> None:
    for kubernetes, release in EKS_RELEASES.items():
        addons = made(kubernetes_version=kubernetes).of(ADDON)

        assert {each.inputs["addonName"]: each.inputs["addonVersion"] for each in addons} == {
            addon.name: addon.version for addon in release.addons
        }


def test_all_that_a_node_needs_is_there_before_it() -> None:
    nodes = ordinary().one(NODES)

    assert {"west-vpc-cni", "west-kube-proxy", "west-eks-pod-identity-agent"} <= nodes.after


def test_an_upgrade_preserves_settings_of_others_on_an_add_on() -> None:
    dns = ordinary().one(ADDON, "west-coredns")

    assert dns.inputs["resolveConflictsOnCreate"] == "OVERWRITE"
    assert dns.inputs["resolveConflictsOnUpdate"] == "PRESERVE"


def test_the_volume_driver_is_there_if_asked_for_with_rights_of_its_own() -> None:
    notes = made(ebs_csi_driver=True)
    driver, role = notes.one(ADDON, EBS), notes.one("aws:iam/role:Role", "west-ebs-csi")
    attached = notes.one(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "west-ebs-csi-AmazonEBSCSIDriverPolicy",
    )

    assert not [each for each in ordinary().of(ADDON) if each.name == EBS]
    assert driver.inputs["podIdentityAssociations"] == [
        {"serviceAccount": "ebs-csi-controller-sa", "roleArn": "arn:west-ebs-csi"}
    ]
    assert {"west-nodes", attached.name} <= driver.after
    assert json.loads(role.inputs["assumeRolePolicy"])["Statement"][0] == {
        "Effect": "Allow",
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
    }
    assert attached.inputs["policyArn"] == (
        "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"
    )


def test_with_the_driver_there_is_a_default_storage_class_once_it_runs() -> None:
    """EKS makes none: a claim that names no class would wait for ever."""
    made_ = made(ebs_csi_driver=True).one(STORAGE_CLASS)

    assert made_.inputs["metadata"]["annotations"] == {
        "storageclass.kubernetes.io/is-default-class": "true"
    }
    assert made_.inputs["parameters"] == {"type": "gp3", "encrypted": "true"}
    assert made_.inputs["volumeBindingMode"] == "WaitForFirstConsumer"
    assert EBS in made_.after


def test_without_the_driver_there_is_none() -> None:
    assert made().of(STORAGE_CLASS) == []
