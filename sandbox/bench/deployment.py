"""
What `mesh up` made on one cluster, as kubectl and Helm take it; pure.

It is read from the states of the stacks, so the other side of a comparison deploys the same objects
and the same values, whatever the product makes next year.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.bench.credentials import Credentials, Object, token_name, with_placeholders

# How an exported state marks a secret; its plain text is JSON.
# Source: pulumi, sdk/go/common/resource/sig
SECRET = "4dabf18193072939515e22adb298388d"

RELEASE = "kubernetes:helm.sh/v3:Release"

# What an API server knows before any chart is installed.
BUILT_IN = ("v1", "apps/v1", "rbac.authorization.k8s.io/v1")


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart, and how it was installed."""

    release: str
    """Name of the release."""

    chart: str
    """Where the chart is."""

    namespace: str
    """Namespace of the release."""

    values: Mapping[str, Any]
    """All values that differ from the chart's own."""

    waits: bool
    """Whether the release was there only when its pods were ready."""


@dataclass(kw_only=True)
class Deployment:
    """What was made on one cluster, in the order of its states."""

    first: list[Object] = field(default_factory=list)
    """Objects that charts build on: namespaces, keys, accounts and rights."""

    charts: list[Chart] = field(default_factory=list)
    """Charts, each after those that it needs."""

    then: list[Object] = field(default_factory=list)
    """Objects that need charts: custom resources, patches, workloads with a proxy, links."""

    credentials: list[Credentials] = field(default_factory=list)
    """What `then` needs of other clusters."""


Server = Mapping[str, str]
"""How a cluster is reached: `server`, `authority` (base64) and the path of its `kubeconfig`."""


def deployment(cluster_state: Mapping[str, Any], others: Iterable[Mapping[str, Any]]) -> Deployment:
    """
    Take what was made on one cluster.

    Args:
        cluster_state: the exported state of the cluster's stack, with secrets in plain text.
        others: the states of the stacks of its links, applications and routes, in that order.
    """
    taken = Deployment()
    patches = []
    for state in (cluster_state, *others):
        for kind, inputs in _kubernetes_resources(state):
            if kind == RELEASE:
                taken.charts.append(_chart(inputs))
            elif kind.endswith("Patch"):
                patches.append(inputs)
            elif state is cluster_state and inputs["apiVersion"] in BUILT_IN:
                taken.first.append(inputs)
            else:
                taken.then.append(inputs)
    taken.credentials = with_placeholders(taken.then)
    # One manager that applies an object twice would take back what it said first.
    taken.then = _patched(taken.then, patches)
    return taken


def plan(
    deployments: Mapping[str, Deployment],
    servers: Mapping[str, Server],
    mirrors: Mapping[str, Sequence[Sequence[str]]],
) -> dict[str, Any]:
    """
    Make the content of the file; pure.

    Args:
        deployments: what is deployed, by cluster.
        servers: how the new clusters are reached.
        mirrors: namespace and name of each mirror that is waited for, by cluster.
    """
    return {
        name: {
            **asdict(one),
            "kubeconfig": servers[name]["kubeconfig"],
            "mirrors": [*mirrors.get(name, ())],
            "credentials": [
                {
                    "target": each.target,
                    "token": token_name(deployments[each.target].first, each.account),
                    "known": {
                        each.placeholder("server"): servers[each.target]["server"],
                        each.placeholder("authority"): servers[each.target]["authority"],
                    },
                    "token_placeholder": each.placeholder("token"),
                    "gateway_placeholder": each.placeholder("gateway"),
                }
                for each in one.credentials
            ],
        }
        for name, one in deployments.items()
    }


def _kubernetes_resources(state: Mapping[str, Any]) -> Iterable[tuple[str, Object]]:
    for resource in state["deployment"].get("resources", []):
        kind, inputs = resource["type"], _plain(resource.get("inputs") or {})
        # External: read, and made by somebody else.
        if kind.startswith("kubernetes:") and not resource.get("external"):
            yield kind, inputs


def _plain(value: Any) -> Any:
    """Replace secrets by their plain text, and leave out what the provider notes for itself."""
    if isinstance(value, Mapping):
        if SECRET in value:
            return _plain(json.loads(value["plaintext"]))
        return {key: _plain(each) for key, each in value.items() if not key.startswith("__")}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value


def _chart(inputs: Mapping[str, Any]) -> Chart:
    return Chart(
        release=inputs["name"],
        chart=inputs["chart"],
        namespace=inputs["namespace"],
        values=inputs.get("values") or {},
        waits=not inputs.get("skipAwait"),
    )


def _patched(objects: Iterable[Object], patches: Iterable[Object]) -> list[Object]:
    """Merge patches into the objects that they patch; those of other owners stay by themselves."""
    known = {_key(each): each for each in objects}
    for patch in patches:
        known[_key(patch)] = _merged(known.get(_key(patch), {}), patch)
    return [*known.values()]


def _key(each: Object) -> tuple[str, ...]:
    metadata = each["metadata"]
    return (each["apiVersion"], each["kind"], metadata.get("namespace", ""), metadata["name"])


def _merged(value: Object, patch: Mapping[str, Any]) -> Object:
    result = dict(value)
    for key, each in patch.items():
        known = result.get(key)
        if isinstance(known, dict) and isinstance(each, Mapping):
            each = _merged(known, each)
        result[key] = each
    return result
