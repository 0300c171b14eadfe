"""What the engine is told about differences and failures."""

from sandbox.plugins.answers import diff_response, failures
from sandbox.plugins.contract import Refused
from sandbox.plugins.diff import Change, Diff
from sandbox.plugins.protos import provider_pb2


def test_a_replacing_change_has_the_replacing_kind_and_its_top_level_key() -> None:
    answer = diff_response(
        Diff(
            [
                Change("rules[0].port", "update", replace=True),
                Change("tags.a", "add"),
                Change("due", "delete", replace=True),
            ],
            delete_before_replace=True,
        )
    )

    detail = {
        path: (provider_pb2.PropertyDiff.Kind.Name(each.kind), each.inputDiff)
        for path, each in answer.detailedDiff.items()
    }
    assert detail == {
        "rules[0].port": ("UPDATE_REPLACE", True),
        "tags.a": ("ADD", True),
        "due": ("DELETE_REPLACE", True),
    }
    assert list(answer.replaces) == ["due", "rules"]
    assert list(answer.diffs) == ["due", "rules", "tags"]
    assert answer.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert answer.hasDetailedDiff
    assert answer.deleteBeforeReplace


def test_no_change_is_said_explicitly() -> None:
    assert diff_response(Diff()).changes == provider_pb2.DiffResponse.DIFF_NONE


def test_a_failed_check_tells_each_reason_with_its_path() -> None:
    answer = failures({}, Refused.all([("a.b", "'a.b' must be 1"), ("c", "it is wrong")]))

    assert [each.reason for each in answer.failures] == ["'a.b' must be 1", "'c': it is wrong"]
