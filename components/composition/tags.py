"""Tags of everything that an environment has on AWS."""


def environment_tags(name: str) -> dict[str, str]:
    """Return the tags of one environment."""
    return {"linkmesh:environment": name}
