"""VPCs, subnets, gateways: what AWS refuses is refused, though ministack accepts it."""

import pytest

from sandbox.plugins.aws.account import leftovers
from sandbox.plugins.contract import Refused
from sandbox.plugins.values import UNKNOWN
from sandbox.tests.plugins.aws.programs import Program, network


def test_a_network_is_made_and_leaves_nothing_behind(program: Program) -> None:
    network(program)

    assert leftovers(program.cloud.endpoint, ["eu-west-1"]) != []

    program.destroy()

    assert leftovers(program.cloud.endpoint, ["eu-west-1"]) == []


def test_a_vpc_tells_what_came_with_it(program: Program) -> None:
    vpc = program.make("Vpc", cidrBlock="10.10.0.0/16", enableDnsHostnames=True, tags={"a": "b"})

    assert vpc["arn"] == f"arn:aws:ec2:eu-west-1:000000000000:vpc/{vpc.id}"
    assert vpc["enableDnsHostnames"] is True
    assert vpc["tagsAll"] == {"environment": "demo", "a": "b"}
    assert vpc["mainRouteTableId"].startswith("rtb-")
    assert program.drift(vpc) == []


@pytest.mark.parametrize("cidr", ["10.0.0.0/8", "10.10.0.0/29", "10.10.0.1/16", "nonsense"])
def test_a_vpc_with_a_wrong_range_is_refused(program: Program, cidr: str) -> None:
    with pytest.raises(Refused, match="CIDR"):
        program.make("Vpc", cidrBlock=cidr)


def test_an_unknown_property_is_refused_by_name(program: Program) -> None:
    with pytest.raises(Refused, match="'ipv6CidrBlock' must be a property that"):
        program.make("Vpc", cidrBlock="10.10.0.0/16", ipv6CidrBlock="2001:db8::/56")


@pytest.mark.parametrize(
    ("cidr", "reason"),
    [
        ("10.11.0.0/24", "InvalidSubnet.Range"),
        ("10.10.1.0/25", "InvalidSubnet.Conflict.*10.10.1.0/24"),
        ("10.10.2.0/29", "InvalidSubnet.Range"),
    ],
)
def test_a_subnet_outside_or_over_another_is_refused(
    program: Program, cidr: str, reason: str
) -> None:
    vpc = program.make("Vpc", cidrBlock="10.10.0.0/16")
    program.make("Subnet", vpcId=vpc.id, cidrBlock="10.10.1.0/24")

    with pytest.raises(Refused, match=reason):
        program.make("Subnet", "second", vpcId=vpc.id, cidrBlock=cidr)


def test_a_subnet_in_another_regions_zone_is_refused(program: Program) -> None:
    vpc = program.make("Vpc", cidrBlock="10.10.0.0/16")

    with pytest.raises(Refused, match=r"Value \(eu-west-3a\) for parameter availabilityZone"):
        program.make(
            "Subnet", vpcId=vpc.id, cidrBlock="10.10.1.0/24", availabilityZone="eu-west-3a"
        )


def test_a_subnet_of_no_vpc_is_refused(program: Program) -> None:
    with pytest.raises(Refused, match=r"InvalidVpcID.NotFound: The vpc ID 'vpc-1' does not exist"):
        program.make("Subnet", vpcId="vpc-1", cidrBlock="10.10.1.0/24")


def test_a_vpc_with_something_in_it_cannot_be_deleted(program: Program) -> None:
    vpc = program.make("Vpc", cidrBlock="10.10.0.0/16")
    table = program.make("RouteTable", vpcId=vpc.id)

    with pytest.raises(Refused, match="DependencyViolation"):
        program.delete(vpc)

    program.delete(table)
    program.delete(vpc)


def test_a_subnet_with_a_nat_gateway_cannot_be_deleted(program: Program) -> None:
    network(program)
    public = next(made for made in program.made if made.name == "public")

    with pytest.raises(Refused, match=r"DependencyViolation.*NAT Gateway"):
        program.delete(public)


def test_an_internet_gateway_with_mapped_addresses_cannot_be_detached(program: Program) -> None:
    network(program)
    gateway = next(made for made in program.made if made.kind == "InternetGateway")

    with pytest.raises(Refused, match=r"has some mapped public address\(es\)"):
        program.delete(gateway)


def test_a_vpc_has_one_internet_gateway(program: Program) -> None:
    vpc = program.make("Vpc", cidrBlock="10.10.0.0/16")
    program.make("InternetGateway", vpcId=vpc.id)

    with pytest.raises(Refused, match="already has an internet gateway attached"):
        program.make("InternetGateway", "second", vpcId=vpc.id)


def test_tags_and_attributes_change_in_place_and_the_range_does_not(program: Program) -> None:
    vpc = program.make("Vpc", cidrBlock="10.10.0.0/16", tags={"a": "1", "b": "2"})

    program.change(vpc, enableDnsHostnames=True, tags={"a": "3"})

    assert vpc["enableDnsHostnames"] is True
    assert vpc["tagsAll"] == {"environment": "demo", "a": "3"}
    assert program.replaces(vpc, cidrBlock="10.20.0.0/16") == ["cidrBlock"]


def test_what_somebody_changed_by_hand_is_seen(program: Program) -> None:
    vpc = program.make("Vpc", cidrBlock="10.10.0.0/16", enableDnsHostnames=True)
    subnet = program.make("Subnet", vpcId=vpc.id, cidrBlock="10.10.1.0/24", tags={"a": "b"})
    program.cloud.call(
        "ec2", "modify_vpc_attribute", VpcId=vpc.id, EnableDnsHostnames={"Value": False}
    )
    program.cloud.call("ec2", "delete_tags", Resources=[subnet.id], Tags=[{"Key": "a"}])

    assert program.drift(vpc) == ["enableDnsHostnames"]
    assert program.drift(subnet) == ["tags.a", "tagsAll.a"]

    program.cloud.call("ec2", "delete_subnet", SubnetId=subnet.id)

    assert program.drift(subnet) is None


def test_a_preview_knows_inputs_and_no_ids(program: Program) -> None:
    from sandbox.plugins.aws.vpc import Subnet

    resource = Subnet(program.cloud)
    news = {"vpcId": UNKNOWN, "cidrBlock": "10.10.1.0/24", "availabilityZone": UNKNOWN}
    news = resource.check(news, None)

    outputs = resource.create("urn", news, preview=True, timeout=0).outputs

    assert outputs["cidrBlock"] == "10.10.1.0/24"
    assert outputs["tagsAll"] == {"environment": "demo"}
    assert outputs["arn"] is UNKNOWN
