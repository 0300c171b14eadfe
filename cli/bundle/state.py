"""
Reads the state of a stack: its resources, its outputs, and which values are secret.

The whole state is read, secrets included, because these are searched for in all other documents. Of
a resource only URN, type, id and parent are written: no inputs, no outputs.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml

from ..preview.collect import STACK

# Marks a secret in a state. Source: pulumi, sdk/go/common/resource/sig/sig.go
_MARK, _SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"

_FIELDS = ("urn", "type", "id", "parent", "protect", "external", "initErrors")

# Keys of a kubeconfig, or of what is like one, whose values are secret.
_SECRET_KEYS = ("token", "password", "client-key-data", "client-certificate-data")

# Shorter values may be ordinary words.
LEAST = 8

State = Mapping[str, Any]


def resources(state: State) -> list[dict[str, Any]]:
    """List the resources by what identifies them."""
    return [{key: each[key] for key in _FIELDS if each.get(key)} for each in _resources(state)]


def pending(state: State) -> list[dict[str, Any]]:
    """List the operations that were interrupted."""
    return [
        {"type": each.get("type"), "urn": (each.get("resource") or {}).get("urn")}
        for each in state.get("pending_operations") or ()
    ]


def outputs(state: State) -> dict[str, Any]:
    """Return the outputs of a stack, with secrets replaced."""
    shown = _shown(_outputs(state))
    return dict(shown)


def kubeconfig(state: State) -> str | None:
    """Return the kubeconfig that a cluster's stack exports, a secret."""
    found = _plain(_outputs(state).get("kubeconfig"))
    return found if isinstance(found, str) else None


def secrets(states: Iterable[State]) -> set[str]:
    """
    Collect every value that stacks mark as secret.

    A value that also occurs in plain text is no secret: whole maps are marked because of one secret
    in them, including names of namespaces. Values as long as a key are always secrets.
    """
    hidden: set[str] = set()
    plain: set[str] = set()
    for state in states:
        for resource in _resources(state):
            plain.update((str(resource.get("id", "")), resource["urn"].rpartition("::")[2]))
            for side in ("inputs", "outputs"):
                _sort(resource.get(side) or {}, hidden, plain)
    return {each for each in hidden if len(each) >= LEAST and (each not in plain or _is_key(each))}


def _is_key(text: str) -> bool:
    return "PRIVATE KEY" in text or len(text) >= 100


def _resources(state: State) -> list[Mapping[str, Any]]:
    return state.get("resources") or []


def _outputs(state: State) -> Mapping[str, Any]:
    return next(
        (each.get("outputs") or {} for each in _resources(state) if each.get("type") == STACK), {}
    )


def _is_secret(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get(_MARK) == _SECRET


def _shown(value: Any) -> Any:
    if _is_secret(value):
        return "[secret]"
    if isinstance(value, Mapping):
        return {key: _shown(each) for key, each in value.items()}
    return [_shown(each) for each in value] if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    return json.loads(value["plaintext"]) if _is_secret(value) else value


def _sort(value: Any, hidden: set[str], plain: set[str]) -> None:
    """Add each text to one of two sets."""
    if _is_secret(value):
        if "plaintext" in value:
            hidden.update(leaves(json.loads(value["plaintext"])))
    elif isinstance(value, Mapping):
        for each in value.values():
            _sort(each, hidden, plain)
    elif isinstance(value, list):
        for each in value:
            _sort(each, hidden, plain)
    elif isinstance(value, str):
        plain.add(value)


def leaves(value: Any) -> Iterator[str]:
    """List the texts in a secret value, also the secrets within a kubeconfig."""
    if _is_secret(value):
        value = _plain(value)
    if isinstance(value, Mapping):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    elif isinstance(value, str):
        yield value
        yield from _within(value)


def _within(text: str) -> Iterator[str]:
    """List what is secret within a text that is itself YAML or JSON."""
    if "kind: Config" not in text and not text.lstrip().startswith("{"):
        return
    try:
        read = yaml.safe_load(text)
    except yaml.YAMLError:
        return
    yield from _under_secret_keys(read)


def _under_secret_keys(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            if key in _SECRET_KEYS and isinstance(each, str):
                yield each
            else:
                yield from _under_secret_keys(each)
    elif isinstance(value, list):
        for each in value:
            yield from _under_secret_keys(each)
