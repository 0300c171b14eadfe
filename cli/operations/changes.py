"""
Finds changes of deployed clusters that AWS would refuse half-way, before the first stack.

Descriptions are compared with those in the outputs of the clusters' stacks. A stack that was
destroyed has none, so its cluster may be described in any way.
"""

from linkmesh.environment import Plan, impossible_changes
from linkmesh.stacks import snapshot

from ..errors import PreconditionError
from .removal import Outputs


class ImpossibleChangeError(PreconditionError):
    """A deployed cluster cannot be changed as described; the message says why and what to do."""


def check(plan: Plan, outputs: Outputs) -> None:
    """
    Compare descriptions of clusters with what is deployed.

    Args:
        outputs: outputs of stacks, by part.

    Raises: ImpossibleChangeError.
    """
    descriptions = {name: outputs.get(name, {}).get("description") for name in plan.names}
    deployed = snapshot.deployed({name: each for name, each in descriptions.items() if each})
    if problems := impossible_changes(deployed.plan.environment, plan.environment):
        raise ImpossibleChangeError("\n".join(problems))
