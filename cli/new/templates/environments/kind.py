"""West calls east: two clusters on this machine, which needs Docker and no cloud."""

from linkmesh import Environment, Export, Injection, InstallProfile, Kind, Linkerd, Yelb, chain

ENVIRONMENT = Environment(
    clusters=[Kind("west", workers=1), Kind("east", workers=1)],
    links=chain("west", "east"),
    linkerd=Linkerd(profile=InstallProfile.SMALL, viz=False),
    injection=Injection.PER_DEPLOYMENT,
    exports=[Export("yelb-appserver", namespace="yelb", of="east", to=["west"])],
    application=Yelb(ui="west", appserver="east", database="east"),
)
