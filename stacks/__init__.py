"""
What is deployed: the name of a stack says which environment, and which part of it.

`demo.west` is the part `west` of the environment that the file `demo.py` of the project describes,
and `demo.links.west` its part `links.west`.
"""

from linkmesh.environment import Plan
from linkmesh.environment.parts import APPS, LINKS, NETWORK, ROUTES, TRUST, cluster_of, kind_of
from linkmesh.environment.plan import share

from .errors import LoadError
from .loading import load, names
from .packages import require
from .stack_settings import check_settings

__all__ = ["deploy", "load", "names"]


def deploy() -> None:
    """Deploy the part of the environment that the running stack is named after."""
    # Commands load descriptions with this package, and need none of Pulumi's SDK.
    import pulumi

    try:
        _deploy_named(pulumi.get_stack())
    except LoadError as error:
        raise pulumi.RunError(str(error)) from None


def _deploy_named(stack: str) -> None:
    name, _, part = stack.partition(".")
    plan = load(name)
    if part not in plan.parts:
        raise LoadError(
            f"stack {stack!r} must be named <environment>.<part>, with one of the "
            f"parts {', '.join(plan.parts)} (got {part!r}). "
            f"Use: pulumi stack select {name}.{plan.parts[0]}"
        )
    require(name, plan)
    check_settings(name, [part])
    _deploy(name, share(plan, part), part)


def _deploy(name: str, plan: Plan, part: str) -> None:
    """Deploy one part from its share of the plan."""
    # Parts are imported one by one: a stack of a kind cluster never loads the AWS SDK.
    from linkmesh.composition.tags import environment_tags

    from .outputs import DescriptionContract, Stacks
    from .settings import read
    from .snapshot import stack_record

    stacks = Stacks.of(name)
    tags = environment_tags(name)
    kind, of = kind_of(part), cluster_of(part)
    if kind == TRUST:
        from . import trust

        trust.deploy(plan)
    elif kind == NETWORK:
        from . import network

        network.deploy(plan, tags)
    elif kind == LINKS:
        from . import links

        links.deploy(plan, of, stacks)
    elif kind == APPS:
        from . import apps

        apps.deploy(plan, of, stacks)
    elif kind == ROUTES:
        from . import routes

        routes.deploy(plan, of, stacks)
    else:
        from . import cluster

        cluster.deploy(plan, of, stacks, read(), tags)
    DescriptionContract(record=stack_record(plan, part)).export()
