"""What cannot be read of a cluster, and what does not exist on it."""

from collections.abc import Callable
from typing import cast

import pytest
from httpx2 import HTTPStatusError, Request, Response
from lightkube import ApiError, Client

from linkmesh.cli.status.cluster_reader import Reader

REQUEST = Request("GET", "https://west.test")


def unknown_kind() -> HTTPStatusError:
    """Make the error of a kind that the API server does not know: plain text, and no Status."""
    answer = Response(404, text="404 page not found", request=REQUEST)
    return HTTPStatusError("404", request=REQUEST, response=answer)


def refused(code: int) -> ApiError:
    """Make the error of an API server that answers with a Status."""
    body = {"kind": "Status", "code": code, "reason": "Forbidden", "message": "no"}
    return ApiError(request=REQUEST, response=Response(code, json=body, request=REQUEST))


def raising(error: Exception) -> Callable[[], str]:
    """Make what fails with an error."""

    def fail() -> str:
        raise error

    return fail


@pytest.mark.parametrize("error", [unknown_kind(), refused(404)])
def test_what_does_not_exist_is_read(error: Exception) -> None:
    reader = Reader(cast(Client, None))

    assert reader.read("links", raising(error), "none") == "none"
    assert reader.unread == {}


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (refused(403), "the API server answers 403 Forbidden"),
        (TimeoutError(), "the API server does not answer (TimeoutError)"),
    ],
)
def test_what_cannot_be_read_is_noted_with_the_reason(error: Exception, why: str) -> None:
    reader = Reader(cast(Client, None))

    assert reader.read("links", raising(error), "none") == "none"
    assert reader.unread == {"links": why}
