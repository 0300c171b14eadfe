"""
Two spellings of one key: definitions of custom resources have members such as
`x-kubernetes-list-type`, and Pulumi's SDKs cannot have dashes in property names, so they say
`x_kubernetes_list_type`.

Source: pulumi-kubernetes provider/pkg/provider/provider.go underscoreToDashMap
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sandbox.plugins.kubernetes.manifests import Object

DASHED = {
    name.replace("-", "_"): name
    for name in (
        "x-kubernetes-embedded-resource",
        "x-kubernetes-int-or-string",
        "x-kubernetes-list-map-keys",
        "x-kubernetes-list-type",
        "x-kubernetes-map-type",
        "x-kubernetes-preserve-unknown-fields",
        "x-kubernetes-validations",
    )
}
UNDERSCORED = {dashed: name for name, dashed in DASHED.items()}


def from_engine(properties: Object) -> Object:
    """Spell an object as the API server does."""
    return _spelled(properties, DASHED)


def to_engine(obj: Object) -> Object:
    """Spell an object as Pulumi's SDKs do."""
    return _spelled(obj, UNDERSCORED)


def _spelled(obj: Object, spelling: Mapping[str, str]) -> Object:
    # Nothing else has such keys, and most objects are read far more often than definitions.
    if obj.get("kind") != "CustomResourceDefinition":
        return obj
    return cast(Object, _renamed(obj, spelling))


def _renamed(value: Any, spelling: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {spelling.get(key, key): _renamed(each, spelling) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, spelling) for each in value]
    return value
