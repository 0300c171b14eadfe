"""The center calls west and east, which do not call each other: three clusters on EKS."""

from linkmesh import Eks, Environment, Export, Injection, Yelb, hub

ENVIRONMENT = Environment(
    clusters=[
        Eks("center", region="eu-central-1", cidr="10.10.0.0/16"),
        Eks("west", region="eu-west-1", cidr="10.20.0.0/16"),
        Eks("east", region="eu-west-3", cidr="10.30.0.0/16"),
    ],
    links=hub("center", spokes=["west", "east"]),
    injection=Injection.PER_DEPLOYMENT,
    exports=[Export("yelb-appserver", namespace="yelb", of="west")],
    application=Yelb(ui="center", appserver="west", database="west"),
    # Yours: who administers the clusters, and from where their API servers can be reached.
    admins=["arn:aws:iam::000000000000:root"],
    operators=["198.51.100.10/32"],
)
