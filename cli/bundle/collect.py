"""
Collects a support bundle: the description, the state of all stacks, objects of all clusters.

Stacks are read one after another, because each starts `pulumi`; clusters in parallel. What cannot
be collected is listed in the manifest and no error, because a bundle is needed when something is
broken.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from platform import platform, python_version
from typing import Any

from pulumi import automation

from linkmesh import api_server, versions
from linkmesh.environment import Plan

from ..doctor.collect import installed
from ..plan.render import text
from ..redaction import Known
from ..runs.project import Project
from ..status import collect as status
from ..status import evaluate, render
from . import objects, state
from .archive import Document, Gap, archive, json_text

_PACKAGES = ("pulumi", "pulumi-kubernetes", "pulumi-aws", "pulumi-tls", "lightkube")


def bundle(name: str, plan: Plan, project: Project) -> tuple[bytes, Sequence[Gap]]:
    """Collect everything. Returns: the archive, and what is not in it."""
    states, gaps = _states(name, plan, project)
    documents = [
        Document(path="description.txt", text=text(name, plan) + "\n"),
        Document(path="versions.json", text=json_text(_versions(project))),
        *_of_stacks(states),
    ]
    configs = {part: state.kubeconfig(states.get(part, {})) for part in plan.names}
    gaps += [
        Gap(what=f"clusters/{part}", why="its stack has no kubeconfig: it is not deployed")
        for part, kubeconfig in configs.items()
        if kubeconfig is None
    ]
    known_configs = {part: config for part, config in configs.items() if config is not None}
    found, missing = _status(name, plan, project)
    documents += found
    gaps += missing
    with ThreadPoolExecutor() as pool:
        for found, missing in pool.map(_cluster, known_configs, known_configs.values()):
            documents += found
            gaps += missing
    known = Known.of(state.secrets(states.values()))
    return archive(name, documents, gaps, known), gaps


def _states(name: str, plan: Plan, project: Project) -> tuple[dict[str, state.State], list[Gap]]:
    """Read the state of all existing stacks."""
    states: dict[str, state.State] = {}
    gaps: list[Gap] = []
    existing = project.existing()
    for part in plan.parts:
        stack = f"{name}.{part}"
        if stack not in existing:
            gaps.append(Gap(what=f"stacks/{part}", why="the stack does not exist"))
            continue
        try:
            states[part] = project.workspace.export_stack(stack).deployment or {}
        except (automation.CommandError, ValueError) as error:
            why = f"pulumi does not export it ({type(error).__name__})"
            gaps.append(Gap(what=f"stacks/{part}", why=why))
    return states, gaps


def _status(name: str, plan: Plan, project: Project) -> tuple[list[Document], list[Gap]]:
    """Evaluate the environment as `mesh status` does."""
    try:
        report = evaluate.evaluate(name, plan, status.collect(name, plan, project))
    except Exception as error:  # a bundle is needed most when something is broken
        return [], [Gap(what="status", why=f"cannot be evaluated ({type(error).__name__})")]
    return [Document(path="status.json", text=json_text(render.document(report)))], []


def _of_stacks(states: dict[str, state.State]) -> Iterable[Document]:
    for part, of_stack in states.items():
        yield Document(path=f"stacks/{part}/outputs.json", text=json_text(state.outputs(of_stack)))
        content = {"resources": state.resources(of_stack), "pending": state.pending(of_stack)}
        yield Document(path=f"stacks/{part}/resources.json", text=json_text(content))


def _cluster(cluster: str, kubeconfig: str) -> tuple[list[Document], list[Gap]]:
    try:
        with api_server.http(kubeconfig) as http:
            return objects.collect(cluster, http)
    except Exception as error:  # the other clusters are still collected
        # Without the message, which may quote the kubeconfig.
        return [], [Gap(what=f"clusters/{cluster}", why=f"cannot be read ({type(error).__name__})")]


def _versions(project: Project) -> dict[str, Any]:
    return {
        "machine": {"python": python_version(), "platform": platform()},
        "packages": {package: installed(package) for package in _PACKAGES},
        "pulumi": project.workspace.pulumi_version,
        "pinned": {"linkerd": versions.LINKERD_CHART, "kubernetes": versions.KUBERNETES},
    }
