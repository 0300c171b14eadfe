"""
What is deployed: the name of a stack says which environment, and which part of it.

`demo.west` is the part `west` of the environment that `stacks/environments/demo.py` describes.
"""

from importlib import import_module
from importlib.util import find_spec

import pulumi

from components.environment import DescriptionError, Environment

from . import environments


def deploy() -> None:
    """Deploy the part of the environment that the running stack is named after."""
    name, _, part = pulumi.get_stack().partition(".")
    environment = load(name)
    if part not in environment.parts:
        raise pulumi.RunError(
            f"stack {pulumi.get_stack()!r} must be named <environment>.<part>, with one of the "
            f"parts {', '.join(environment.parts)} (got {part!r}). "
            f"Use: pulumi stack select {name}.{environment.parts[0]}"
        )
    _deploy(name, environment, part)


def load(name: str) -> Environment:
    """Load the description of an environment; a refusal of it is one message without traceback."""
    module = f"{environments.__name__}.{name}"
    if not name.isidentifier() or find_spec(module) is None:
        raise pulumi.RunError(
            f"environment {name!r} must have a file stacks/environments/{name}.py (it has none). "
            "A stack is named <environment>.<part>, e.g. demo.west"
        )
    try:
        described = import_module(module).ENVIRONMENT
    except DescriptionError as error:
        listed = "\n".join(f"  {problem}" for problem in error.problems)
        raise pulumi.RunError(f"environment {name!r} cannot be deployed:\n{listed}") from None
    assert isinstance(described, Environment)
    return described


def _deploy(name: str, environment: Environment, part: str) -> None:
    # Parts are imported one by one: a stack of a kind cluster never loads the AWS SDK.
    from .outputs import DescriptionContract, Stacks
    from .settings import read
    from .snapshot.records import share

    stacks = Stacks.of(name)
    tags = {"linkmesh:environment": name}
    if part == "trust":
        from . import trust

        trust.deploy(environment)
    elif part == "network":
        from . import network

        network.deploy(environment, tags)
    elif part == "links":
        from . import links

        links.deploy(environment, stacks)
    elif part == "apps":
        from . import apps

        apps.deploy(environment, stacks)
    else:
        from . import cluster

        cluster.deploy(environment, part, stacks, read(), tags)
    DescriptionContract(share=share(environment, part)).export()
