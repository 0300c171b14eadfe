"""
The talk's environment: a local front end calls a back end in Ireland, which calls data in Paris.
"""

from typing import Any

from linkmesh import Eks, Environment, Export, Injection, Kind, NatGateways, Yelb, chain

SMALL: dict[str, Any] = {"nat": NatGateways.SINGLE, "instance_types": ["t3.large"], "disk_gib": 30}

ENVIRONMENT = Environment(
    clusters=[
        Kind("local"),
        Eks("west", region="eu-west-1", cidr="10.10.0.0/16", **SMALL),
        Eks("east", region="eu-west-3", cidr="10.20.0.0/16", **SMALL),
    ],
    links=chain("local", "west", "east"),  # local calls west, west calls east
    injection=Injection.PER_DEPLOYMENT,
    exports=[
        Export("yelb-appserver", namespace="yelb", of="west", to=["local"]),
        Export("yelb-db", namespace="yelb", of="east", to=["west"]),
    ],
    application=Yelb(ui="local", appserver="west", database="east"),
    admins=["arn:aws:iam::000000000000:root"],
    operators=["198.51.100.10/32"],
)
