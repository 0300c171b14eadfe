"""
A handful of clusters, each linked to each other one; three of them offer one service.

The service is federated: calls go to whichever of the three have pods, and fail over by themselves.
"""

from typing import Any

from linkmesh import Eks, Environment, Export, Injection, LinkMode, NatGateways, Yelb, mesh

SMALL: dict[str, Any] = {"nat": NatGateways.SINGLE, "instance_types": ["t3.large"], "disk_gib": 30}
NAMES = ("one", "two", "three", "four", "five")

ENVIRONMENT = Environment(
    clusters=[
        Eks(name, region="eu-west-1", cidr=f"10.{100 + place}.0.0/16", **SMALL)
        for place, name in enumerate(NAMES)
    ],
    links=mesh(*NAMES),
    injection=Injection.PER_DEPLOYMENT,
    exports=[
        Export("yelb-appserver", namespace="yelb", of="two", to=["one"], mode=LinkMode.FEDERATED),
        Export("yelb-appserver", namespace="yelb", of="three", to=["one"], mode=LinkMode.FEDERATED),
        Export("yelb-appserver", namespace="yelb", of="four", to=["one"], mode=LinkMode.FEDERATED),
        Export("yelb-db", namespace="yelb", of="five", to=["two"]),
    ],
    application=Yelb(ui="one", appserver="two", database="five", copies=["three", "four"]),
    admins=["arn:aws:iam::000000000000:root"],
    operators=["198.51.100.10/32"],
)
