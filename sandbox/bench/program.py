"""What is measured: a copy of the program, and environments of many clusters."""

import shutil
from pathlib import Path

from sandbox.home import PROJECT, Home

PROGRAM = ("Pulumi.yaml", "__main__.py", "linkmesh", "components", "stacks", "cli")

# The clusters of `demo`, as clusters that exist.
EXISTING = ("local", "west", "east")

# A hub and its spokes, in the topology `hubs`.
GROUP = 20


def copy_of_the_program(home: Home) -> Path:
    """Copy what Pulumi runs, so that nothing is written into the project."""
    copy = home.root / "project"
    copy.mkdir()
    for name in PROGRAM:
        source = PROJECT / name
        if source.is_dir() and not source.is_symlink():
            shutil.copytree(source, copy / name, symlinks=True)
        else:
            shutil.copy(source, copy, follow_symlinks=False)
    (copy / ".venv").symlink_to(PROJECT / ".venv")
    return copy


def described(project: Path, topology: str, clusters: int) -> str:
    """Describe an environment of EKS clusters in a copy of the program; returns its name."""
    name = f"{topology}{clusters}"
    file = project / "stacks" / "environments" / f"{name}.py"
    file.write_text(description(topology, clusters))
    return name


def description(topology: str, clusters: int) -> str:
    """
    Write the description of such an environment: every target exports one service; pure.

    Args:
        topology: `chain`, `mesh`, or `hubs`: a chain of hubs that call their spokes.
    """
    return f'''"""{clusters} EKS clusters as a {topology}, to be measured."""

from linkmesh.environment import Eks, Environment, Export, NatGateways, chain, hub, mesh


def hubs(*names):
    groups = [names[place : place + {GROUP}] for place in range(0, len(names), {GROUP})]
    spokes = [link for centre, *rest in groups for link in hub(centre, spokes=rest)]
    return [*chain(*(group[0] for group in groups)), *spokes]


def network(index):
    return f"10.{{index // 16}}.{{index % 16 * 16}}.0/20"


NAMES = [f"c{{index}}" for index in range({clusters})]
LINKS = {topology}(*NAMES)
ENVIRONMENT = Environment(
    clusters=[
        Eks(name, region="eu-west-1", cidr=network(index), nat=NatGateways.SINGLE)
        for index, name in enumerate(NAMES)
    ],
    links=LINKS,
    exports=[
        Export("api", namespace="shop", of=target)
        for target in sorted({{link.target for link in LINKS}})
    ],
    admins=["arn:aws:iam::000000000000:root"],
    operators=["198.51.100.10/32"],
)
'''


def demo_on_existing(project: Path, number: int, more: str = "") -> str:
    """
    Describe `demo` on clusters that exist; returns the name of that environment.

    Args:
        number: a part of its name, so that each has stacks of its own.
        more: a service on the second cluster that is exported to the first one too.
    """
    name = f"existing{number}"
    exported = f'[Export("{more}", namespace="yelb", of="west", to=["local"])]' if more else "[]"
    file = project / "stacks" / "environments" / f"{name}.py"
    file.write_text(
        f'''"""The environment `demo` on clusters that exist, to be measured."""

from dataclasses import replace

from linkmesh import Existing, Export
from linkmesh.stacks.environments import demo

ENVIRONMENT = replace(
    demo.ENVIRONMENT,
    clusters=[Existing(name) for name in {EXISTING}],
    exports=[*demo.ENVIRONMENT.exports, *{exported}],
    admins=[],
    operators=[],
)
'''
    )
    return name
