"""Flow logs."""

from typing import Any

import pytest

from sandbox.tests.plugins.aws.programs import Program, role


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


def test_a_flow_log_is_made_tagged_and_deleted(program: Program, wanted: dict[str, Any]) -> None:
    flows = program.make("FlowLog", **wanted)

    program.refuses("FlowLogAlreadyExists", "FlowLog", **wanted)
    program.change(flows, tags={"a": "b"})

    assert flows["arn"].endswith(f":vpc-flow-log/{flows.id}")
    assert flows["tagsAll"] == {"environment": "demo", "a": "b"}
    assert program.drift(flows) == []
    assert program.replaces(flows, trafficType="REJECT") == ["trafficType"]
    program.cloud.call("ec2", "delete_flow_logs", FlowLogIds=[flows.id])
    assert program.drift(flows) is None
    program.destroy()


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"vpcId": "vpc-1"}, "InvalidVpcID.NotFound"),
        ({"iamRoleArn": None}, "'iamRoleArn' must be set"),
        ({"iamRoleArn": "arn:aws:iam::000000000000:role/no"}, "Unable to assume given IAM role"),
        ({"logDestination": "arn:aws:s3:::logs"}, "must be a log group in eu-west-1"),
        ({"logDestinationType": "s3"}, "'logDestinationType' must be one of"),
    ],
)
def test_a_wrong_flow_log_is_refused(
    program: Program, wanted: dict[str, Any], inputs: dict[str, Any], reason: str
) -> None:
    program.refuses(reason, "FlowLog", **{**wanted, **inputs})


def test_a_role_that_does_not_trust_the_service_is_refused(
    program: Program, wanted: dict[str, Any]
) -> None:
    other = role(program, "other", "ec2.amazonaws.com")

    program.refuses(
        "does not trust vpc-flow-logs", "FlowLog", **{**wanted, "iamRoleArn": other["arn"]}
    )
