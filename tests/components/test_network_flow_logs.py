"""Records of a network's connections: where they go, for how long, and who may write them."""

import functools
import json

import pytest

from linkmesh.network import Network, NetworkArgs
from tests import engine

FLOW_LOG = "aws:ec2/flowLog:FlowLog"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/rolePolicy:RolePolicy"
GROUP_ARN = "arn:aws:logs:test:000000000000:log-group:/aws/vpc/west/flow-logs"


@functools.cache
def recorded(days: int | None = 30) -> engine.Notes:
    """Make one network."""

    def program() -> None:
        args = NetworkArgs(
            region="eu-west-1", cidr_block="10.10.0.0/16", flow_log_retention_days=days
        )
        Network("west", args)

    return engine.run(program)


def statement(policy: str) -> dict[str, object]:
    """Read the one statement of a policy."""
    [found] = json.loads(policy)["Statement"]
    assert isinstance(found, dict)
    return found


def test_nothing_is_recorded_unless_asked() -> None:
    notes = recorded(None)

    assert notes.of(FLOW_LOG) == []
    assert notes.of(LOG_GROUP) == []
    assert notes.of(ROLE) == []


def test_every_connection_of_the_network_is_recorded() -> None:
    flow_log = recorded().one(FLOW_LOG)

    assert flow_log.inputs["vpcId"] == "west-vpc-id"
    assert flow_log.inputs["trafficType"] == "ALL"
    assert flow_log.inputs["logDestinationType"] == "cloud-watch-logs"
    assert flow_log.inputs["logDestination"] == GROUP_ARN
    assert flow_log.inputs["iamRoleArn"] == "arn:west-flow-logs"


def test_records_are_forgotten_after_the_days_that_were_asked_for() -> None:
    group = recorded().one(LOG_GROUP)

    assert group.inputs["name"] == "/aws/vpc/west/flow-logs"
    assert group.inputs["retentionInDays"] == 30


def test_the_log_group_and_the_right_to_write_come_before_the_first_record() -> None:
    flow_log = recorded().one(FLOW_LOG)

    assert flow_log.after == {"west-vpc", "west-flow-logs"}
    assert {urn.split("::")[-2].split("$")[-1] for urn in flow_log.depends_on} == {
        "aws:ec2/vpc:Vpc",
        LOG_GROUP,
        ROLE,
        POLICY,
    }


def test_the_role_writes_to_its_own_log_group_and_cannot_make_one() -> None:
    rights = statement(recorded().one(POLICY).inputs["policy"])

    assert rights == {
        "Effect": "Allow",
        "Action": [
            "logs:CreateLogStream",
            "logs:DescribeLogGroups",
            "logs:DescribeLogStreams",
            "logs:PutLogEvents",
        ],
        "Resource": f"{GROUP_ARN}:*",
    }


def test_only_flow_logs_of_the_same_account_assume_the_role() -> None:
    trust = statement(recorded().one(ROLE).inputs["assumeRolePolicy"])

    assert trust == {
        "Effect": "Allow",
        "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": "000000000000"},
            "ArnLike": {
                "aws:SourceArn": "arn:aws:ec2:eu-west-1:000000000000:vpc-flow-log/*",
            },
        },
    }


@pytest.mark.parametrize("days", [0, -1, 31])
def test_days_that_cloudwatch_does_not_know_are_errors(days: int) -> None:
    with pytest.raises(ValueError, match="flow_log_retention_days must be a number of days"):
        NetworkArgs(region="eu-west-1", cidr_block="10.10.0.0/16", flow_log_retention_days=days)
