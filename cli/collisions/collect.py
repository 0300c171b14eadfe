"""Reads from an existing cluster what may collide, as its administrator."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from httpx2 import HTTPError

from linkmesh import api_server
from linkmesh.linkerd.installation.charts import CRDS
from linkmesh.linkerd.labels import CONTROL_PLANE_NAMESPACE, DESTINATION, VERSION

from .evaluate import Presence, Service

# A cluster that can be reached answers at once.
TIMEOUT_SECONDS = 5

# Field managers of Pulumi's provider: this name, and a random suffix for each resource.
# Source: pulumi-kubernetes, provider/pkg/provider/provider.go (getFieldManager)
PULUMI = "pulumi-kubernetes"

# The CRD that every installation of the Gateway API has, and its annotation with the version.
# Source: kubernetes-sigs/gateway-api, config/crd, pkg/consts/consts.go
ROUTES = "httproutes.gateway.networking.k8s.io"
BUNDLE_VERSION = "gateway.networking.k8s.io/bundle-version"

# Source: helm, pkg/action/validate.go
RELEASE_NAME = "meta.helm.sh/release-name"

Get = Callable[[str], Mapping[str, Any] | None]
"""Returns the object or list at a path of an API server; None if there is none."""


def observe(kubeconfig: str, services: Iterable[Service]) -> Presence:
    """
    Read a cluster; one that does not answer is returned with its error.

    Args:
        kubeconfig: its administrator's.
        services: namespaces and names of the Services that are exported.
    """
    try:
        with api_server.http(kubeconfig, timeout_seconds=TIMEOUT_SECONDS) as http:
            return read(lambda path: _object(http, path), services)
    except (HTTPError, OSError, ValueError) as error:
        return Presence(error=f"{type(error).__name__}: {error}")


def _object(http: Any, path: str) -> Mapping[str, Any] | None:
    answer = http.get(path)
    if answer.status_code == 404:
        return None
    answer.raise_for_status()
    return dict(answer.json())


def read(get: Get, services: Iterable[Service]) -> Presence:
    """Read what was found from an API server."""
    listed = (get("/api/v1/namespaces") or {}).get("items") or []
    namespaces = {each["metadata"]["name"]: is_pulumis(each) for each in listed}
    routes = get(f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{ROUTES}")
    annotations = _annotations(routes) if routes else {}
    return Presence(
        namespaces=namespaces,
        linkerd=None if namespaces.get(CONTROL_PLANE_NAMESPACE) else _linkerd(get),
        gateway_api=annotations.get(BUNDLE_VERSION, "").removeprefix("v") if routes else None,
        gateway_api_is_linkerds=annotations.get(RELEASE_NAME) == CRDS.name,
        services=frozenset(
            (namespace, name)
            for namespace, name in services
            if get(f"/api/v1/namespaces/{namespace}/services/{name}")
        ),
    )


def is_pulumis(found: Mapping[str, Any]) -> bool:
    """Return whether Pulumi made or patched an object."""
    fields = found["metadata"].get("managedFields") or ()
    return any(str(each.get("manager", "")).startswith(PULUMI) for each in fields)


def _linkerd(get: Get) -> str | None:
    """Read the version of a control plane."""
    path = f"/apis/apps/v1/namespaces/{CONTROL_PLANE_NAMESPACE}/deployments/{DESTINATION}"
    found = get(path)
    if found is None:
        return None
    return str((found["metadata"].get("labels") or {}).get(VERSION, ""))


def _annotations(found: Mapping[str, Any]) -> Mapping[str, str]:
    return found["metadata"].get("annotations") or {}
