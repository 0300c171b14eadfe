"""
An imitation of the kind provider: Terraform's tehcyx/kind behind Pulumi's bridge for any provider.

A cluster is one of the sandbox: genuine API server and controllers, nodes that KWOK plays, named,
labelled and tainted as kind does it: one control plane, and workers. Every input replaces, and must
be given. What would change containers (mounts, ports, patches, networking) is refused. The API
server has the sandbox's version, whatever patch the node image names.
Source: tehcyx/terraform-provider-kind cc465938, kind/resource_cluster.go; kubernetes-sigs/kind,
pkg/cluster/internal/providers, pkg/cluster/internal/create/actions
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from sandbox.clusters import RunningCluster, create_cluster, delete_cluster, read_cluster
from sandbox.files import write_atomically
from sandbox.home import Home
from sandbox.nodes import Node, add_nodes
from sandbox.plugins.contract import Provider, Refused, Resource, State
from sandbox.plugins.diff import Diff
from sandbox.plugins.schema import Schema, Text
from sandbox.plugins.service import serve
from sandbox.plugins.values import Properties, has_unknown

TOKEN = "kind:index/cluster:Cluster"
VERSION = "0.11.0"
PARAMETER = f'{{"remote":{{"url":"registry.opentofu.org/tehcyx/kind","version":"{VERSION}"}}}}'

CONTROL_PLANE, WORKER = "control-plane", "worker"

NODE_IMAGE = re.compile(r"kindest/node:(v1\.\d+\.\d+)(@sha256:[0-9a-f]{64})?")

# Source: kubernetes-sigs/kind, pkg/cluster/internal/create/actions/kubeadminit/init.go
ROLE = "node-role.kubernetes.io/control-plane"
NO_BALANCER = "node.kubernetes.io/exclude-from-external-load-balancers"

SCHEMA = Schema(
    required={
        "name": str,
        "nodeImage": Text(NODE_IMAGE.pattern, "kindest/node:v1.<minor>.<patch>"),
        "waitForReady": {True},
        "kubeconfigPath": str,
        "kindConfig": Schema(
            required={
                "kind": {"Cluster"},
                "apiVersion": {"kind.x-k8s.io/v1alpha4"},
                "nodes": [Schema(required={"role": {CONTROL_PLANE, WORKER}})],
            }
        ),
    },
    replace_on={"*"},
    computed=(
        "clientCertificate",
        "clientKey",
        "clusterCaCertificate",
        "completed",
        "endpoint",
        "kubeconfig",
        "clusterId",
    ),
)


class Cluster(Resource):
    """kind:index/cluster:Cluster."""

    def check(self, news: Properties) -> Properties:
        """Refuse what kind, or this imitation, would not take."""
        checked = SCHEMA.check(news)
        if not has_unknown(checked["kindConfig"]):
            _check_roles(_roles(checked))
        return checked

    def diff(self, old_inputs: Properties, news: Properties) -> Diff:
        """Replace on any change; a name cannot be had twice at a time."""
        changes = SCHEMA.diff(old_inputs, news).changes
        return Diff(changes, delete_before_replace=old_inputs["name"] == news["name"])

    def create(self, news: Properties, *, preview: bool) -> State:
        """Start a cluster and its nodes; what fails half-way is cleared away, as kind does."""
        if preview:
            return State("", SCHEMA.preview(news))
        home, name, image = Home.current(), news["name"], news["nodeImage"]
        tag = NODE_IMAGE.fullmatch(image)
        if read_cluster(home, name) is not None:
            raise Refused(f'node(s) already exist for a cluster with the name "{name}"')
        _check_kubeconfig(news["kubeconfigPath"], name)
        cluster = create_cluster(
            home,
            name,
            kubernetes_version=tag and tag[1],
            # kubeadm puts its node's name into the certificate, and kind's internal kubeconfig
            # leads there.
            server_names=[f"{name}-{CONTROL_PLANE}"],
        )
        # From here on the cluster is ours; one that another process made meanwhile is not.
        _furnish(home, cluster, news)
        return State(f"{name}-{image}", outputs_of(home, news))

    def read(self, old: State, inputs: Properties) -> tuple[State, Properties] | None:
        """Look at the cluster; that it is gone is an error, as with the genuine provider."""
        if "name" not in old.outputs:
            raise Refused("resource kind_cluster doesn't support import")
        return State(old.id, outputs_of(Home.current(), {**old.outputs, **inputs})), inputs

    def update(self, *_: Any, **__: Any) -> State:
        """Nothing can be changed in place."""
        raise Refused("a kind cluster must be replaced to be changed (got an update)")

    def delete(self, old: State) -> None:
        """End the cluster, and delete its kubeconfig file."""
        delete_cluster(Home.current(), old.outputs["name"])
        Path(old.outputs["kubeconfigPath"]).unlink(missing_ok=True)


class Kind(Provider):
    """The bridge, until it is told to be the kind provider."""

    name = "terraform-provider"
    version = "1.1.3"

    def parameterize(self, value: bytes, name: str, version: str) -> None:
        """Accept exactly what our SDK asks for."""
        asked = value.decode(errors="replace")
        if (asked, name, version) != (PARAMETER, "kind", VERSION):
            raise Refused(
                f"the Terraform provider must be tehcyx/kind {VERSION} in the sandbox (got "
                f"{name} {version}: {asked}). No other is imitated. "
                "Use: the genuine provider (LINKMESH_PLUGINS)"
            )
        self.name = name

    def check_config(self, news: Properties) -> Properties:
        """Refuse arguments: the provider has none."""
        return Schema().check(news)

    def resource(self, token: str) -> Resource:
        """Give the only type."""
        if token != TOKEN or self.name != "kind":
            raise self.unknown_type(token)
        return Cluster()


def outputs_of(home: Home, properties: Properties) -> Properties:
    """Read what a running cluster offers."""
    name = properties["name"]
    cluster = read_cluster(home, name)
    if cluster is None:
        raise Refused(
            f"could not locate any control plane nodes for cluster named '{name}'. "
            "Use the --name option to select a different cluster"
        )
    return {
        **properties,
        "kubeconfig": cluster.kubeconfig(f"kind-{name}"),
        "endpoint": cluster.server,
        "clientCertificate": cluster.client_certificate_pem,
        "clientKey": cluster.client_key_pem,
        "clusterCaCertificate": cluster.ca_pem,
        "completed": True,
        "clusterId": f"{name}-{properties['nodeImage']}",
    }


def nodes_of(name: str, roles: Sequence[str]) -> list[Node]:
    """Make the nodes as kind does; the control plane takes no pods, since there are workers."""
    workers = (f"{name}-{WORKER}{number if number > 1 else ''}" for number in range(1, len(roles)))
    taint = {"key": ROLE, "effect": "NoSchedule"}
    labels = {ROLE: "", NO_BALANCER: ""}
    first = Node(name=f"{name}-{CONTROL_PLANE}", labels=labels, taints=[taint])
    return [first, *(Node(name=worker) for worker in workers)]


def main() -> None:
    """Serve the engine."""
    serve(Kind())


def _roles(properties: Properties) -> list[str]:
    return [node["role"] for node in properties["kindConfig"]["nodes"]]


def _check_roles(roles: Sequence[str]) -> None:
    if roles.count(CONTROL_PLANE) != 1 or WORKER not in roles:
        raise Refused(
            f"'kindConfig.nodes' must have one {CONTROL_PLANE} and a {WORKER} or more in the "
            f"sandbox (got {', '.join(roles) or 'none'}). Use: the genuine provider "
            "(LINKMESH_PLUGINS)",
            "kindConfig.nodes",
        )


def _check_kubeconfig(path: str, cluster: str) -> None:
    """Refuse a file in which there is something of others, with which kind would merge it."""
    file = Path(path)
    config = (yaml.safe_load(file.read_text()) if file.exists() else None) or {}
    names = {
        each["name"] for key in ("clusters", "users", "contexts") for each in config.get(key) or []
    }
    if others := sorted(names - {f"kind-{cluster}"}):
        raise Refused(
            f"'kubeconfigPath' must be a file of the cluster's own in the sandbox (got {path}, "
            f"with {', '.join(others)}). It would be overwritten. Use: another path"
        )


def _furnish(home: Home, cluster: RunningCluster, news: Properties) -> None:
    try:
        add_nodes(home, cluster.name, nodes_of(cluster.name, _roles(news)))
        kubeconfig = cluster.kubeconfig(f"kind-{cluster.name}")
        write_atomically(Path(news["kubeconfigPath"]), kubeconfig, mode=0o600)
    except Exception:
        delete_cluster(home, cluster.name)
        raise


if __name__ == "__main__":
    main()
