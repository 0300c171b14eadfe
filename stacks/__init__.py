"""
What is deployed: the name of a stack says which environment, and which part of it.

`demo.west` is the part `west` of the environment that the file `demo.py` of the project describes.
"""

import pulumi

from linkmesh.environment import Plan

from .loading import load, names
from .packages import require

__all__ = ["deploy", "load", "names"]


def deploy() -> None:
    """Deploy the part of the environment that the running stack is named after."""
    name, _, part = pulumi.get_stack().partition(".")
    plan = load(name)
    if part not in plan.parts:
        raise pulumi.RunError(
            f"stack {pulumi.get_stack()!r} must be named <environment>.<part>, with one of the "
            f"parts {', '.join(plan.parts)} (got {part!r}). "
            f"Use: pulumi stack select {name}.{plan.parts[0]}"
        )
    _deploy(name, plan, part)


def _deploy(name: str, plan: Plan, part: str) -> None:
    require(name, plan)
    # Parts are imported one by one: a stack of a kind cluster never loads the AWS SDK.
    from linkmesh.composition.tags import environment_tags

    from .outputs import DescriptionContract, Stacks
    from .settings import read
    from .snapshot import stack_record

    stacks = Stacks.of(name)
    tags = environment_tags(name)
    if part == "trust":
        from . import trust

        trust.deploy(plan)
    elif part == "network":
        from . import network

        network.deploy(plan, tags)
    elif part == "links":
        from . import links

        links.deploy(plan, stacks)
    elif part == "apps":
        from . import apps

        apps.deploy(plan, stacks)
    else:
        from . import cluster

        cluster.deploy(plan, part, stacks, read(), tags)
    DescriptionContract(record=stack_record(plan, part)).export()
