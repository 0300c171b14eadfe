"""
The load balancer controller on a genuine cluster: our chart, the product's own policy, a Service.

Nothing is asserted about how fast things are, only that they happen.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from linkmesh.eks_cluster.load_balancer_policy import controller_policy
from linkmesh.eks_cluster.load_balancers import controller_values
from sandbox.aws_api import start_aws
from sandbox.balancers import hostnames
from sandbox.balancers.annotations import PREFIX
from sandbox.clusters import create_cluster
from sandbox.home import HOME_VARIABLE, PROJECT, STATE, Home, delete_home, start_process
from sandbox.nodes import Node, add_nodes
from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import Cloud, Credentials
from sandbox.tests.running import Running, deployment, eventually

pytestmark = pytest.mark.sandbox

CHART = "aws-load-balancer-controller"
CLUSTER, REGION = "west", "eu-west-1"
NODES_GROUP = f"eks-cluster-sg-{CLUSTER}"
ROLE_TAGS = {"private": "kubernetes.io/role/internal-elb", "public": "kubernetes.io/role/elb"}


@dataclass
class World(Running):
    """A cluster in a VPC with three private and three public subnets."""

    cloud: Cloud
    vpc: str = ""
    subnets: dict[str, list[str]] = field(default_factory=dict)

    @property
    def policy(self) -> str:
        return controller_policy(cluster=CLUSTER, region=REGION, vpc_id=self.vpc)

    def allow(self, policy: str) -> None:
        names = {"RoleName": "controller", "PolicyName": "controller"}
        self.cloud.call("iam", "put_role_policy", **names, PolicyDocument=policy)

    def service(self, service: str, **annotations: str) -> None:
        spec = {
            "type": "LoadBalancer",
            "loadBalancerClass": "service.k8s.aws/nlb",
            "loadBalancerSourceRanges": ["10.1.0.0/16"],
            "selector": {"app": service},
            "ports": [
                {"name": "mc-gateway", "port": 4143, "targetPort": 4143},
                {"name": "mc-probe", "port": 4191, "targetPort": 4191},
            ],
        }
        told = {PREFIX + key.replace("_", "-"): value for key, value in annotations.items()}
        metadata = {"name": service, "namespace": "default", "annotations": told}
        made = {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}
        self.apply(CLUSTER, made)

    def ingress(self, name: str) -> list[dict[str, Any]]:
        status = self.read(CLUSTER, "default", "service", name).get("status", {})
        return list((status.get("loadBalancer") or {}).get("ingress") or [])

    def events(self, name: str) -> list[str]:
        return [
            f"{each['type']} {each['reason']}: {each['message']}"
            for each in json.loads(self.kubectl(CLUSTER, "get", "events", "-o", "json"))["items"]
            if each["involvedObject"]["name"] == name
        ]

    def every(self, what: str) -> list[dict[str, Any]]:
        """List load balancers or target groups."""
        operation = {"LoadBalancers": "describe_load_balancers"}.get(what, "describe_target_groups")
        return list(self.cloud.call("elbv2", operation)[what])

    def groups(self) -> dict[str, dict[str, Any]]:
        """Name security groups; that of the balancer is `gateway`."""
        return {
            "gateway" if "gateway" in each["GroupName"] else each["GroupName"]: each
            for each in ec2.every(self.cloud, "security-group", VpcId=self.vpc)
        }


def make_network(world: World) -> None:
    call = world.cloud.call
    world.vpc = call("ec2", "create_vpc", CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    for place, (kind, tag) in enumerate(ROLE_TAGS.items()):
        world.subnets[kind] = [
            call(
                "ec2",
                "create_subnet",
                VpcId=world.vpc,
                CidrBlock=f"10.0.{number + 100 * place}.0/24",
                AvailabilityZone=f"{REGION}{zone}",
                TagSpecifications=ec2.tagging("subnet", {tag: "1"}),
            )["Subnet"]["SubnetId"]
            for number, zone in enumerate("abc")
        ]
    tags = ec2.tagging("security-group", {f"kubernetes.io/cluster/{CLUSTER}": "owned"})
    told = {"GroupName": NODES_GROUP, "Description": "nodes", "VpcId": world.vpc}
    call("ec2", "create_security_group", **told, TagSpecifications=tags)


def make_cluster(world: World) -> None:
    call = world.cloud.call
    trust = '{"Version": "2012-10-17", "Statement": []}'
    made = call("iam", "create_role", RoleName="controller", AssumeRolePolicyDocument=trust)
    role, within = made["Role"]["Arn"], {"clusterName": CLUSTER}
    network = {"subnetIds": world.subnets["private"]}
    call("eks", "create_cluster", name=CLUSTER, roleArn=role, resourcesVpcConfig=network)
    call("eks", "create_addon", **within, addonName="eks-pod-identity-agent")
    account = {"namespace": "kube-system", "serviceAccount": CHART, "roleArn": role}
    call("eks", "create_pod_identity_association", **within, **account)
    create_cluster(world.home, CLUSTER)
    add_nodes(world.home, CLUSTER, [Node(name=f"node-{number}") for number in range(3)])


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    home = Home(STATE / "test-balancers")
    delete_home(home)
    credentials = Credentials(access_key="test", secret_key="test")
    endpoint = start_aws(home)
    cloud = Cloud(endpoint=endpoint, region=REGION, credentials=credentials, home=home)
    world = World(home, cloud)
    make_network(world)
    make_cluster(world)
    world.allow(world.policy)
    argv = [sys.executable, "-m", "sandbox.balancers"]
    start_process(home, "balancers", argv, env={HOME_VARIABLE: str(home.root)}, cwd=PROJECT)
    tags = {"stage": "demo"}
    told = controller_values(cluster=CLUSTER, region=REGION, vpc_id=world.vpc, tags=tags)
    world.helm(CLUSTER, CHART, "kube-system", told)
    yield world
    delete_home(home)


def test_a_service_gets_a_network_load_balancer_with_the_products_own_policy(world: World) -> None:
    world.apply(CLUSTER, deployment("default", "gateway", replicas=2))
    world.service(
        "gateway",
        scheme="internal",
        nlb_target_type="ip",
        healthcheck_protocol="HTTP",
        healthcheck_port="4191",
        healthcheck_path="/ready",
        attributes="load_balancing.cross_zone.enabled=true",
        target_group_attributes="preserve_client_ip.enabled=false",
    )
    [place] = eventually(lambda: world.ingress("gateway"))
    [made] = world.every("LoadBalancers")

    name, id = made["LoadBalancerName"], made["LoadBalancerArn"][-16:]
    assert place["hostname"] == f"{name}-{id}.elb.{REGION}.amazonaws.com"
    answer = world.cloud.call("elbv2", "describe_tags", ResourceArns=[made["LoadBalancerArn"]])
    assert ec2.tags_of(answer["TagDescriptions"][0])["stage"] == "demo"
    assert made["Scheme"] == "internal"
    assert {each["SubnetId"] for each in made["AvailabilityZones"]} == {*world.subnets["private"]}
    addresses = hostnames.resolve(world.home, place["hostname"])
    assert sorted(addresses) == ["10.0.0.254", "10.0.1.254", "10.0.2.254"]
    assert any("Successfully reconciled" in each for each in world.events("gateway"))
    assert {each["HealthCheckPath"] for each in world.every("TargetGroups")} == {"/ready"}
    assert sorted(
        (each["FromPort"], each["IpRanges"][0]["CidrIp"])
        for each in world.groups()["gateway"]["IpPermissions"]
    ) == [(4143, "10.1.0.0/16"), (4191, "10.1.0.0/16")]
    nodes = world.groups()[NODES_GROUP]["IpPermissions"]
    assert [(each["FromPort"], each["ToPort"]) for each in nodes] == [(4143, 4191)]


def test_pods_are_the_targets(world: World) -> None:
    def targets() -> int:
        [arn] = [
            each["TargetGroupArn"] for each in world.every("TargetGroups") if each["Port"] == 4143
        ]
        health = world.cloud.call("elbv2", "describe_target_health", TargetGroupArn=arn)
        return len(health["TargetHealthDescriptions"])

    eventually(lambda: targets() == 2)
    world.kubectl(CLUSTER, "scale", "deployment", "gateway", "--replicas=3")

    eventually(lambda: targets() == 3)


def test_new_source_ranges_change_the_group_in_place(world: World) -> None:
    patch = '{"spec": {"loadBalancerSourceRanges": ["10.2.0.0/16"]}}'
    world.kubectl(CLUSTER, "patch", "service", "gateway", "--type=merge", "-p", patch)

    def blocks() -> set[str]:
        rules = world.groups()["gateway"]["IpPermissions"]
        return {one["CidrIp"] for each in rules for one in each["IpRanges"]}

    eventually(lambda: blocks() == {"10.2.0.0/16"})


def test_another_scheme_is_another_balancer_at_public_addresses(world: World) -> None:
    [before] = world.ingress("gateway")
    scheme = f"{PREFIX}scheme=internet-facing"
    world.kubectl(CLUSTER, "annotate", "service", "gateway", scheme, "--overwrite")

    [place] = eventually(lambda: [one for one in world.ingress("gateway") if one != before])
    assert [each["Scheme"] for each in world.every("LoadBalancers")] == ["internet-facing"]
    assert hostnames.resolve(world.home, before["hostname"]) == []
    assert hostnames.resolve(world.home, place["hostname"]) == [
        "203.0.113.254",
        "198.51.100.254",
        "192.0.2.254",
    ]


def test_what_the_role_may_not_do_is_said_in_an_event(world: World) -> None:
    world.allow(world.policy.replace("elasticloadbalancing:CreateLoadBalancer", "ec2:X"))
    world.service("denied", scheme="internal", nlb_target_type="ip")

    [event] = eventually(
        lambda: [each for each in world.events("denied") if "AccessDenied" in each]
    )
    assert event.startswith(
        "Warning FailedDeployModel: Failed deploy model due to operation error Elastic Load "
        "Balancing v2: CreateLoadBalancer, https response error StatusCode: 403, api error "
        "AccessDenied: User: arn:aws:sts::000000000000:assumed-role/controller/eks-west-"
    )
    assert "is not authorized to perform: elasticloadbalancing:CreateLoadBalancer on" in event
    assert not world.ingress("denied")

    world.allow(world.policy)
    eventually(lambda: world.ingress("denied"))


def test_deleted_services_leave_nothing_in_aws(world: World) -> None:
    world.kubectl(CLUSTER, "delete", "service", "gateway", "denied", "--timeout=120s")

    assert not world.every("LoadBalancers")
    assert not world.every("TargetGroups")
    assert not ec2.interfaces(world.cloud, "ELB ")
    assert set(world.groups()) == {"default", NODES_GROUP}
    assert not world.groups()[NODES_GROUP]["IpPermissions"]
    assert json.loads((world.home.aws / "hostnames.json").read_text()) == {}
