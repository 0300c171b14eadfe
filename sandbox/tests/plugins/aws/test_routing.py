"""Routes go to things that exist, in the same VPC; a subnet has one table."""

import pytest

from sandbox.plugins.contract import Refused
from sandbox.tests.plugins.aws.programs import Program, network


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ({"natGatewayId": "nat-1"}, "NatGatewayNotFound"),
        ({"gatewayId": "igw-1"}, "InvalidInternetGatewayID.NotFound"),
        ({"vpcPeeringConnectionId": "pcx-1"}, "InvalidVpcPeeringConnectionID.NotFound"),
        ({}, "exactly one of"),
    ],
)
def test_a_route_to_what_does_not_exist_is_refused(
    program: Program, target: dict[str, str], reason: str
) -> None:
    table = network(program, way_out=False).table

    with pytest.raises(Refused, match=reason):
        program.make("Route", routeTableId=table.id, destinationCidrBlock="0.0.0.0/0", **target)


def test_a_route_to_another_vpcs_gateway_is_refused(program: Program) -> None:
    table = network(program, way_out=False).table
    other = program.make("Vpc", "other", cidrBlock="10.20.0.0/16")
    gateway = program.make("InternetGateway", "other", vpcId=other.id)

    with pytest.raises(Refused, match="belong to different networks"):
        program.make(
            "Route", routeTableId=table.id, destinationCidrBlock="0.0.0.0/0", gatewayId=gateway.id
        )


def test_a_route_into_the_own_vpc_and_a_second_to_one_destination_are_refused(
    program: Program,
) -> None:
    made = network(program)
    gateway = next(each for each in program.made if each.kind == "InternetGateway").id
    table = made.table.id

    with pytest.raises(Refused, match="equal to or more specific"):
        program.make(
            "Route", routeTableId=table, destinationCidrBlock="10.10.3.0/24", gatewayId=gateway
        )
    with pytest.raises(Refused, match="RouteAlreadyExists"):
        program.make(
            "Route", routeTableId=table, destinationCidrBlock="0.0.0.0/0", gatewayId=gateway
        )


def test_a_route_changes_its_target_in_place(program: Program) -> None:
    made = network(program)
    gateway = next(each for each in program.made if each.kind == "InternetGateway").id
    route = next(each for each in program.made if each.name == "nat" and each.kind == "Route")

    program.change(route, natGatewayId=None, gatewayId=gateway)

    assert route["gatewayId"] == gateway
    assert route["natGatewayId"] is None
    assert program.drift(route) == []
    assert program.replaces(route, routeTableId=made.table.id + "x") == ["routeTableId"]


def test_a_route_to_a_deleted_gateway_is_a_blackhole(program: Program) -> None:
    network(program)
    route = next(each for each in program.made if each.name == "nat" and each.kind == "Route")
    nat = next(each for each in program.made if each.kind == "NatGateway")

    program.delete(nat)
    program.drift(route)
    found = program.resource(route).read(route.id, route.inputs, route.state.outputs)

    assert found is not None
    assert found[0].outputs["state"] == "blackhole"


def test_a_subnet_has_one_table_of_its_own_vpc(program: Program) -> None:
    made = network(program, way_out=False)
    second = program.make("RouteTable", "second", vpcId=made.vpc.id)
    other = program.make("Vpc", "other", cidrBlock="10.20.0.0/16")
    foreign = program.make("RouteTable", "foreign", vpcId=other.id)
    subnet = made.subnets[0].id

    with pytest.raises(Refused, match="conflicts with an existing association"):
        program.make("RouteTableAssociation", routeTableId=second.id, subnetId=subnet)
    with pytest.raises(Refused, match="belong to different networks"):
        program.make("RouteTableAssociation", routeTableId=foreign.id, subnetId=subnet)


def test_a_subnet_can_get_another_table(program: Program) -> None:
    made = network(program, way_out=False)
    second = program.make("RouteTable", "second", vpcId=made.vpc.id)
    association = next(each for each in program.made if each.kind == "RouteTableAssociation")

    program.change(association, routeTableId=second.id)

    assert association["routeTableId"] == second.id
    program.delete(association)
    program.destroy()


def test_an_endpoint_is_for_a_service_of_its_region_and_tables_of_its_vpc(
    program: Program,
) -> None:
    made = network(program, way_out=False)
    endpoint = {"vpcId": made.vpc.id, "routeTableIds": [made.table.id]}

    with pytest.raises(Refused, match="InvalidServiceName"):
        program.make("VpcEndpoint", serviceName="com.amazonaws.eu-west-3.s3", **endpoint)
    with pytest.raises(
        Refused, match="'routeTableIds' must not be set for an endpoint of type Interface"
    ):
        program.make(
            "VpcEndpoint",
            serviceName="com.amazonaws.eu-west-1.ec2",
            vpcEndpointType="Interface",
            **endpoint,
        )

    program.make("VpcEndpoint", serviceName="com.amazonaws.eu-west-1.s3", **endpoint)

    with pytest.raises(Refused, match="RouteAlreadyExists"):
        program.make("VpcEndpoint", "b", serviceName="com.amazonaws.eu-west-1.s3", **endpoint)


def test_an_endpoints_tables_change_in_place(program: Program) -> None:
    made = network(program, way_out=False)
    second = program.make("RouteTable", "second", vpcId=made.vpc.id)
    service = "com.amazonaws.eu-west-1.s3"
    endpoint = program.make(
        "VpcEndpoint", vpcId=made.vpc.id, serviceName=service, routeTableIds=[made.table.id]
    )

    program.change(endpoint, routeTableIds=[second.id])

    assert endpoint["routeTableIds"] == [second.id]
    assert program.drift(endpoint) == []


def test_an_address_serves_one_gateway_and_is_not_released_while_it_does(program: Program) -> None:
    network(program)
    address = next(each for each in program.made if each.kind == "Eip")
    subnet = next(each for each in program.made if each.name == "public")
    nat = next(each for each in program.made if each.kind == "NatGateway")

    assert nat["publicIp"] == address["publicIp"]
    with pytest.raises(Refused, match="is already associated"):
        program.make("NatGateway", "second", allocationId=address.id, subnetId=subnet.id)
    with pytest.raises(Refused, match=r"InvalidIPAddress.InUse"):
        program.delete(address)


def test_a_nat_gateway_needs_an_internet_gateway(program: Program) -> None:
    vpc = program.make("Vpc", cidrBlock="10.10.0.0/16")
    subnet = program.make("Subnet", vpcId=vpc.id, cidrBlock="10.10.0.0/24")
    address = program.make("Eip")

    with pytest.raises(Refused, match=r"Gateway.NotAttached"):
        program.make("NatGateway", allocationId=address.id, subnetId=subnet.id)


def test_a_table_has_fifty_routes(program: Program) -> None:
    made = network(program)
    gateway = next(each for each in program.made if each.kind == "NatGateway")
    target = {"routeTableId": made.table.id, "natGatewayId": gateway.id}
    for number in range(1, 50):
        program.cloud.call(
            "ec2",
            "create_route",
            RouteTableId=made.table.id,
            DestinationCidrBlock=f"52.0.{number}.0/24",
            NatGatewayId=gateway.id,
        )

    with pytest.raises(Refused, match="RouteLimitExceeded"):
        program.make("Route", "more", destinationCidrBlock="52.1.0.0/16", **target)
