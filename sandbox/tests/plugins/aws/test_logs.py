"""Log groups."""

from sandbox.tests.plugins.aws.programs import Program


def test_a_group_is_made_changed_and_deleted(program: Program) -> None:
    group = program.make("LogGroup", name="/aws/eks/west/cluster", retentionInDays=90)

    program.change(group, retentionInDays=None, tags={"a": "b"})

    assert group["retentionInDays"] == 0
    assert group["tagsAll"] == {"environment": "demo", "a": "b"}
    assert group["arn"] == "arn:aws:logs:eu-west-1:000000000000:log-group:/aws/eks/west/cluster"
    assert program.drift(group) == []
    program.destroy()


def test_a_wrong_group_is_refused(program: Program) -> None:
    program.make("LogGroup", name="a")

    program.refuses("'retentionInDays' must be one of 0, 1, ", "LogGroup", retentionInDays=31)
    program.refuses("ResourceAlreadyExistsException", "LogGroup", name="a")


def test_a_group_that_is_there_is_imported_with_its_retention(program: Program) -> None:
    group = program.make("LogGroup", name="/aws/eks/west/cluster", retentionInDays=90)

    found = program.imported("LogGroup", group.id)

    assert found is not None
    state, inputs = found
    assert inputs == {"name": "/aws/eks/west/cluster", "retentionInDays": 90}
    assert state.outputs["arn"] == group["arn"]
    assert program.imported("LogGroup", "/aws/eks/east/cluster") is None
