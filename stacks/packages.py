"""
Packages that only some descriptions need.

The distribution requires what every environment needs. The SDK of AWS is an extra of it, and that
of kind is on no package index, so the distribution contains its source.
Decision: docs/decisions/0023-one-distribution.md
"""

from importlib.util import find_spec
from pathlib import Path

from linkmesh.environment import Eks, Kind, Plan

from .errors import LoadError
from .project import project_folder

# In an installation below linkmesh/, in the repository beside it.
KIND_SDK = Path(__file__).resolve().parents[1] / "sdks" / "kind"


def require(name: str, plan: Plan) -> None:
    """
    Check that the packages that an environment needs are installed.

    Raises: LoadError, with a command for each that is missing.
    """
    if problems := missing(plan):
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise LoadError(f"environment {name!r} cannot be deployed:\n{listed}")


def missing(plan: Plan) -> list[str]:
    """Describe each package that an environment needs and that is not installed."""
    clusters = plan.environment.clusters
    problems = []
    eks = [each.name for each in clusters if isinstance(each, Eks)]
    if eks and find_spec("pulumi_aws") is None:
        problems.append(
            f"package pulumi-aws must be installed for clusters on EKS: {', '.join(eks)} (it is "
            "not). Use: pip install 'linkmesh[aws]'"
        )
    kind = [each.name for each in clusters if isinstance(each, Kind)]
    if kind and find_spec("pulumi_kind") is None:
        problems.append(
            f"package pulumi_kind must be installed for kind clusters: {', '.join(kind)} (it is "
            f"not). No index has it, and linkmesh contains its source. Use: {_kind_command()}"
        )
    return problems


def _kind_command() -> str:
    """Return how to install the SDK of kind, which a project has in the folder of `mesh new`."""
    if (project_folder() / "sdks" / "kind").is_dir():
        return "pip install ./sdks/kind, in the folder of the project"
    return (
        f"mkdir -p sdks && cp -r {KIND_SDK} sdks/kind && pip install ./sdks/kind, in the folder of "
        "the project, and add ./sdks/kind to requirements.txt"
    )
