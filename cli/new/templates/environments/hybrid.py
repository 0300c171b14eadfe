"""
A cluster of your own calls a back end on EKS.

LINKMESH_KUBECONFIG_ONPREM names the file with its kubeconfig.
"""

from linkmesh import Eks, Environment, Existing, Export, Injection, Yelb, chain

ENVIRONMENT = Environment(
    clusters=[
        # Yours: the addresses from which its pods call others.
        Existing("onprem", egress=["198.51.100.20/32"]),
        Eks("west", region="eu-west-1", cidr="10.10.0.0/16"),
    ],
    links=chain("onprem", "west"),
    injection=Injection.PER_DEPLOYMENT,
    exports=[Export("yelb-appserver", namespace="yelb", of="west")],
    application=Yelb(ui="onprem", appserver="west", database="west"),
    # Yours: who administers the clusters, and from where their API servers can be reached.
    admins=["arn:aws:iam::000000000000:root"],
    operators=["198.51.100.10/32"],
)
