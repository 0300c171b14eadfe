"""
The form in which inputs and live objects are compared, and which parts of a live object a program
asked for.

The API server turns a Secret's stringData into data and drops what only asks for its defaults; none
of that is a change. Objects of kinds that Kubernetes does not define are compared as they are.
Source: pulumi-kubernetes provider/pkg/clients/unstructured.go, provider/pkg/provider/util.go
"""

from __future__ import annotations

import base64
import binascii
import copy
from typing import Any, cast

from sandbox.plugins.framework import has_unknown
from sandbox.plugins.kubernetes.kinds import is_built_in
from sandbox.plugins.kubernetes.manifests import Object, is_secret, without_server_fields


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
