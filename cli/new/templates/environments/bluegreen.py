"""West calls one back end that runs on two clusters; two numbers say which of them answers."""

from linkmesh import Eks, Environment, Export, Injection, Route, Yelb, hub

ENVIRONMENT = Environment(
    clusters=[
        Eks("west", region="eu-west-1", cidr="10.10.0.0/16"),
        Eks("blue", region="eu-west-1", cidr="10.20.0.0/16"),
        Eks("green", region="eu-west-1", cidr="10.30.0.0/16"),
    ],
    links=hub("west", spokes=["blue", "green"]),
    injection=Injection.PER_DEPLOYMENT,
    exports=[Export("yelb-appserver", namespace="yelb", of=name) for name in ("blue", "green")],
    routes=[
        Route(
            "yelb-appserver",
            namespace="yelb",
            on="west",
            port=4567,
            weights={"blue": 100, "green": 0},
        )
    ],
    application=Yelb(ui="west", appserver="blue", database="blue", copies=["green"]),
    # Yours: who administers the clusters, and from where their API servers can be reached.
    admins=["arn:aws:iam::000000000000:root"],
    operators=["198.51.100.10/32"],
)
