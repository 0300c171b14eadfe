"""
Development: two small clusters in one region, where the front end calls the back end.
"""

from typing import Any

from linkmesh import Eks, Environment, Export, Injection, NatGateways, Yelb, chain

SMALL: dict[str, Any] = {"nat": NatGateways.SINGLE, "instance_types": ["t3.large"], "disk_gib": 30}

ENVIRONMENT = Environment(
    clusters=[
        Eks("front", region="eu-west-1", cidr="10.30.0.0/16", **SMALL),
        Eks("back", region="eu-west-1", cidr="10.40.0.0/16", **SMALL),
    ],
    links=chain("front", "back"),
    injection=Injection.PER_DEPLOYMENT,
    exports=[Export("yelb-appserver", namespace="yelb", of="back")],
    application=Yelb(ui="front", appserver="back", database="back"),
    admins=["arn:aws:iam::000000000000:root"],
    operators=["198.51.100.10/32"],
)
