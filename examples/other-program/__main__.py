"""
A program with a whole mesh in it: `office`, which exists, calls `cloud`, which is made here.

Pods on `office` call the Service `orders` of `cloud` as `orders-cloud`, by mutual TLS.
"""

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as kubernetes

import linkmesh

config = pulumi.Config()
blocks = config.require_object("officeBlocks")  # of `pulumi up`, and of the pods of office


def orders(clusters: Mapping[str, linkmesh.MeshCluster]) -> list[pulumi.Resource]:
    """Make the Service that is exported; its pods are those of another program."""
    unwaited = {"pulumi.com/skipAwait": "true"}
    service = kubernetes.core.v1.Service(
        "orders",
        metadata={"name": "orders", "namespace": "shop", "annotations": unwaited},
        spec={"selector": {"app": "orders"}, "ports": [{"name": "http", "port": 80}]},
        opts=clusters["cloud"].opts,
    )
    return [service]


mesh = linkmesh.Mesh(
    "shop",
    linkmesh.MeshArgs(
        clusters=[
            linkmesh.Member(
                "office", kubeconfig=config.require_secret("officeKubeconfig"), egress=blocks
            ),
            linkmesh.Eks("cloud", region="eu-west-1", cidr="10.40.0.0/16"),
        ],
        links=linkmesh.chain("office", "cloud"),
        exports=[linkmesh.Export("orders", namespace="shop", of="cloud")],
        workloads=orders,
        admins=[config.require("administrator")],
        operators=blocks,
        charts=config.get("charts"),
        aws_charts=config.get("awsCharts"),
        chart_values=config.get_object("chartValues") or {},
    ),
)
pulumi.export("orders", mesh.url("orders", namespace="shop", on="office", port=80))
pulumi.export("cloudKubeconfig", mesh.clusters["cloud"].kubeconfig)
pulumi.export("expiries", mesh.expiries)
