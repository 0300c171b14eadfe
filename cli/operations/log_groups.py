"""
Takes over log groups that EKS made again after a cluster of the same name was deleted.

EKS writes the last logs of a cluster for some minutes after its deletion, and makes their log group
again for them, without retention. The next `up` of that name fails then, since the group is there.
So the group is imported into the state of the stack, and the `up` is repeated: it sets retention
and tags, and the old logs stay as long as new ones.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from linkmesh import names

from ..errors import RunFailedError
from ..runs.failures import LOG_GROUP_EXISTS
from ..runs.project import Project

_CLUSTER = "linkmesh:index:EksCluster"
_PROVIDER = "pulumi:providers:aws"


def retry(attempt: Callable[[], None], project: Project, name: str, console: Console) -> None:
    """
    Call `attempt`; repeat it once after taking over log groups that it found.

    Raises: RunFailedError, the last one of `attempt`.
    """
    try:
        return attempt()
    except RunFailedError as failed:
        found = [part for part, why in failed.causes.items() if LOG_GROUP_EXISTS in why]
        if not found:
            raise
        for part in found:
            _take_over(project, f"{name}.{part}", part)
            console.print(
                f"{part}: EKS had made the log group {names.control_plane_log_group(part)} again; "
                "it is taken over, with its logs."
            )
    return attempt()


def _take_over(project: Project, stack: str, cluster: str) -> None:
    resources = (project.exported(stack).get("deployment") or {}).get("resources") or ()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "import.json"
        file.write_text(json.dumps(import_file(cluster, resources)), encoding="utf-8")
        project.import_resources(stack, file)


def import_file(cluster: str, resources: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """
    Make the file of `pulumi import` for the log group of a cluster.

    Args:
        resources: those of the stack's state, in which the component and the provider are.
    Source: https://www.pulumi.com/docs/iac/adopting-pulumi/import/ (bulk import)
    """
    urns = {str(each["type"]): str(each["urn"]) for each in resources}
    return {
        "nameTable": {"cluster": urns[_CLUSTER], "aws": urns[_PROVIDER]},
        "resources": [
            {
                "type": "aws:cloudwatch/logGroup:LogGroup",
                "name": f"{cluster}-logs",
                "id": names.control_plane_log_group(cluster),
                "parent": "cluster",
                "provider": "aws",
            }
        ],
    }
