"""The ordinary cluster of these tests, and what must be made before what."""

import functools
import json
from typing import Any

import pulumi

from linkmesh.eks_cluster import (
    AccessEntry,
    EksCluster,
    EksClusterArgs,
    LoadBalancerController,
    LoadBalancerControllerArgs,
)
from tests import engine

CLUSTER = "aws:eks/cluster:Cluster"
ADDON = "aws:eks/addon:Addon"
NODES = "aws:eks/nodeGroup:NodeGroup"
ENTRY = "aws:eks/accessEntry:AccessEntry"
POLICY = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
RELEASE = "kubernetes:helm.sh/v3:Release"

ACCOUNT = "111122223333"
OPERATORS = AccessEntry(f"arn:aws:iam::{ACCOUNT}:role/operators")


def described(**overrides: Any) -> EksClusterArgs:
    """Describe the ordinary cluster."""
    ordinary: dict[str, Any] = {
        "region": "eu-west-1",
        "vpc_id": "vpc-west",
        "private_subnet_ids": ["private-a", "private-b", "private-c"],
        "control_plane_subnet_ids": ["control-a", "control-b", "control-c"],
        "access_entries": [OPERATORS],
    }
    return EksClusterArgs(**{**ordinary, **overrides})


def made(**overrides: Any) -> engine.Notes:
    """Make a cluster, and export what is known of it."""

    def program() -> None:
        cluster = EksCluster("west", described(**overrides))
        pulumi.export("kubeconfig", cluster.kubeconfig)
        pulumi.export("api_server", cluster.api_server)
        pulumi.export("authority", cluster.certificate_authority_data)
        pulumi.export("authority_expiry", cluster.certificate_authority_expiry)
        pulumi.export("support_end", cluster.support_end)
        pulumi.export("security_group_id", cluster.cluster_security_group_id)
        pulumi.export("cluster_role_name", cluster.cluster_iam_role_name)
        pulumi.export("node_role_name", cluster.node_iam_role_name)
        pulumi.export("oidc_issuer", cluster.oidc_issuer_url)

    return engine.run(program)


@functools.cache
def ordinary() -> engine.Notes:
    """Make the ordinary cluster."""
    return made()


def with_balancers(**overrides: Any) -> engine.Notes:
    """Make a cluster with what makes load balancers on it."""

    def program() -> None:
        LoadBalancerController(
            "west-load-balancers",
            LoadBalancerControllerArgs(cluster=EksCluster("west", described()), **overrides),
        )

    return engine.run(program)


def by_name(notes: engine.Notes) -> dict[tuple[str, str], engine.Noted]:
    """Index resources by type and name, since equal ones are registered in any order."""
    return {(noted.type, noted.name): noted for noted in notes.resources}


def waits_for(notes: engine.Notes, later: engine.Noted) -> set[tuple[str, str]]:
    """
    List what must be there before a resource is made, and until it is gone: type and name of each.

    It follows every edge of the engine's graph: what a resource names, what its provider and its
    inputs come from, and what these wait for in their turn.
    """
    known = by_name(notes)
    found: set[tuple[str, str]] = set()
    waiting = [later]
    while waiting:
        noted = waiting.pop()
        for urn in (*noted.depends_on, noted.provider.rpartition("::")[0]):
            *_, kind, name = urn.split("::") if urn.count("::") >= 3 else ("", "", "")
            before = (kind.rpartition("$")[2], name)
            if before in known and before not in found:
                found.add(before)
                waiting.append(known[before])
    return found


def statements(policy: str) -> list[dict[str, Any]]:
    """Read the statements of a policy."""
    read: list[dict[str, Any]] = json.loads(policy)["Statement"]
    return read
