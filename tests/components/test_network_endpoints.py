"""A VPC without a NAT gateway: what it lacks, and how it still reaches AWS."""

import functools

from linkmesh.network import Network, NetworkArgs
from linkmesh.subnets import PRIVATE_SERVICES, NatGateways
from tests import engine

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ROUTE = "aws:ec2/route:Route"


@functools.cache
def network(nat: NatGateways = NatGateways.NONE) -> engine.Notes:
    """Make one network and export the addresses it calls from."""
    notes: list[list[object]] = []

    def program() -> None:
        args = NetworkArgs(region="eu-west-1", cidr_block="10.10.0.0/16", nat_gateways=nat)
        notes.append([*Network("west", args).nat_public_ips])

    made = engine.run(program)
    made.outputs["nat_public_ips"] = len(notes[0])
    return made


def interfaces(notes: engine.Notes) -> list[engine.Noted]:
    """List the interface endpoints."""
    return [noted for noted in notes.of(ENDPOINT) if noted.inputs["vpcEndpointType"] == "Interface"]


def test_without_nat_gateways_private_subnets_have_no_way_out() -> None:
    notes = network()

    assert notes.of("aws:ec2/natGateway:NatGateway") == []
    assert notes.of("aws:ec2/eip:Eip") == []
    assert [noted.name for noted in notes.of(ROUTE)] == ["west-public-internet"]
    assert notes.outputs["nat_public_ips"] == 0


def test_private_subnets_still_have_their_route_tables() -> None:
    tables = [noted.name for noted in network().of("aws:ec2/routeTable:RouteTable")]

    assert tables == ["west-public", *(f"west-private-{zone}" for zone in "abc")]


def test_what_nodes_and_the_load_balancer_controller_call_is_inside() -> None:
    services = {noted.inputs["serviceName"] for noted in interfaces(network())}

    assert services == {
        f"com.amazonaws.eu-west-1.{service}"
        for service in (
            *("ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth"),
            *("elasticloadbalancing", "logs", "sts"),
        )
    }


def test_an_endpoint_answers_in_every_zone_under_the_services_usual_name() -> None:
    for endpoint in interfaces(network()):
        assert endpoint.inputs["vpcId"] == "west-vpc-id"
        assert endpoint.inputs["subnetIds"] == [f"west-private-{zone}-id" for zone in "abc"]
        assert endpoint.inputs["privateDnsEnabled"] is True
        assert endpoint.inputs["securityGroupIds"] == ["west-endpoints-id"]


def test_endpoints_admit_https_from_their_own_network_only() -> None:
    rule = network().one(RULE)

    assert [noted.name for noted in network().of(GROUP)] == ["west-endpoints"]
    assert (rule.inputs["securityGroupId"], rule.inputs["cidrIpv4"]) == (
        "west-endpoints-id",
        "10.10.0.0/16",
    )
    assert (rule.inputs["ipProtocol"], rule.inputs["fromPort"], rule.inputs["toPort"]) == (
        "tcp",
        443,
        443,
    )


def test_images_come_from_s3_by_the_gateway_endpoint_as_ever() -> None:
    s3 = network().one(ENDPOINT, "west-s3")

    assert s3.inputs["vpcEndpointType"] == "Gateway"
    assert s3.inputs["routeTableIds"] == [f"west-private-{zone}-id" for zone in "abc"]


def test_a_network_with_nat_gateways_pays_for_no_interface_endpoint() -> None:
    for nat in (NatGateways.SINGLE, NatGateways.ONE_PER_AZ):
        assert interfaces(network(nat)) == []
        assert network(nat).of(GROUP) == []


def test_the_count_of_endpoints_is_known_without_creating_them() -> None:
    assert NatGateways.NONE.private_services == PRIVATE_SERVICES
    assert len(interfaces(network())) == len(PRIVATE_SERVICES)
    assert (
        NatGateways.NONE.gateways,
        NatGateways.SINGLE.gateways,
        NatGateways.ONE_PER_AZ.gateways,
    ) == (0, 1, 3)
