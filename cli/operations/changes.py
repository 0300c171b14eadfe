"""
Changes of deployed clusters that AWS would refuse half-way, refused before the first stack.

Compared with the records in the outputs of the clusters' stacks: a stack that was destroyed has
none, so its cluster may be described in any way.
"""

from concurrent.futures import ThreadPoolExecutor

from components.environment import Plan, impossible_changes
from stacks import snapshot

from ..errors import RefusedError
from ..runs.run import Project

# To read outputs is to start `pulumi` once more, which keeps about one processor busy.
READ_AT_ONCE = 4


class ImpossibleChangeError(RefusedError):
    """A description changes what cannot change of a deployed cluster; says what, and the way."""


def refuse(project: Project, name: str, plan: Plan) -> None:
    """Refuse to deploy what cannot be changed. Raises: ImpossibleChangeError."""

    def record(cluster: str) -> object:
        return project.outputs(f"{name}.{cluster}").get("description")

    with ThreadPoolExecutor(max_workers=READ_AT_ONCE) as pool:
        records = dict(zip(plan.names, pool.map(record, plan.names), strict=True))
    deployed = snapshot.deployed({part: each for part, each in records.items() if each})
    if problems := impossible_changes(deployed.plan.environment, plan.environment):
        raise ImpossibleChangeError("\n".join(problems))
