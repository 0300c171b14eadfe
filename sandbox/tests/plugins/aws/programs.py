"""A program's resources against the imitated provider: the engine's calls, without an engine."""

import json
import os
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.clusters import Node, RunningCluster
from sandbox.home import Home, SandboxError
from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.aws.provider import TYPES
from sandbox.plugins.aws.resource import AwsResource
from sandbox.plugins.contract import Naming, PartialFailure, Refused, State
from sandbox.plugins.values import DEFAULTS, Properties

MADE_BY_CHECK = ("tagsAll", DEFAULTS)
TOKENS = {kind.__name__: token for token, kind in TYPES.items()}


def trust(service: str, *actions: str) -> str:
    """Make a role's trust policy."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": list(actions or ["sts:AssumeRole"]),
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@dataclass
class Made:
    """A resource of the program."""

    kind: str
    name: str
    inputs: dict[str, Any]
    state: State

    @property
    def id(self) -> str:
        """Its id."""
        return self.state.id

    @property
    def asked(self) -> dict[str, Any]:
        """What the program gave."""
        return {key: value for key, value in self.inputs.items() if key not in MADE_BY_CHECK}

    def __getitem__(self, output: str) -> Any:
        return self.state.outputs[output]


@dataclass
class Program:
    """One region's resources, in order of creation."""

    cloud: Cloud
    made: list[Made] = field(default_factory=list)

    def make(self, kind: str, name: str = "it", /, **inputs: Any) -> Made:
        """Name, check and create a resource; what fails half way stays, as in the engine."""
        resource = TYPES[TOKENS[kind]](self.cloud)
        naming = self.naming(kind, name)
        inputs = {**self.usual.get(kind, {}), **inputs}
        checked = resource.check(resource.named(inputs, None, naming), None)
        urn = naming.urn
        assert resource.create(urn, checked, preview=True, timeout=0).id == ""
        try:
            made = Made(
                kind, name, checked, resource.create(urn, checked, preview=False, timeout=0)
            )
        except PartialFailure as failure:
            self.made.append(Made(kind, name, checked, failure.state))
            raise
        self.made.append(made)
        return made

    @property
    def usual(self) -> dict[str, dict[str, Any]]:
        """Inputs that a test need not give, by kind."""
        return {
            "Addon": {"addonVersion": "v1.21.1-eksbuild.3"},
            "Subnet": {"availabilityZone": f"{self.cloud.region}a"},
            "VpcEndpoint": {"vpcEndpointType": "Gateway"},
        }

    def refuses(self, reason: str, kind: str, name: str = "other", /, **inputs: Any) -> None:
        """See that a resource is refused."""
        with pytest.raises(Refused, match=reason):
            self.make(kind, name, **inputs)

    def change(self, made: Made, **inputs: Any) -> Made:
        """Check and update a resource in place; refuse if it would be replaced."""
        resource = self.resource(made)
        asked = {key: value for key, value in {**made.asked, **inputs}.items() if value is not None}
        news = resource.check(
            resource.named(asked, made.inputs, self.naming(made.kind, made.name)), made.inputs
        )
        diff = resource.diff(made.id, made.inputs, made.state.outputs, news)
        assert diff.changes, "nothing would be changed"
        assert not any(change.replace for change in diff.changes), diff
        before = (made.id, made.inputs, made.state.outputs, news)
        resource.update(*before, preview=True, timeout=0)
        made.state = resource.update(*before, preview=False, timeout=0)
        made.inputs = news
        return made

    def replaces(self, made: Made, **inputs: Any) -> list[str]:
        """Name the properties whose change would replace the resource."""
        resource = self.resource(made)
        asked = {key: value for key, value in {**made.asked, **inputs}.items() if value is not None}
        news = resource.check(
            resource.named(asked, made.inputs, self.naming(made.kind, made.name)), made.inputs
        )
        diff = resource.diff(made.id, made.inputs, made.state.outputs, news)
        return [change.path for change in diff.changes if change.replace]

    def one(self, kind: str, name: str) -> Made | None:
        """Find what was made before."""
        return next((each for each in self.made if (each.kind, each.name) == (kind, name)), None)

    def first(self, kind: str) -> Made:
        """Give the first of a kind that was made."""
        return next(each for each in self.made if each.kind == kind)

    def drift(self, made: Made) -> list[str] | None:
        """Refresh; name the properties that differ from the program, or None if it is gone."""
        resource = self.resource(made)
        found = resource.read(made.id, made.inputs, made.state.outputs)
        if found is None:
            return None
        state, inputs = found
        diff = resource.diff(made.id, inputs, state.outputs, made.inputs)
        return [change.path for change in diff.changes]

    def imported(self, kind: str, id: str) -> tuple[State, Properties] | None:
        """Read a resource that no program has made."""
        return TYPES[TOKENS[kind]](self.cloud).read(id, {}, {})

    def delete(self, made: Made) -> None:
        """Delete one resource."""
        resource = self.resource(made)
        resource.delete(made.id, made.inputs, made.state.outputs, timeout=0)
        self.made.remove(made)

    def destroy_but(self, kind: str) -> None:
        """Delete everything in reverse, but what is of this kind."""
        for made in reversed(list(self.made)):
            if made.kind != kind:
                self.delete(made)

    def naming(self, kind: str, name: str) -> Naming:
        """Give what the engine says about a name."""
        return Naming(urn=f"urn:pulumi:s::p::{TOKENS[kind]}::{name}", name=name, seed=os.urandom(8))

    def resource(self, made: Made) -> AwsResource:
        """Give the type of a resource."""
        return TYPES[TOKENS[made.kind]](self.cloud)

    def destroy(self) -> None:
        """Delete everything in reverse."""
        for made in reversed(list(self.made)):
            self.delete(made)


@dataclass
class Network:
    """A VPC in which a cluster can be."""

    vpc: Made
    subnets: list[Made]
    table: Made


def network(program: Program, cidr: str = "10.10.0.0/16", *, way_out: bool = True) -> Network:
    """Make a VPC with two subnets in two zones, with a NAT gateway or without."""
    begin = cidr.rpartition(".0.0/")[0]
    vpc = program.make("Vpc", "vpc", cidrBlock=cidr)
    internet = program.make("InternetGateway", "internet", vpcId=vpc.id)
    subnets = [
        program.make(
            "Subnet",
            zone,
            vpcId=vpc.id,
            cidrBlock=f"{begin}.{index}.0/24",
            availabilityZone=f"{program.cloud.region}{zone}",
        )
        for index, zone in enumerate("ab")
    ]
    table = program.make("RouteTable", "private", vpcId=vpc.id)
    for subnet in subnets:
        program.make(
            "RouteTableAssociation", subnet.name, routeTableId=table.id, subnetId=subnet.id
        )
    if way_out:
        public = program.make("Subnet", "public", vpcId=vpc.id, cidrBlock=f"{begin}.9.0/24")
        outside = program.make("RouteTable", "public", vpcId=vpc.id)
        program.make(
            "Route",
            "internet",
            routeTableId=outside.id,
            destinationCidrBlock="0.0.0.0/0",
            gatewayId=internet.id,
        )
        address = program.make("Eip", "nat", domain="vpc")
        nat = program.make("NatGateway", "nat", allocationId=address.id, subnetId=public.id)
        program.make(
            "Route",
            "nat",
            routeTableId=table.id,
            destinationCidrBlock="0.0.0.0/0",
            natGatewayId=nat.id,
        )
    return Network(vpc, subnets, table)


def role(program: Program, name: str, service: str, *policies: str) -> Made:
    """Make a role with AWS' own policies."""
    made = program.make("Role", name, assumeRolePolicy=trust(service))
    for policy in policies:
        program.make(
            "RolePolicyAttachment",
            f"{name}-{policy}",
            role=made["name"],
            policyArn=f"arn:aws:iam::aws:policy/{policy}",
        )
    return made


def cluster(program: Program, within: Network, **inputs: Any) -> Made:
    """Make an EKS cluster."""
    service = program.one("Role", "cluster") or role(
        program, "cluster", "eks.amazonaws.com", "AmazonEKSClusterPolicy"
    )
    given = {
        "name": "west",
        "roleArn": service["arn"],
        "version": "1.35",
        "accessConfig": {
            "authenticationMode": "API",
            "bootstrapClusterCreatorAdminPermissions": False,
        },
        "bootstrapSelfManagedAddons": False,
        "vpcConfig": {
            "subnetIds": [subnet.id for subnet in within.subnets],
            "endpointPrivateAccess": True,
        },
    }
    return program.make("Cluster", "west", **{**given, **inputs})


def node_group(program: Program, of: Made, within: Network, **inputs: Any) -> Made:
    """Make a node group of three."""
    service = program.one("Role", "nodes") or role(
        program,
        "nodes",
        "ec2.amazonaws.com",
        "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryPullOnly",
    )
    template = program.one("LaunchTemplate", "nodes") or program.make("LaunchTemplate", "nodes")
    given = {
        "amiType": "AL2023_x86_64_STANDARD",
        "clusterName": of["name"],
        "instanceTypes": ["m7i.large"],
        "launchTemplate": {"id": template.id, "version": "1"},
        "nodeRoleArn": service["arn"],
        "releaseVersion": "1.35.6-20260728",
        "version": "1.35",
        "subnetIds": [subnet.id for subnet in within.subnets],
        "scalingConfig": {"minSize": 3, "desiredSize": 3, "maxSize": 4},
    }
    return program.make("NodeGroup", "nodes", **{**given, **inputs})


@dataclass
class FakeClusters:
    """In place of `sandbox.clusters`: remembers what would run."""

    nodes: dict[str, dict[str, Node]] = field(default_factory=dict)
    fails: bool = False

    def create_cluster(
        self, home: Home, name: str, *, kubernetes_version: str | None = None
    ) -> RunningCluster:
        """Start nothing."""
        if self.fails or name in self.nodes:
            raise SandboxError("it does not start")
        self.nodes[name] = {}
        return self._running(name)

    def read_cluster(self, home: Home, name: str) -> RunningCluster | None:
        """Give what was started."""
        return self._running(name) if name in self.nodes else None

    def delete_cluster(self, home: Home, name: str) -> None:
        """Forget it."""
        self.nodes.pop(name, None)

    def add_nodes(self, home: Home, name: str, nodes: list[Node]) -> None:
        """Remember nodes."""
        if self.fails:
            raise SandboxError("it does not start")
        self.nodes[name] |= {node.name: node for node in nodes}

    def remove_nodes(self, home: Home, name: str, names: list[str]) -> None:
        """Forget nodes."""
        for node in names:
            self.nodes[name].pop(node, None)

    def _running(self, name: str) -> RunningCluster:
        return RunningCluster(
            name=name,
            server="https://127.0.0.1:1",
            ca_pem="the authority",
            client_certificate_pem="a certificate",
            client_key_pem="a key",
            token="a token",
            kubeconfig="",
        )
