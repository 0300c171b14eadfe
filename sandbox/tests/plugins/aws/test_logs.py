"""Log groups."""

from __future__ import annotations

import json

import pytest

from sandbox.plugins.framework import Refused
from sandbox.tests.plugins.aws.programs import Program


def test_a_group_is_made_changed_and_deleted(program: Program) -> None:
    group = program.make("LogGroup", name="/aws/eks/west/cluster", retentionInDays=90)

    program.change(group, retentionInDays=None, tags={"a": "b"})

    assert group["retentionInDays"] == 0
    assert group["tagsAll"] == {"environment": "demo", "a": "b"}
    assert group["arn"] == "arn:aws:logs:eu-west-1:000000000000:log-group:/aws/eks/west/cluster"
    assert program.drift(group) == []
    program.destroy()


def test_a_retention_that_aws_does_not_offer_is_refused(program: Program) -> None:
    with pytest.raises(Refused, match="'retentionInDays' must be one of 0, 1, "):
        program.make("LogGroup", retentionInDays=31)


def test_a_key_must_let_the_log_service_use_it(program: Program) -> None:
    root = {"AWS": "arn:aws:iam::000000000000:root"}
    service = {"Service": "logs.eu-west-1.amazonaws.com"}
    statements = [
        {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}
        for principal in (root, service)
    ]
    closed = program.make("Key", "closed")
    opened = program.make("Key", "open", policy=json.dumps({"Statement": statements}))

    with pytest.raises(Refused, match="is not allowed to be used with Arn"):
        program.make("LogGroup", kmsKeyId=closed["arn"])
    group = program.make("LogGroup", kmsKeyId=opened["arn"])

    assert group["kmsKeyId"] == opened["arn"]


def test_the_same_group_twice_is_refused(program: Program) -> None:
    program.make("LogGroup", name="a")

    with pytest.raises(Refused, match="ResourceAlreadyExistsException"):
        program.make("LogGroup", "second", name="a")
