"""
Yelb, the example application: four tiers that call one another by name.

A tier is configured with the names of the tiers that it calls, so it can call a mirror service
instead of a tier on its own cluster.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from .arguments import checked
from .cluster import SKIP_AWAIT, Cluster
from .linkerd.labels import SKIP_INBOUND_PORTS, SKIP_OUTBOUND_PORTS

# Linkerd's proxies skip the ports 4567 and 4568 by default (Galera's), and Yelb's application
# server listens on 4567: calls to its mirror would reach the gateway without mutual TLS and be
# rejected. An empty list would mean the default, so 4568 stays. Source:
# linkerd2, charts/linkerd-control-plane/values.yaml, proxyInit.ignore{In,Out}boundPorts
UNSKIPPED_PORTS = {
    SKIP_INBOUND_PORTS: "4568",
    SKIP_OUTBOUND_PORTS: "4568",
}


@dataclass(frozen=True, kw_only=True)
class Tier:
    """One tier of the application. Source: https://github.com/mreferre/yelb"""

    image: str
    port: int
    probe: Mapping[str, Any]
    """How it is asked whether it is ready: `exec` or `http_get` of a readiness probe."""


# A pod gets calls as soon as it is ready, and without a probe that is before its process listens: a
# restart of the data plane would lose them. A probe that only opens a port would not do: the proxy
# in front of the process accepts every connection.
TIERS = {
    "yelb-ui": Tier(
        image="mreferre/yelb-ui:0.10", port=80, probe={"http_get": {"path": "/", "port": 80}}
    ),
    "yelb-appserver": Tier(
        image="mreferre/yelb-appserver:0.7",
        port=4567,
        probe={"http_get": {"path": "/api/hostname", "port": 4567}},
    ),
    "redis-server": Tier(
        image="redis:4.0.2", port=6379, probe={"exec": {"command": ["redis-cli", "ping"]}}
    ),
    "yelb-db": Tier(
        image="mreferre/yelb-db:0.6",
        port=5432,
        probe={"exec": {"command": ["pg_isready", "--username", "postgres"]}},
    ),
}

# How often a tier is asked.
PROBE_PERIOD_SECONDS = 2


@checked
@dataclass(frozen=True, kw_only=True)
class YelbTierArgs:
    """Arguments of `YelbTier`."""

    cluster: Cluster
    """The cluster it runs on."""

    tier: str
    """`yelb-ui`, `yelb-appserver`, `redis-server` or `yelb-db`."""

    namespace: str
    """Namespace of the tier, which must exist."""

    environment: Mapping[str, str] = field(default_factory=dict)
    """Environment variables: the names of the tiers that it calls."""

    pod_annotations: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Annotations of its pods, e.g. those of `workload_annotations`."""

    def __post_init__(self) -> None:
        if self.tier not in TIERS:
            raise ValueError(f"tier must be one of {', '.join(TIERS)} (got {self.tier!r}).")


def appserver_environment(*, cache: str, database: str) -> dict[str, str]:
    """
    Make the application server's environment; with `custom` it reads the two addresses.

    Source: mreferre/yelb, yelb-appserver/yelb-appserver.rb
    """
    return {
        "RACK_ENV": "custom",
        "REDIS_SERVER_ENDPOINT": cache,
        "YELB_DB_SERVER_ENDPOINT": database,
    }


def ui_environment(*, appserver: str) -> dict[str, str]:
    """Make the user interface's environment. Source: mreferre/yelb, yelb-ui/startup.sh"""
    return {"YELB_APPSERVER_ENDPOINT": f"http://{appserver}:{TIERS['yelb-appserver'].port}"}


class YelbTier(pulumi.ComponentResource):
    """
    One tier of Yelb on one cluster.

    Makes:
        one Deployment and one Service, named as the tier.
    """

    service: pulumi.Output[str]
    """Name of the Service."""

    def __init__(
        self,
        name: str,
        args: YelbTierArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:YelbTier", name, {}, opts)
        deployment = _deployment(name, args, parent=self)
        service = _service(name, args, deployment, parent=self)
        self.service = service.metadata.name
        self.register_outputs({"service": self.service})


def _deployment(
    name: str, args: YelbTierArgs, parent: pulumi.Resource
) -> kubernetes.apps.v1.Deployment:
    tier, labels = TIERS[args.tier], {"app": args.tier}
    container = {
        "name": args.tier,
        "image": tier.image,
        "ports": [{"container_port": tier.port}],
        "env": [{"name": key, "value": args.environment[key]} for key in sorted(args.environment)],
        "readiness_probe": {**tier.probe, "period_seconds": PROBE_PERIOD_SECONDS},
    }
    return kubernetes.apps.v1.Deployment(
        f"{name}-deployment",
        metadata={"name": args.tier, "namespace": args.namespace, "labels": labels},
        spec={
            "selector": {"match_labels": labels},
            "template": {
                "metadata": {
                    "labels": labels,
                    "annotations": {**UNSKIPPED_PORTS, **args.pod_annotations},
                },
                "spec": {"containers": [container]},
            },
        },
        opts=pulumi.ResourceOptions(parent=parent, provider=args.cluster.provider),
    )


def _service(
    name: str,
    args: YelbTierArgs,
    deployment: kubernetes.apps.v1.Deployment,
    parent: pulumi.Resource,
) -> kubernetes.core.v1.Service:
    port = TIERS[args.tier].port
    return kubernetes.core.v1.Service(
        f"{name}-service",
        metadata={
            "name": args.tier,
            "namespace": args.namespace,
            "labels": {"app": args.tier},
            # Its Deployment was waited for.
            "annotations": {SKIP_AWAIT: "true"},
        },
        spec={
            "selector": {"app": args.tier},
            "ports": [{"name": "tcp", "port": port, "target_port": port}],
        },
        opts=pulumi.ResourceOptions(
            parent=parent, provider=args.cluster.provider, depends_on=[deployment]
        ),
    )
