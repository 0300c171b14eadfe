"""
Full fallback: two clusters run the same back end, and two numbers say which of them answers.

To switch, change the weights below and run `mesh up bluegreen`: all at once, or step by step.
"""

from typing import Any

from linkmesh import Eks, Environment, Export, Injection, NatGateways, Route, Yelb, hub

SMALL: dict[str, Any] = {"nat": NatGateways.SINGLE, "instance_types": ["t3.large"], "disk_gib": 30}

ENVIRONMENT = Environment(
    clusters=[
        Eks("front", region="eu-west-1", cidr="10.80.0.0/16", **SMALL),
        Eks("blue", region="eu-west-1", cidr="10.81.0.0/16", **SMALL),
        Eks("green", region="eu-west-1", cidr="10.82.0.0/16", **SMALL),
    ],
    links=hub("front", spokes=["blue", "green"]),
    injection=Injection.PER_DEPLOYMENT,
    exports=[Export("yelb-appserver", namespace="yelb", of=name) for name in ("blue", "green")],
    routes=[
        Route(
            "yelb-appserver",
            namespace="yelb",
            on="front",
            port=4567,
            weights={"blue": 100, "green": 0},
        )
    ],
    application=Yelb(ui="front", appserver="blue", database="blue", copies=["green"]),
    admins=["arn:aws:iam::000000000000:root"],
    operators=["198.51.100.10/32"],
)
