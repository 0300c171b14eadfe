"""A provider, called over gRPC as the engine calls it."""

from collections.abc import Iterator
from typing import Any

import grpc
import pytest

from sandbox.plugins.contract import Refused
from sandbox.plugins.diff import Change, Diff
from sandbox.plugins.protos import provider_pb2, provider_pb2_grpc
from sandbox.plugins.service import Service, diff_response, failures
from sandbox.plugins.values import UNKNOWN, from_struct, to_struct
from sandbox.tests.plugins.toy import URN, Toy, channel_to

TOY = Toy()


@pytest.fixture(scope="module")
def toy() -> Iterator[provider_pb2_grpc.ResourceProviderStub]:
    def register(server: Any) -> None:
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(Service(TOY), server)

    with channel_to(register) as channel:
        yield provider_pb2_grpc.ResourceProviderStub(channel)


def create(toy: Any, *, preview: bool = False, **news: Any) -> provider_pb2.CreateResponse:
    request = provider_pb2.CreateRequest(
        urn=URN, properties=to_struct({"size": 1, **news}), preview=preview
    )
    answer: provider_pb2.CreateResponse = toy.Create(request)
    return answer


def failure(toy: Any, mood: str) -> Any:
    with pytest.raises(grpc.RpcError) as failed:
        create(toy, mood=mood)
    return failed.value


def test_the_engine_is_told_to_strip_secrets_and_that_previews_work(toy: Any) -> None:
    hands = toy.Handshake(provider_pb2.ProviderHandshakeRequest())
    configured = toy.Configure(provider_pb2.ConfigureRequest(args=to_struct({"region": "r"})))

    assert [hands.accept_secrets, hands.accept_outputs, hands.accept_resources] == [False] * 3
    assert not any((configured.acceptSecrets, configured.acceptOutputs, configured.acceptResources))
    assert configured.supportsPreview


def test_the_provider_does_not_see_what_the_engine_notes_among_its_arguments(toy: Any) -> None:
    given = {"region": "r", "version": "1.2.3", "__internal": {"a": 1}}

    checked = toy.CheckConfig(provider_pb2.CheckRequest(news=to_struct(given)))
    toy.Configure(provider_pb2.ConfigureRequest(args=to_struct(given)))

    assert from_struct(checked.inputs) == given
    assert not checked.failures
    assert TOY.config == {"region": "r"}


def test_a_check_fills_in_a_name_and_reports_wrong_properties(toy: Any) -> None:
    request = provider_pb2.CheckRequest(urn=URN, news=to_struct({"size": 1}), randomSeed=b"1")

    good = toy.Check(request)
    bad = toy.Check(provider_pb2.CheckRequest(urn=URN, news=to_struct({"sise": 1})))

    assert from_struct(good.inputs)["name"].startswith("thing-")
    assert len(bad.failures) == 2


def test_a_difference_is_taken_between_inputs(toy: Any) -> None:
    request = provider_pb2.DiffRequest(
        urn=URN,
        id="id-1",
        olds=to_struct({"arn": "arn:1"}),
        old_inputs=to_struct({"name": "a", "size": 1, "tags": {"x": "1"}}),
        news=to_struct({"name": "b", "size": UNKNOWN, "tags": {"x": "2"}}),
    )

    answer = toy.Diff(request)

    assert list(answer.diffs) == ["name", "size", "tags"]
    assert list(answer.replaces) == ["name"]


def test_a_preview_makes_nothing_and_has_unknown_outputs(toy: Any) -> None:
    answer = create(toy, preview=True)

    assert answer.id == ""
    assert from_struct(answer.properties) == {"size": 1, "arn": UNKNOWN}


def test_a_creation_gives_id_and_outputs(toy: Any) -> None:
    answer = create(toy)

    assert answer.id == "id-1"
    assert from_struct(answer.properties) == {"size": 1, "arn": "arn:1"}


@pytest.mark.parametrize(
    ("mood", "code", "message"),
    [
        ("refusing", grpc.StatusCode.INVALID_ARGUMENT, "'mood' must be better (got 'refusing')"),
        ("failing", grpc.StatusCode.INVALID_ARGUMENT, "the cluster did not start"),
        ("broken", grpc.StatusCode.UNKNOWN, "KeyError: 'mood'"),
    ],
)
def test_failures_keep_their_message(toy: Any, mood: str, code: Any, message: str) -> None:
    failed = failure(toy, mood)

    assert failed.code() is code
    assert failed.details() == message


def test_a_resource_that_is_gone_has_no_id(toy: Any) -> None:
    there = toy.Read(provider_pb2.ReadRequest(urn=URN, id="id-1"))
    gone = toy.Read(provider_pb2.ReadRequest(urn=URN, id="gone"))

    assert (there.id, from_struct(there.inputs)) == ("id-1", {"size": 2})
    assert gone.id == ""


def test_a_provider_is_not_parameterized_from_the_command_line(toy: Any) -> None:
    request = provider_pb2.ParameterizeRequest(
        args=provider_pb2.ParameterizeRequest.ParametersArgs(args=["tehcyx/kind", "1"])
    )

    with pytest.raises(grpc.RpcError, match="must be parameterized by an SDK"):
        toy.Parameterize(request)


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
