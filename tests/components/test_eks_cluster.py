"""An EKS cluster: safe defaults, the order of its parts, and who may reach and administer it."""

import functools
import json
from typing import Any

import pulumi
import pytest

from components.eks_cluster import ADMIN_POLICY, EksCluster, EksClusterArgs, exec_kubeconfig
from tests import engine

CLUSTER = "aws:eks/cluster:Cluster"
ADDON = "aws:eks/addon:Addon"
NODES = "aws:eks/nodeGroup:NodeGroup"
ADMINS = ["arn:aws:iam::000000000000:role/one", "arn:aws:iam::000000000000:role/two"]
KUBECONFIG = exec_kubeconfig(
    name="west", region="eu-west-1", endpoint="https://west.eks.test", authority="Q0E="
)


def described(**overrides: Any) -> EksClusterArgs:
    """Describe the ordinary cluster."""
    ordinary: dict[str, Any] = {
        "region": "eu-west-1",
        "node_subnet_ids": ["private-a", "private-b", "private-c"],
        "control_plane_subnet_ids": ["control-a", "control-b", "control-c"],
        "admins": ADMINS,
    }
    return EksClusterArgs(**{**ordinary, **overrides})


@functools.cache
def in_ireland(access: tuple[str, ...] = ()) -> engine.Notes:
    """Make a cluster, and export what is known of it."""

    def program() -> None:
        cluster = EksCluster("west", described(api_access=access))
        pulumi.export("kubeconfig", cluster.kubeconfig)
        pulumi.export("api_server", cluster.api_server)
        pulumi.export("authority", cluster.certificate_authority_data)

    return engine.run(program)


def test_nobody_is_administrator_by_having_made_it() -> None:
    made = in_ireland().one(CLUSTER)

    assert made.inputs["accessConfig"] == {
        "authenticationMode": "API",
        "bootstrapClusterCreatorAdminPermissions": False,
    }


def test_each_admin_has_an_access_entry_with_the_administrators_policy() -> None:
    notes = in_ireland()
    entries = notes.of("aws:eks/accessEntry:AccessEntry")
    policies = notes.of("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")

    assert [noted.inputs["principalArn"] for noted in entries] == ADMINS
    assert {(noted.inputs["principalArn"], noted.inputs["policyArn"]) for noted in policies} == {
        (admin, ADMIN_POLICY) for admin in ADMINS
    }
    assert ADMIN_POLICY == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"


def test_secrets_are_encrypted_with_a_key_of_its_own_that_rotates() -> None:
    notes = in_ireland()

    assert notes.one("aws:kms/key:Key").inputs["enableKeyRotation"] is True
    assert notes.one(CLUSTER).inputs["encryptionConfig"] == {
        "provider": {"keyArn": "arn:west-secrets"},
        "resources": ["secrets"],
    }


def test_all_logs_are_kept_in_a_group_that_is_made_before_it() -> None:
    notes = in_ireland()
    made, logs = notes.one(CLUSTER), notes.one("aws:cloudwatch/logGroup:LogGroup")

    assert made.inputs["enabledClusterLogTypes"] == [
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
    ]
    assert logs.inputs == {"name": "/aws/eks/west/cluster", "retentionInDays": 90}
    assert logs.name in made.after


def test_its_api_server_is_reached_from_its_network_only() -> None:
    endpoints = in_ireland().one(CLUSTER).inputs["vpcConfig"]

    assert endpoints == {
        "endpointPrivateAccess": True,
        "endpointPublicAccess": False,
        "subnetIds": ["control-a", "control-b", "control-c"],
    }


def test_its_api_server_is_reached_by_those_who_are_named() -> None:
    endpoints = in_ireland(("198.51.100.10/32",)).one(CLUSTER).inputs["vpcConfig"]

    assert endpoints["endpointPrivateAccess"] is True
    assert endpoints["endpointPublicAccess"] is True
    assert endpoints["publicAccessCidrs"] == ["198.51.100.10/32"]


def test_three_nodes_run_in_the_private_subnets() -> None:
    nodes = in_ireland().one(NODES)

    assert nodes.inputs["scalingConfig"] == {"minSize": 3, "desiredSize": 3, "maxSize": 4}
    assert nodes.inputs["subnetIds"] == ["private-a", "private-b", "private-c"]


def test_a_nodes_metadata_is_for_the_node_alone_and_by_token() -> None:
    template = in_ireland().one("aws:ec2/launchTemplate:LaunchTemplate")

    assert template.inputs["metadataOptions"] == {
        "httpEndpoint": "enabled",
        "httpTokens": "required",
        "httpPutResponseHopLimit": 1,
    }


def test_disks_are_encrypted() -> None:
    [device] = (
        in_ireland().one("aws:ec2/launchTemplate:LaunchTemplate").inputs["blockDeviceMappings"]
    )

    assert device["ebs"]["encrypted"] == "true"


def test_nodes_follow_their_launch_templates_newest_version() -> None:
    nodes = in_ireland().one(NODES)

    assert nodes.inputs["launchTemplate"] == {"id": "west-nodes-id", "version": "1"}


def test_the_network_plug_in_is_there_before_the_nodes() -> None:
    nodes = in_ireland().one(NODES)

    assert {"west-vpc-cni", "west-kube-proxy", "west-eks-pod-identity-agent"} <= nodes.after


def test_dns_comes_after_the_nodes() -> None:
    dns = in_ireland().one(ADDON, "west-coredns")
    nodes = in_ireland().one(NODES)

    assert any(urn.endswith(f"{NODES}::west-nodes") for urn in dns.depends_on)
    assert "west-coredns" not in nodes.after


def test_roles_have_their_policies_before_they_are_used() -> None:
    notes = in_ireland()

    assert "west-cluster-AmazonEKSClusterPolicy" in notes.one(CLUSTER).after
    assert {
        "west-nodes-AmazonEKSWorkerNodePolicy",
        "west-nodes-AmazonEKS_CNI_Policy",
        "west-nodes-AmazonEC2ContainerRegistryPullOnly",
    } <= notes.one(NODES).after


def test_add_ons_are_pinned_and_managed_by_us_alone() -> None:
    notes = in_ireland()
    addons = {noted.inputs["addonName"]: noted.inputs["addonVersion"] for noted in notes.of(ADDON)}

    assert set(addons) == {"vpc-cni", "kube-proxy", "coredns", "eks-pod-identity-agent"}
    assert all("-eksbuild." in version for version in addons.values())
    assert notes.one(CLUSTER).inputs["bootstrapSelfManagedAddons"] is False


def test_whoever_uses_the_cluster_waits_for_all_of_it() -> None:
    provider = in_ireland().one("pulumi:providers:kubernetes")

    assert {"west-admin-0", "west-admin-1", "west-nodes", "west-coredns"} <= provider.after


def test_its_kubeconfig_is_a_secret_wherever_it_goes() -> None:
    notes = in_ireland()
    provider = notes.one("pulumi:providers:kubernetes")

    assert provider.inputs["kubeconfig"] == engine.Secret(KUBECONFIG)
    assert provider.inputs["clusterIdentifier"] == "linkmesh/west"
    assert notes.outputs["kubeconfig"] == engine.Secret(KUBECONFIG)
    assert notes.outputs["api_server"] == "https://west.eks.test"
    assert notes.outputs["authority"] == "Q0E="


def test_its_kubeconfig_holds_no_token_but_asks_for_one() -> None:
    [user] = json.loads(KUBECONFIG)["users"]

    assert user["user"] == {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1beta1",
            "command": "aws",
            "args": ["eks", "get-token", "--cluster-name", "west", "--region", "eu-west-1"],
            "interactiveMode": "Never",
        }
    }


def test_a_cluster_too_small_for_high_availability_is_refused() -> None:
    with pytest.raises(ValueError, match="nodes") as refused:
        described(nodes=2)

    assert str(refused.value) == (
        "nodes must be at least 3 (got 2). Linkerd's high availability puts each replica on a node "
        "of its own. Use: nodes=3"
    )


@pytest.mark.parametrize("block", ["0.0.0.0/0", "::/0"])
def test_an_api_server_open_to_the_internet_is_refused(block: str) -> None:
    with pytest.raises(ValueError, match="api_access") as refused:
        described(api_access=[block])

    assert str(refused.value) == (
        f"api_access must not admit the whole internet (got {block}). Anybody could call the API "
        'server. Name your own addresses: api_access=["198.51.100.10/32"]'
    )


def test_several_problems_are_told_together() -> None:
    with pytest.raises(ValueError, match="nodes") as refused:
        described(nodes=1, admins=[])

    first, second = str(refused.value).splitlines()
    assert first.startswith("nodes must be at least 3 (got 1).")
    assert second == (
        "admins must name at least one IAM principal (got none). Nobody is administrator by having "
        'made the cluster. Use: admins=["arn:aws:iam::<account>:role/<role>"]'
    )
