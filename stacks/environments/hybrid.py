"""
Hybrid extension: a cluster of one's own, on-premises, calls a back end on EKS beside it.

LINKMESH_KUBECONFIG_ONPREM names the file with its kubeconfig.
"""

from typing import Any

from linkmesh import (
    Alias,
    Eks,
    Environment,
    Existing,
    Export,
    Injection,
    NatGateways,
    Yelb,
    chain,
)

SMALL: dict[str, Any] = {"nat": NatGateways.SINGLE, "instance_types": ["t3.large"], "disk_gib": 30}

ENVIRONMENT = Environment(
    clusters=[
        Existing("onprem", egress=["198.51.100.20/32"]),
        Eks("cloud", region="eu-west-1", cidr="10.90.0.0/16", **SMALL),
    ],
    links=chain("onprem", "cloud"),
    injection=Injection.PER_DEPLOYMENT,
    exports=[Export("yelb-appserver", namespace="yelb", of="cloud")],
    # The front end still calls yelb-appserver, as when that ran on-premises too.
    aliases=[Alias("yelb-appserver", namespace="yelb", on="onprem", of="cloud", port=4567)],
    application=Yelb(ui="onprem", appserver="cloud", database="cloud"),
    admins=["arn:aws:iam::000000000000:root"],
    operators=["198.51.100.10/32"],
)
