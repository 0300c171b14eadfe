"""
The twenty security defaults of an EKS cluster.

Each test is named after its default, and fails when the default is taken away. The clusters that
other programs make have nine of them at most.
"""

import json

import pytest

from linkmesh.eks_cluster.logs import LOG_TYPES
from tests import engine

from .described import ADDON, CLUSTER, NODES, TEMPLATE, described, made, ordinary, waits_for


def test_01_api_authentication_mode() -> None:
    access = ordinary().one(CLUSTER).inputs["accessConfig"]

    assert access["authenticationMode"] == "API"


def test_02_no_creator_admin() -> None:
    access = ordinary().one(CLUSTER).inputs["accessConfig"]

    assert access["bootstrapClusterCreatorAdminPermissions"] is False


def test_03_private_endpoint() -> None:
    endpoints = ordinary().one(CLUSTER).inputs["vpcConfig"]

    assert endpoints["endpointPrivateAccess"] is True
    assert endpoints["endpointPublicAccess"] is False


def test_04_nothing_public_to_the_internet() -> None:
    for internet in ("0.0.0.0/0", "::/0"):
        with pytest.raises(ValueError, match="must not allow the whole internet"):
            described(public_access_cidrs=[internet])

    opened = made(public_access_cidrs=["198.51.100.10/32"]).one(CLUSTER).inputs["vpcConfig"]
    assert opened["endpointPrivateAccess"] is True
    assert opened["publicAccessCidrs"] == ["198.51.100.10/32"]


def test_05_own_kms_key() -> None:
    encryption = ordinary().one(CLUSTER).inputs["encryptionConfig"]

    assert encryption == {"provider": {"keyArn": "arn:west-secrets"}, "resources": ["secrets"]}


def test_06_key_rotation() -> None:
    key = ordinary().one("aws:kms/key:Key")

    assert key.inputs["enableKeyRotation"] is True


def test_07_five_log_types() -> None:
    logs = ordinary().one(CLUSTER).inputs["enabledClusterLogTypes"]

    assert logs == LOG_TYPES
    assert set(logs) == {"api", "audit", "authenticator", "controllerManager", "scheduler"}


def test_08_log_retention() -> None:
    notes = ordinary()
    logs = notes.one("aws:cloudwatch/logGroup:LogGroup")

    assert logs.inputs == {"name": "/aws/eks/west/cluster", "retentionInDays": 90}
    assert logs.name in notes.one(CLUSTER).after


def test_09_metadata_tokens_required() -> None:
    metadata = ordinary().one(TEMPLATE).inputs["metadataOptions"]

    assert metadata["httpEndpoint"] == "enabled"
    assert metadata["httpTokens"] == "required"


def test_10_metadata_hop_limit_of_one() -> None:
    metadata = ordinary().one(TEMPLATE).inputs["metadataOptions"]

    assert metadata["httpPutResponseHopLimit"] == 1


def test_11_encrypted_disks() -> None:
    devices = ordinary().one(TEMPLATE).inputs["blockDeviceMappings"]

    assert devices
    assert all(device["ebs"]["encrypted"] == "true" for device in devices)


def test_12_gp3_disks() -> None:
    devices = ordinary().one(TEMPLATE).inputs["blockDeviceMappings"]

    assert devices
    assert all(device["ebs"]["volumeType"] == "gp3" for device in devices)


def test_13_deletion_protection_in_production() -> None:
    protected, ordinary_one = made(deletion_protection=True), ordinary()

    assert protected.one(CLUSTER).inputs["deletionProtection"] is True
    assert protected.one(CLUSTER).protected
    assert protected.one("aws:kms/key:Key").protected
    assert ordinary_one.one(CLUSTER).inputs["deletionProtection"] is False
    assert not ordinary_one.one(CLUSTER).protected


def test_14_standard_support() -> None:
    policy = ordinary().one(CLUSTER).inputs["upgradePolicy"]

    assert policy == {"supportType": "STANDARD"}


def test_15_add_on_versions_pinned() -> None:
    addons = ordinary().of(ADDON)

    assert {addon.inputs["addonName"] for addon in addons} == {
        "vpc-cni",
        "kube-proxy",
        "eks-pod-identity-agent",
        "coredns",
    }
    assert all("-eksbuild." in addon.inputs["addonVersion"] for addon in addons)
    assert ordinary().one(CLUSTER).inputs["bootstrapSelfManagedAddons"] is False


def test_16_ami_release_pinned() -> None:
    nodes = ordinary().one(NODES)

    assert nodes.inputs["amiType"] == "AL2023_x86_64_STANDARD"
    assert nodes.inputs["version"] == "1.35"
    assert nodes.inputs["releaseVersion"] == "1.35.6-20260728"


def test_17_no_oidc_provider_unless_asked() -> None:
    provider = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"

    assert not ordinary().of(provider)
    assert "oidc_issuer" not in ordinary().outputs
    assert made(create_oidc_provider=True).one(provider).inputs == {
        "clientIdLists": ["sts.amazonaws.com"],
        "url": "https://oidc.test/west",
    }


def test_18_cni_before_and_coredns_after_nodes() -> None:
    notes = ordinary()
    nodes = notes.one(NODES)
    earlier = waits_for(notes, nodes)

    assert (ADDON, "west-vpc-cni") in earlier
    assert (ADDON, "west-coredns") not in earlier
    assert (NODES, nodes.name) in waits_for(notes, notes.one(ADDON, "west-coredns"))


def test_19_exec_kubeconfig_with_region() -> None:
    kubeconfig = ordinary().outputs["kubeconfig"]
    assert isinstance(kubeconfig, engine.Secret)
    [user] = json.loads(kubeconfig.value)["users"]

    assert user["user"].keys() == {"exec"}
    assert user["user"]["exec"]["command"] == "aws"
    assert user["user"]["exec"]["args"][-2:] == ["--region", "eu-west-1"]


def test_20_tags_on_every_child() -> None:
    notes = made(tags={"environment": "demo"}, create_oidc_provider=True, ebs_csi_driver=True)
    provider = notes.one("pulumi:providers:aws")
    children = [noted for noted in notes.resources if noted.type.startswith("aws:")]
    tagged = notes.one(TEMPLATE).inputs["tagSpecifications"]

    assert json.loads(provider.inputs["defaultTags"]) == {"tags": {"environment": "demo"}}
    assert children
    assert all(f"::{provider.name}::" in noted.provider for noted in children)
    assert {one["resourceType"]: one["tags"]["environment"] for one in tagged} == {
        "instance": "demo",
        "volume": "demo",
        "network-interface": "demo",
    }
