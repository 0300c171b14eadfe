"""
What `mesh up` made on one cluster, as kubectl and Helm take it; pure.

It is read from the states of the stacks, so the other side of a comparison deploys the same objects
and the same values, whatever the product makes next year. Links lead to the new clusters; what a
target has only later, a token and the address of its gateway, is a placeholder until then.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import yaml

Object = dict[str, Any]

# How an exported state marks a secret; its plain text is JSON.
# Source: pulumi, sdk/go/common/resource/sig
SECRET = "4dabf18193072939515e22adb298388d"

RELEASE = "kubernetes:helm.sh/v3:Release"

# What an API server knows before any chart is installed.
BUILT_IN = ("v1", "apps/v1", "rbac.authorization.k8s.io/v1")

CREDENTIALS = "mirror.linkerd.io/remote-kubeconfig"
TOKEN = "kubernetes.io/service-account-token"
ACCOUNT = "kubernetes.io/service-account.name"

# Without blanks, at which YAML would break a long line.
TOKEN_OF = "<token-of-{}>"
GATEWAY_OF = "<gateway-of-{}>"


@dataclass(kw_only=True)
class Deployment:
    """What was made on one cluster, in the order of its states."""

    first: list[Object] = field(default_factory=list)
    """Objects that charts build on: namespaces, keys, accounts and rights."""

    charts: list[Object] = field(default_factory=list)
    """Charts, each after those that it needs, with how each was installed."""

    then: list[Object] = field(default_factory=list)
    """Objects that need charts: custom resources, workloads with a proxy, links."""

    patches: list[Object] = field(default_factory=list)
    """What is added to objects of `then`, of charts and of others."""

    accounts: dict[str, str] = field(default_factory=dict)
    """The account with which `then` reaches each target."""


Server = Mapping[str, str]
"""How a cluster is reached: `server`, `authority` (base64) and the path of its `kubeconfig`."""


def deployment(states: Sequence[Mapping[str, Any]], servers: Mapping[str, Server]) -> Deployment:
    """
    Take what was made on one cluster.

    Args:
        states: the exported states of the cluster's stack and of those of its links, applications
            and routes, in that order, with secrets in plain text.
        servers: how the new clusters are reached.
    """
    taken = Deployment()
    for state in states:
        for kind, inputs in _kubernetes_resources(state):
            if kind == RELEASE:
                taken.charts.append(_chart(inputs))
            elif kind.endswith("Patch"):
                taken.patches.append(inputs)
            elif state is states[0] and inputs["apiVersion"] in BUILT_IN:
                taken.first.append(inputs)
            else:
                taken.then.append(inputs)
    taken.accounts = _lead_to(servers, taken.then)
    return taken


def plan(
    deployments: Mapping[str, Deployment],
    servers: Mapping[str, Server],
    mirrors: Mapping[str, Sequence[Sequence[str]]],
) -> dict[str, Any]:
    """
    Make the content of the file that `baseline` deploys.

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
            "tokens": {
                target: _token_name(deployments[target].first, account)
                for target, account in one.accounts.items()
            },
        }
        for name, one in deployments.items()
    }


def _lead_to(servers: Mapping[str, Server], objects: Iterable[Object]) -> dict[str, str]:
    """Let links lead to other servers, and return the account that they have on each target."""
    accounts = {}
    for each in objects:
        if each.get("type") == CREDENTIALS:
            config = yaml.safe_load(base64.b64decode(each.pop("data")["kubeconfig"]))
            target, user = config["current-context"], config["users"][0]
            accounts[target] = user["name"]
            config["clusters"][0]["cluster"] = {
                "server": servers[target]["server"],
                "certificate-authority-data": servers[target]["authority"],
            }
            user["user"]["token"] = TOKEN_OF.format(target)
            each["stringData"] = {"kubeconfig": yaml.safe_dump(config)}
        elif each["kind"] == "Link":
            each["spec"]["gatewayAddress"] = GATEWAY_OF.format(each["spec"]["targetClusterName"])
    return accounts


def _token_name(objects: Iterable[Object], account: str) -> str:
    """Return the name of the Secret that gets the newest token of an account."""
    names = [
        each["metadata"]["name"]
        for each in objects
        if each.get("type") == TOKEN and each["metadata"]["annotations"][ACCOUNT] == account
    ]
    return str(names[-1])


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


def _chart(inputs: Mapping[str, Any]) -> Object:
    return {
        "release": inputs["name"],
        "chart": inputs["chart"],
        "namespace": inputs["namespace"],
        "values": inputs.get("values") or {},
        "waits": not inputs.get("skipAwait"),
    }
