"""
Finds changes of deployed clusters that AWS would refuse half-way, before the first stack.

Descriptions are compared with those in the outputs of the clusters' stacks. A stack that was
destroyed has none, so its cluster may be described in any way.
"""

from concurrent.futures import ThreadPoolExecutor

from components.environment import Plan, impossible_changes
from stacks import snapshot

from ..errors import PreconditionError
from ..runs.run import Project

# To read outputs is to start `pulumi` once more, which keeps about one processor busy.
READ_AT_ONCE = 4


class ImpossibleChangeError(PreconditionError):
    """A deployed cluster cannot be changed as described; the message says why and what to do."""


def check(project: Project, name: str, plan: Plan) -> None:
    """Compare a description with what is deployed. Raises: ImpossibleChangeError."""

    def description(cluster: str) -> object:
        return project.outputs(f"{name}.{cluster}").get("description")

    with ThreadPoolExecutor(max_workers=READ_AT_ONCE) as pool:
        descriptions = dict(zip(plan.names, pool.map(description, plan.names), strict=True))
    deployed = snapshot.deployed({part: each for part, each in descriptions.items() if each})
    if problems := impossible_changes(deployed.plan.environment, plan.environment):
        raise ImpossibleChangeError("\n".join(problems))
