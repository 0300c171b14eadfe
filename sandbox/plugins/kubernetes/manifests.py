"""
Kubernetes objects as the provider sees them: what a type token means, names, annotations, and which parts of a
live object a program asked for.

Pure functions over plain dicts. A value may be UNKNOWN anywhere in a preview. `normalized` gives the form in which
inputs and live objects are compared: the API server turns a Secret's stringData into data, drops empty members
and rewrites quantities, and none of that is a change.
Source: pulumi-kubernetes provider/pkg/{metadata,clients/unstructured.go,provider/util.go}
"""

from __future__ import annotations

import base64
import binascii
import copy
from dataclasses import dataclass
from typing import Any, cast

from sandbox.plugins.framework import UNKNOWN, Naming, Refused, has_unknown

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

# Groups without a dot or under k8s.io are Kubernetes' own, except those of projects that live there too.
FOREIGN_GROUPS = ("gateway.networking.k8s.io", "snapshot.storage.k8s.io", "metrics.k8s.io")

# Kinds of Kubernetes' own groups that belong to no namespace, for when no server can be asked.
# Source: kubernetes v1.35 api/discovery/aggregated_v2.json
CLUSTER_SCOPED = {
    "APIService",
    "CSIDriver",
    "CSINode",
    "CertificateSigningRequest",
    "ClusterRole",
    "ClusterRoleBinding",
    "ComponentStatus",
    "CustomResourceDefinition",
    "FlowSchema",
    "IngressClass",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "RuntimeClass",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a type token stands for."""

    group: str
    version: str
    kind: str
    """As in the token: a patch resource's ends in Patch."""

    @classmethod
    def of_token(cls, token: str) -> Kind | None:
        """Read `kubernetes:apps/v1:Deployment`; None if it has another shape."""
        package, _, rest = token.partition(":")
        group_version, _, kind = rest.partition(":")
        group, slash, version = group_version.partition("/")
        if package != "kubernetes" or not slash or not kind or "/" in version:
            return None
        return cls(group="" if group == "core" else group, version=version, kind=kind)

    @property
    def api_version(self) -> str:
        """As in a manifest: v1, apps/v1."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def plain(self) -> str:
        """The kind of the object itself."""
        return self.kind.removesuffix("Patch") if self.is_patch else self.kind

    @property
    def is_patch(self) -> bool:
        """Tell whether it is the token of a patch resource."""
        return self.kind.endswith("Patch") and self.kind != "Patch"

    @property
    def built_in(self) -> bool:
        """Tell whether Kubernetes itself defines it, so that the provider knows its shape."""
        return is_built_in(self.api_version)


def is_built_in(api_version: str) -> bool:
    """Tell whether a group and version is Kubernetes' own."""
    group, slash, _ = api_version.partition("/")
    return not slash or (("." not in group or group.endswith(".k8s.io")) and group not in FOREIGN_GROUPS)


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
            "list resources exist for compatibility with YAML manifests and Helm charts, and cannot be "
            "created directly. Use the underlying resource type instead"
        )
    if version != expected.api_version or kind != expected.plain:
        raise Refused(
            f"apiVersion and kind must be those of the type {token} (got {version!r} and {kind!r}). "
            "Something else would be made than the program says"
        )
    if metadata(obj).get("generateName") is not None and not is_named(obj):
        raise Refused("the `.metadata.generateName` field is not supported in Server-Side Apply mode")


def normalized(obj: Object) -> Object:
    """Give the form in which objects are compared."""
    obj = without_server_fields(obj)
    if has_unknown(obj) or not is_built_in(str(obj.get("apiVersion"))):
        return obj
    if is_secret(obj):
        return _normalized_secret(obj)
    if obj.get("kind") == "CustomResourceDefinition":
        return _normalized_definition(obj)
    return obj


def is_secret(obj: Object) -> bool:
    """Tell whether it is a Secret."""
    return obj.get("kind") == "Secret" and obj.get("apiVersion") == "v1"


def is_definition(obj: Object) -> bool:
    """Tell whether it is a CustomResourceDefinition."""
    group = str(obj.get("apiVersion")).partition("/")[0]
    return obj.get("kind") == "CustomResourceDefinition" and group == "apiextensions.k8s.io"


def _normalized_secret(obj: Object) -> Object:
    data = dict(obj.get("data") or {})
    for key, value in data.items():
        try:
            data[key] = base64.b64encode(base64.b64decode(value)).decode()
        except (binascii.Error, ValueError, TypeError):
            continue  # the API server refuses it, with a better message
    for key, value in (obj.get("stringData") or {}).items():
        data[key] = base64.b64encode(str(value).encode()).decode()
    result = {key: value for key, value in obj.items() if key not in ("data", "stringData")}
    return {**result, "data": data} if data else result


def _normalized_definition(obj: Object) -> Object:
    result = copy.deepcopy({key: value for key, value in obj.items() if key != "status"})
    spec = result.get("spec")
    if isinstance(spec, dict) and spec.get("preserveUnknownFields") is False:
        del spec["preserveUnknownFields"]
    return result


def pruned(live: Object, shape: Object) -> Object:
    """Keep of a live object what the inputs have too."""
    return cast(Object, _pruned(live, shape))


def _pruned(live: Any, shape: Any) -> Any:
    if isinstance(live, dict) and isinstance(shape, dict):
        return {key: _pruned(live[key], value) for key, value in shape.items() if key in live}
    if isinstance(live, list) and isinstance(shape, list):
        if not live or not shape:
            return []
        if type(live[0]) is not type(shape[0]):
            return live
        return [_pruned(each, wanted) for each, wanted in zip(live, shape, strict=False)]
    return live


def live_inputs(live: Object, inputs: Object) -> Object:
    """Tell what the inputs would be, had the program asked for what is there now."""
    if not inputs:
        bare = without_server_fields(live)
        return {key: value for key, value in bare.items() if key not in ("status", "id")}
    result = pruned(live, normalized(inputs))
    if is_secret(result) and inputs.get("stringData"):
        result = _with_string_data(result, inputs)
    return result


def _with_string_data(obj: Object, inputs: Object) -> Object:
    """Give a Secret's data back under the names the program used, where they are marked secret."""
    data = dict(obj.get("data") or {})
    texts = {}
    for key in inputs["stringData"]:
        if key in data:
            texts[key] = base64.b64decode(data.pop(key)).decode(errors="replace")
    result = {key: value for key, value in obj.items() if key != "data"}
    return {**result, **({"data": data} if data else {}), "stringData": texts}
