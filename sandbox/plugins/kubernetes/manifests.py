"""
Kubernetes objects as the provider sees them: metadata, names, annotations.

Pure functions over plain dicts. A value may be UNKNOWN anywhere in a preview.
Source: pulumi-kubernetes provider/pkg/metadata
"""

from __future__ import annotations

from typing import Any

from sandbox.plugins.framework import UNKNOWN, Naming, Refused
from sandbox.plugins.kubernetes.kinds import Kind

Object = dict[str, Any]

AUTONAMED = "pulumi.com/autonamed"
SKIP_AWAIT = "pulumi.com/skipAwait"
WAIT_FOR = "pulumi.com/waitFor"
TIMEOUT_SECONDS = "pulumi.com/timeoutSeconds"
PATCH_FORCE = "pulumi.com/patchForce"
PATCH_FIELD_MANAGER = "pulumi.com/patchFieldManager"
DELETION_PROPAGATION = "pulumi.com/deletionPropagationPolicy"

# The provider keeps these beside the live object, to know them at the next operation.
FIELD_MANAGER = "__fieldManager"
INITIAL_API_VERSION = "__initialApiVersion"

# What only the API server sets.
SERVER_METADATA = (
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "uid",
)


def metadata(obj: Object) -> Object:
    """Give an object's metadata; empty while unknown."""
    found = obj.get("metadata")
    return found if isinstance(found, dict) else {}


def name_of(obj: Object) -> str:
    """Give an object's name; empty if unset or unknown."""
    name = metadata(obj).get("name")
    return name if isinstance(name, str) else ""


def namespace_of(obj: Object) -> str:
    """Give an object's namespace; empty if unset or unknown."""
    namespace = metadata(obj).get("namespace")
    return namespace if isinstance(namespace, str) else ""


def is_named(obj: Object) -> bool:
    """Tell whether the program names the object, maybe with a value that is not known yet."""
    return metadata(obj).get("name") is UNKNOWN or bool(name_of(obj))


def annotation(obj: Object, key: str) -> str:
    """Read an annotation; empty if unset or unknown."""
    annotations = metadata(obj).get("annotations")
    value = annotations.get(key) if isinstance(annotations, dict) else None
    return value if isinstance(value, str) else ""


def is_autonamed(obj: Object) -> bool:
    """Tell whether the provider made up the object's name."""
    return annotation(obj, AUTONAMED) == "true"


def object_id(obj: Object) -> str:
    """Give the resource's id: namespace/name, or the name alone."""
    namespace = namespace_of(obj)
    return f"{namespace}/{name_of(obj)}" if namespace else name_of(obj)


def place_of(obj: Object) -> tuple[str, str]:
    """Give namespace and name."""
    return namespace_of(obj), name_of(obj)


def split_id(id: str) -> tuple[str, str]:
    """Split an id into namespace and name."""
    namespace, slash, name = id.partition("/")
    return (namespace, name) if slash else ("", id)


def with_name(news: Object, olds: Object | None, naming: Naming) -> Object:
    """Name an object that has none: as before, or anew with a random suffix."""
    if is_named(news) or metadata(news).get("generateName") is not None:
        return news
    if olds:
        return _autonamed(news, name_of(olds)) if is_autonamed(olds) else news
    # Eight hexadecimal digits, as the engine's NewUniqueName makes them.
    return _autonamed(news, naming.unique(digits=8))


def _autonamed(news: Object, name: str) -> Object:
    found = news.get("metadata") or {}
    if found is UNKNOWN:
        return news
    named = {**found, "name": name}
    annotations = found.get("annotations") or {}
    if annotations is not UNKNOWN:
        named["annotations"] = {**annotations, AUTONAMED: "true"}
    return {**news, "metadata": named}


def with_namespace(obj: Object, namespace: str) -> Object:
    """Put an object that names no namespace into this one."""
    found = metadata(obj)
    if found.get("namespace") or obj.get("metadata") is UNKNOWN:
        return obj
    return {**obj, "metadata": {**found, "namespace": namespace}}


def without_namespace(obj: Object) -> Object:
    """Take away a namespace that means nothing."""
    kept = {key: value for key, value in metadata(obj).items() if key != "namespace"}
    return {**obj, "metadata": kept}


def without_server_fields(obj: Object) -> Object:
    """Take away what only the API server sets in metadata."""
    if not isinstance(obj.get("metadata"), dict):
        return obj
    kept = {key: value for key, value in obj["metadata"].items() if key not in SERVER_METADATA}
    return {**obj, "metadata": kept}


def refuse_wrong(obj: Object, token: str) -> None:
    """Refuse inputs that the provider itself does not take; the API server judges the rest."""
    expected = Kind.of_token(token)
    assert expected is not None, token
    kind, version = obj.get("kind"), obj.get("apiVersion")
    if kind == "List" or (expected.built_in and expected.kind.endswith("List")):
        raise Refused(
            "list resources exist for compatibility with YAML manifests and Helm charts, and "
            "cannot be "
            "created directly. Use the underlying resource type instead"
        )
    if version != expected.api_version or kind != expected.plain:
        raise Refused(
            f"apiVersion and kind must be those of the type {token} (got {version!r} and "
            f"{kind!r}). "
            "Something else would be made than the program says"
        )
    if metadata(obj).get("generateName") is not None and not is_named(obj):
        raise Refused(
            "the `.metadata.generateName` field is not supported in Server-Side Apply mode"
        )


def is_secret(obj: Object) -> bool:
    """Tell whether it is a Secret."""
    return obj.get("kind") == "Secret" and obj.get("apiVersion") == "v1"


def is_definition(obj: Object) -> bool:
    """Tell whether it is a CustomResourceDefinition."""
    group = str(obj.get("apiVersion")).partition("/")[0]
    return obj.get("kind") == "CustomResourceDefinition" and group == "apiextensions.k8s.io"
