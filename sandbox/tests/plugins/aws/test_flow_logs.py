"""Flow logs."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.plugins.framework import Refused
from sandbox.tests.plugins.aws.programs import Made, Program, role


@pytest.fixture
def wanted(program: Program) -> dict[str, Any]:
    """Make what a flow log needs, and give its inputs."""
    vpc = program.make("Vpc", "vpc", cidrBlock="10.10.0.0/16")
    logs = program.make("LogGroup", "flows", retentionInDays=30)
    writer = role(program, "flows", "vpc-flow-logs.amazonaws.com")
    return {
        "vpcId": vpc.id,
        "trafficType": "ALL",
        "logDestinationType": "cloud-watch-logs",
        "logDestination": logs["arn"],
        "iamRoleArn": writer["arn"],
    }


def made(program: Program, wanted: dict[str, Any]) -> Made:
    """Make a flow log."""
    return program.make("FlowLog", "flows", **wanted)


def test_a_flow_log_is_made_tagged_and_deleted(program: Program, wanted: dict[str, Any]) -> None:
    flows = made(program, wanted)

    program.change(flows, tags={"a": "b"})

    assert flows["arn"].endswith(f":vpc-flow-log/{flows.id}")
    assert flows["logFormat"].startswith("${version} ")
    assert flows["tagsAll"] == {"environment": "demo", "a": "b"}
    assert program.drift(flows) == []
    program.destroy()


def test_everything_but_tags_replaces_it(program: Program, wanted: dict[str, Any]) -> None:
    flows = made(program, wanted)

    assert program.replaces(flows, trafficType="REJECT") == ["trafficType"]
    assert program.replaces(flows, maxAggregationInterval=60) == ["maxAggregationInterval"]
    assert program.replaces(flows, iamRoleArn="arn:aws:iam::000000000000:role/b") == ["iamRoleArn"]


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"vpcId": None}, "exactly one of eniId, subnetId, vpcId"),
        ({"subnetId": "subnet-1"}, "exactly one of"),
        ({"iamRoleArn": None}, "DeliverLogsPermissionArn can't be empty"),
        ({"iamRoleArn": "arn:aws:iam::000000000000:role/no"}, "Unable to assume given IAM role"),
        ({"logDestination": "arn:aws:logs:eu-west-3:000000000000:log-group:a"}, "in eu-west-1"),
        ({"logDestinationType": "s3"}, "'logDestinationType' must be one of cloud-watch-logs"),
        ({"logFormat": "srcaddr"}, "'logFormat' must be fields"),
        ({"maxAggregationInterval": 61}, "'maxAggregationInterval' must be one of 60, 600"),
        ({"trafficType": "SOME"}, "'trafficType' must be one of ACCEPT, ALL, REJECT"),
        ({"vpcId": "vpc-1"}, "InvalidVpcID.NotFound"),
    ],
)
def test_a_wrong_flow_log_is_refused(
    program: Program, wanted: dict[str, Any], inputs: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        made(program, {**wanted, **inputs})


def test_a_role_that_does_not_trust_the_service_is_refused(
    program: Program, wanted: dict[str, Any]
) -> None:
    other = role(program, "other", "ec2.amazonaws.com")

    with pytest.raises(Refused, match=r"does not trust vpc-flow-logs\.amazonaws\.com"):
        made(program, {**wanted, "iamRoleArn": other["arn"]})


def test_an_imported_flow_log_is_not_replaced(program: Program, wanted: dict[str, Any]) -> None:
    flows = made(program, wanted)
    resource = program.resource(flows)

    found = resource.read(flows.id, {}, {})

    assert found is not None
    diff = resource.diff(flows.id, found[1], found[0].outputs, flows.inputs)
    assert not any(change.replace for change in diff.changes)
    assert "logFormat" not in found[1]


def test_the_same_flow_log_twice_is_refused(program: Program, wanted: dict[str, Any]) -> None:
    made(program, wanted)

    with pytest.raises(Refused, match="FlowLogAlreadyExists"):
        program.make("FlowLog", "again", **wanted)


def test_a_deleted_flow_log_is_seen(program: Program, wanted: dict[str, Any]) -> None:
    flows = made(program, wanted)

    program.cloud.call("ec2", "delete_flow_logs", FlowLogIds=[flows.id])

    assert program.drift(flows) is None
