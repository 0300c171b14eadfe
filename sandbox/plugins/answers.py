"""
How a provider's answers and exceptions look to the engine.

Source: pulumi/pulumi, pkg/resource/plugin/provider_plugin.go
"""

import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc

from sandbox.home import SandboxError
from sandbox.plugins.contract import Refused
from sandbox.plugins.diff import Diff
from sandbox.plugins.protos import provider_pb2
from sandbox.plugins.values import Properties, to_struct

_KINDS = {
    "add": provider_pb2.PropertyDiff.ADD,
    "delete": provider_pb2.PropertyDiff.DELETE,
    "update": provider_pb2.PropertyDiff.UPDATE,
}


def failures(news: Properties, refused: Refused) -> provider_pb2.CheckResponse:
    """Answer a check with what is wrong."""
    # Without `property`: the engine would print its value, and <nil> for anything nested.
    return provider_pb2.CheckResponse(
        inputs=to_struct(news),
        failures=[
            provider_pb2.CheckFailure(reason=reason if path in reason else f"'{path}': {reason}")
            for path, reason in refused.failures
        ],
    )


def diff_response(diff: Diff) -> provider_pb2.DiffResponse:
    """Say what changes, path by path."""

    def top_level(path: str) -> str:
        return re.split(r"[.\[]", path, maxsplit=1)[0]

    response = provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME
        if diff.changes
        else provider_pb2.DiffResponse.DIFF_NONE,
        diffs=sorted({top_level(change.path) for change in diff.changes}),
        replaces=sorted({top_level(change.path) for change in diff.changes if change.replace}),
        deleteBeforeReplace=diff.delete_before_replace,
        hasDetailedDiff=True,
    )
    for change in diff.changes:
        # Each kind is followed by its replacing twin in the protocol.
        kind = provider_pb2.PropertyDiff.Kind.ValueType(_KINDS[change.kind] + int(change.replace))
        response.detailedDiff[change.path].kind = kind
        response.detailedDiff[change.path].inputDiff = True
    return response


@contextmanager
def errors(context: Any) -> Iterator[None]:
    """Turn exceptions into the statuses that the engine understands."""
    try:
        yield
    except (Refused, SandboxError) as refused:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(refused))
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        context.abort(grpc.StatusCode.UNKNOWN, f"{type(error).__name__}: {error}")
