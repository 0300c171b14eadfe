"""
Production: the talk's chain on three EKS clusters, each in a region of its own, all protected.
"""

from linkmesh import (
    AccessEntry,
    AccessPolicy,
    Eks,
    Environment,
    Export,
    Injection,
    NatGateways,
    Yelb,
    chain,
)


def cluster(name: str, *, region: str, cidr: str) -> Eks:
    """Describe a cluster as production has them."""
    return Eks(
        name,
        region=region,
        cidr=cidr,
        nat=NatGateways.ONE_PER_AZ,
        nodes=6,
        instance_types=["m7i.xlarge", "m6i.xlarge"],
        disk_gib=100,
        log_retention_days=365,
        flow_log_retention_days=90,
        protect=True,
    )


ENVIRONMENT = Environment(
    clusters=[
        cluster("edge", region="eu-central-1", cidr="10.50.0.0/16"),
        cluster("core", region="eu-west-1", cidr="10.60.0.0/16"),
        cluster("data", region="eu-west-3", cidr="10.70.0.0/16"),
    ],
    links=chain("edge", "core", "data"),
    injection=Injection.PER_NAMESPACE,
    exports=[
        Export("yelb-appserver", namespace="yelb", of="core", to=["edge"]),
        Export("yelb-db", namespace="yelb", of="data", to=["core"]),
    ],
    application=Yelb(ui="edge", appserver="core", database="data"),
    admins=["arn:aws:iam::000000000000:root"],
    access=[
        AccessEntry(
            "arn:aws:iam::000000000000:role/on-call", AccessPolicy.EDIT, namespaces=["yelb"]
        ),
        AccessEntry("arn:aws:iam::000000000000:role/developers", AccessPolicy.VIEW),
    ],
    operators=["198.51.100.10/32"],
)
