"""West calls east: two clusters on EKS, and an application over both."""

from linkmesh import Eks, Environment, Export, Injection, Yelb, chain

ENVIRONMENT = Environment(
    clusters=[
        Eks("west", region="eu-west-1", cidr="10.10.0.0/16"),
        Eks("east", region="eu-west-3", cidr="10.20.0.0/16"),
    ],
    links=chain("west", "east"),
    injection=Injection.PER_DEPLOYMENT,
    exports=[Export("yelb-appserver", namespace="yelb", of="east", to=["west"])],
    application=Yelb(ui="west", appserver="east", database="east"),
    # Yours: who administers the clusters, and from where their API servers can be reached.
    admins=["arn:aws:iam::000000000000:root"],
    operators=["198.51.100.10/32"],
)
