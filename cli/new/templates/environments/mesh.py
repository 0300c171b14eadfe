"""Every cluster calls every other one: three clusters on EKS."""

from linkmesh import Eks, Environment, Export, Injection, Yelb, mesh

ENVIRONMENT = Environment(
    clusters=[
        Eks("west", region="eu-west-1", cidr="10.10.0.0/16"),
        Eks("east", region="eu-west-3", cidr="10.20.0.0/16"),
        Eks("north", region="eu-north-1", cidr="10.30.0.0/16"),
    ],
    links=mesh("west", "east", "north"),
    injection=Injection.PER_DEPLOYMENT,
    exports=[
        Export("yelb-appserver", namespace="yelb", of="east"),
        Export("yelb-db", namespace="yelb", of="north"),
    ],
    application=Yelb(ui="west", appserver="east", database="north"),
    # Yours: who administers the clusters, and from where their API servers can be reached.
    admins=["arn:aws:iam::000000000000:root"],
    operators=["198.51.100.10/32"],
)
