"""
The load balancer controller on a genuine cluster: our chart, the product's own policy, a Service.

Nothing is asserted about how fast things are, only that they happen.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml

from linkmesh.eks_cluster.load_balancer_policy import controller_policy
from linkmesh.eks_cluster.load_balancers import controller_values
from sandbox.aws_api import start_aws
from sandbox.balancers import hostnames
from sandbox.clusters import Node, add_nodes, create_cluster
from sandbox.home import HOME_VARIABLE, PROJECT, STATE, TOOLCHAIN, Home, delete_home, start_process
from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import AwsRefused, Cloud, Credentials
from sandbox.plugins.aws.vpc import Subnet

pytestmark = pytest.mark.sandbox

CHART = "aws-load-balancer-controller"
CLUSTER, REGION = "west", "eu-west-1"
PATIENCE_SECONDS = 120.0
PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "pods.eks.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        }
    ],
}


@dataclass
class World:
    """A cluster in a VPC with three private and three public subnets."""

    home: Home
    cloud: Cloud
    vpc: str = ""
    private: list[str] = field(default_factory=list)
    public: list[str] = field(default_factory=list)

    def kubectl(self, *argv: str, given: str | None = None) -> str:
        return self._run("kubectl", *argv, given=given)

    def _run(self, program: str, *argv: str, given: str | None) -> str:
        kubeconfig = str(self.home.cluster(CLUSTER) / "kubeconfig")
        done = subprocess.run(
            [str(TOOLCHAIN / "bin" / program), "--kubeconfig", kubeconfig, *argv],
            input=given,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def install(self) -> None:
        values = controller_values(
            cluster=CLUSTER, region=REGION, vpc_id=self.vpc, tags={"stage": "demo"}
        )
        folder = str(PROJECT / "sandbox" / "charts" / CHART)
        argv = ["upgrade", "--install", CHART, folder, "-n", "kube-system", "--wait", "-f", "-"]
        self._run("helm", *argv, given=yaml.safe_dump(values))

    def allow(self, policy: str) -> None:
        self.cloud.call(
            "iam",
            "put_role_policy",
            RoleName="controller",
            PolicyName="controller",
            PolicyDocument=policy,
        )

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
        self.apply({"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec})

    def pods(self, name: str, replicas: int) -> None:
        template = {
            "metadata": {"labels": {"app": name}},
            "spec": {"containers": [{"name": "proxy", "image": "proxy"}]},
        }
        spec = {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "template": template,
        }
        metadata = {"name": name, "namespace": "default"}
        self.apply(
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}
        )

    def apply(self, manifest: dict[str, Any]) -> None:
        self.kubectl("apply", "--server-side", "-f", "-", given=json.dumps(manifest))

    def ingress(self, name: str) -> list[dict[str, Any]]:
        text = self.kubectl("get", "service", name, "-o", "json", "--ignore-not-found")
        status = json.loads(text)["status"] if text else {}
        return list((status.get("loadBalancer") or {}).get("ingress") or [])

    def events(self, name: str) -> list[str]:
        text = self.kubectl("get", "events", "-o", "json")
        return [
            f"{each['type']} {each['reason']}: {each['message']}"
            for each in json.loads(text)["items"]
            if each["involvedObject"]["name"] == name
        ]

    def balancer(self) -> dict[str, Any] | None:
        """Find the balancer of the Service `gateway`."""
        found = self.cloud.call("elbv2", "describe_load_balancers")["LoadBalancers"]
        named = "k8s-default-gateway-"
        return next((each for each in found if each["LoadBalancerName"].startswith(named)), None)

    def groups(self) -> dict[str, dict[str, Any]]:
        return {
            each["GroupName"]: each
            for each in ec2.every(self.cloud, "security-group", VpcId=self.vpc)
        }

    def eventually(self, holds: Callable[[], Any]) -> Any:
        until = time.monotonic() + PATIENCE_SECONDS
        while not (found := holds()):
            assert time.monotonic() < until, self.home.log("balancers").read_text()[-3000:]
            time.sleep(0.2)
        return found


def make_network(world: World) -> None:
    call = world.cloud.call
    world.vpc = call("ec2", "create_vpc", CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    for number, zone in enumerate("abc"):
        for kind, tag, at in (
            (world.private, "kubernetes.io/role/internal-elb", 0),
            (world.public, "kubernetes.io/role/elb", 100),
        ):
            made = call(
                "ec2",
                "create_subnet",
                VpcId=world.vpc,
                CidrBlock=f"10.0.{number + at}.0/24",
                AvailabilityZone=f"{REGION}{zone}",
                TagSpecifications=ec2.tagging("subnet", {tag: "1"}),
            )
            kind.append(made["Subnet"]["SubnetId"])
    call(
        "ec2",
        "create_security_group",
        GroupName=f"eks-cluster-sg-{CLUSTER}",
        Description="nodes",
        VpcId=world.vpc,
    )


def make_cluster(world: World) -> None:
    call = world.cloud.call
    role = call(
        "iam", "create_role", RoleName="controller", AssumeRolePolicyDocument=json.dumps(TRUST)
    )["Role"]["Arn"]
    call(
        "eks",
        "create_cluster",
        name=CLUSTER,
        roleArn=role,
        resourcesVpcConfig={"subnetIds": world.private},
    )
    call("eks", "create_addon", clusterName=CLUSTER, addonName="eks-pod-identity-agent")
    call(
        "eks",
        "create_pod_identity_association",
        clusterName=CLUSTER,
        namespace="kube-system",
        serviceAccount=CHART,
        roleArn=role,
    )
    create_cluster(world.home, CLUSTER)
    add_nodes(world.home, CLUSTER, [Node(name=f"node-{number}") for number in range(3)])


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    home = Home(STATE / "test-balancers")
    delete_home(home)
    endpoint = start_aws(home)
    credentials = Credentials(access_key="test", secret_key="test")
    cloud = Cloud(endpoint=endpoint, region=REGION, credentials=credentials, home=home)
    world = World(home, cloud)
    make_network(world)
    make_cluster(world)
    world.allow(controller_policy(cluster=CLUSTER, region=REGION, vpc_id=world.vpc))
    start_process(
        home,
        "balancers",
        [sys.executable, "-m", "sandbox.balancers"],
        env={"PATH": "/usr/bin:/bin", HOME_VARIABLE: str(home.root)},
        cwd=PROJECT,
    )
    world.install()
    yield world
    delete_home(home)


def test_a_service_gets_a_network_load_balancer_with_the_products_own_policy(world: World) -> None:
    world.pods("gateway", 2)
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
    [place] = world.eventually(lambda: world.ingress("gateway"))
    made = world.balancer()

    assert made is not None
    name, id = made["LoadBalancerName"], made["LoadBalancerArn"][-16:]
    assert place["hostname"] == f"{name}-{id}.elb.{REGION}.amazonaws.com"
    answer = world.cloud.call("elbv2", "describe_tags", ResourceArns=[made["LoadBalancerArn"]])
    assert ec2.tags_of(answer["TagDescriptions"][0])["stage"] == "demo"
    assert made["Scheme"] == "internal"
    assert sorted(each["SubnetId"] for each in made["AvailabilityZones"]) == sorted(world.private)
    addresses = hostnames.resolve(world.home, place["hostname"])
    assert sorted(addresses) == ["10.0.0.254", "10.0.1.254", "10.0.2.254"]
    assert any("Successfully reconciled" in each for each in world.events("gateway"))
    groups = world.cloud.call("elbv2", "describe_target_groups")["TargetGroups"]
    assert {each["HealthCheckPath"] for each in groups} == {"/ready"}
    [frontend] = [each for name, each in world.groups().items() if "gateway" in name]
    assert sorted(
        (each["FromPort"], each["IpRanges"][0]["CidrIp"]) for each in frontend["IpPermissions"]
    ) == [(4143, "10.1.0.0/16"), (4191, "10.1.0.0/16")]
    nodes = world.groups()[f"eks-cluster-sg-{CLUSTER}"]["IpPermissions"]
    assert [(each["FromPort"], each["ToPort"]) for each in nodes] == [(4143, 4191)]


def test_pods_are_the_targets(world: World) -> None:
    def targets() -> set[str]:
        [group] = [
            each
            for each in world.cloud.call("elbv2", "describe_target_groups")["TargetGroups"]
            if each["Port"] == 4143
        ]
        health = world.cloud.call(
            "elbv2", "describe_target_health", TargetGroupArn=group["TargetGroupArn"]
        )
        return {each["Target"]["Id"] for each in health["TargetHealthDescriptions"]}

    world.eventually(lambda: len(targets()) == 2)
    world.pods("gateway", 3)

    world.eventually(lambda: len(targets()) == 3)


def test_a_subnet_cannot_go_while_a_balancer_is_in_it(world: World) -> None:
    with pytest.raises(AwsRefused, match=r"DependencyViolation.*ELB net/k8s-default-gateway"):
        Subnet(world.cloud).remove(world.cloud, world.private[0], {"vpcId": world.vpc})


def test_new_source_ranges_change_the_group_in_place(world: World) -> None:
    patch = '{"spec": {"loadBalancerSourceRanges": ["10.2.0.0/16"]}}'
    world.kubectl("patch", "service", "gateway", "--type=merge", "-p", patch)

    def blocks() -> set[str]:
        [group] = [each for name, each in world.groups().items() if "gateway" in name]
        return {one["CidrIp"] for each in group["IpPermissions"] for one in each["IpRanges"]}

    world.eventually(lambda: blocks() == {"10.2.0.0/16"})


def test_another_scheme_is_another_balancer_at_public_addresses(world: World) -> None:
    before = world.balancer()
    world.kubectl(
        "annotate", "service", "gateway", f"{PREFIX}scheme=internet-facing", "--overwrite"
    )

    def replaced() -> bool:
        now = world.balancer()
        return (
            now is not None
            and now["Scheme"] == "internet-facing"
            and bool(
                [
                    one
                    for one in world.ingress("gateway")
                    if now["LoadBalancerArn"][-16:] in one["hostname"]
                ]
            )
        )

    world.eventually(replaced)
    [place] = world.ingress("gateway")
    assert before is not None
    assert hostnames.resolve(world.home, place["hostname"]) == [
        "203.0.113.254",
        "198.51.100.254",
        "192.0.2.254",
    ]


def test_what_the_role_may_not_do_is_said_in_an_event(world: World) -> None:
    document = json.loads(controller_policy(cluster=CLUSTER, region=REGION, vpc_id=world.vpc))
    for statement in document["Statement"]:
        statement["Action"] = [each for each in statement["Action"] if "CreateLoadB" not in each]
    document["Statement"] = [each for each in document["Statement"] if each["Action"]]
    world.allow(json.dumps(document))
    world.service("denied", scheme="internal", nlb_target_type="ip")

    def denied() -> list[str]:
        return [each for each in world.events("denied") if "AccessDenied" in each]

    [event] = world.eventually(denied)
    assert event.startswith(
        "Warning FailedDeployModel: Failed deploy model due to operation error Elastic Load "
        "Balancing v2: CreateLoadBalancer, https response error StatusCode: 403, api error "
        "AccessDenied: User: arn:aws:sts::000000000000:assumed-role/controller/eks-west-"
    )
    assert "is not authorized to perform: elasticloadbalancing:CreateLoadBalancer on" in event
    assert not world.ingress("denied")

    world.allow(controller_policy(cluster=CLUSTER, region=REGION, vpc_id=world.vpc))
    world.eventually(lambda: world.ingress("denied"))


def test_deleted_services_leave_nothing_in_aws(world: World) -> None:
    world.kubectl("delete", "service", "gateway", "denied", "--timeout=120s")

    assert not world.cloud.call("elbv2", "describe_load_balancers")["LoadBalancers"]
    assert not world.cloud.call("elbv2", "describe_target_groups")["TargetGroups"]
    assert not ec2.interfaces(world.cloud, "ELB ")
    assert set(world.groups()) == {"default", f"eks-cluster-sg-{CLUSTER}"}
    assert not world.groups()[f"eks-cluster-sg-{CLUSTER}"]["IpPermissions"]
    assert json.loads((world.home.aws / "hostnames.json").read_text()) == {}


def test_a_service_without_class_has_the_clusters_own_address(world: World) -> None:
    ports = [{"port": 80}]
    spec = {"type": "LoadBalancer", "ports": ports}
    metadata = {"name": "plain", "namespace": "default"}
    world.apply({"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec})

    [place] = world.eventually(lambda: world.ingress("plain"))
    assert place["ip"] == "192.0.2.2"


def test_a_service_of_another_class_waits_for_its_own_controller(world: World) -> None:
    spec = {"type": "LoadBalancer", "loadBalancerClass": "example.com/lb", "ports": [{"port": 80}]}
    metadata = {"name": "other", "namespace": "default"}
    world.apply({"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec})
    time.sleep(3)

    assert not world.ingress("other")
