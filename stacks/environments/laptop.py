"""
The talk's chain on one machine with Docker: three kind clusters, genuine Linkerd (`make live`).
"""

from linkmesh import (
    Environment,
    Export,
    Injection,
    InstallProfile,
    Kind,
    Linkerd,
    Yelb,
    chain,
)

ENVIRONMENT = Environment(
    clusters=[Kind("front", workers=1), Kind("back", workers=1), Kind("data", workers=1)],
    links=chain("front", "back", "data"),  # front calls back, back calls data
    linkerd=Linkerd(profile=InstallProfile.SMALL, viz=False),
    injection=Injection.PER_DEPLOYMENT,
    exports=[
        Export("yelb-appserver", namespace="yelb", of="back", to=["front"]),
        Export("yelb-db", namespace="yelb", of="data", to=["back"]),
    ],
    application=Yelb(ui="front", appserver="back", database="data"),
)
