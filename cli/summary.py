"""
What runs: the links of an environment, its mirror services and its certificates.

It looks for itself, since neither Pulumi nor Helm notices what changed inside a cluster: a link is
well only if Linkerd's `Link` and a running controller are there, a mirror only if it has endpoints.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from lightkube import ApiError, Client
from lightkube.generic_resource import create_namespaced_resource
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.core_v1 import Endpoints
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from components import api_server
from stacks.environment import Environment
from stacks.mirrors import mirrors
from stacks.topology import LinkSpec

from .runs import Project

LinkObject = create_namespaced_resource("multicluster.linkerd.io", "v1alpha3", "Link", "links")
EXTENSION = "linkerd-multicluster"

# A cluster that does not answer is said not to; the command does not hang on it.
TIMEOUT_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class LinkState:
    """One link, and what is wrong with it; empty if nothing is."""

    link: LinkSpec
    problem: str
    gateway: str


@dataclass(frozen=True, kw_only=True)
class MirrorState:
    """One mirror service, and what is wrong with it; empty if nothing is."""

    cluster: str
    name: str
    problem: str
    endpoints: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Found:
    """Everything that was found."""

    name: str
    links: Sequence[LinkState]
    mirrors: Sequence[MirrorState]
    anchors_expiry: str

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        problems = [state.problem for state in self.links]
        problems += [state.problem for state in self.mirrors]
        return bool(self.anchors_expiry) and not any(problems)


def collect(name: str, environment: Environment, project: Project) -> Found:
    """Look at every cluster of an environment, side by side."""
    with ThreadPoolExecutor() as pool:
        outputs = dict(
            zip(
                environment.names,
                pool.map(lambda part: project.outputs(f"{name}.{part}"), environment.names),
                strict=True,
            )
        )
        trust = pool.submit(project.outputs, f"{name}.trust")
        clients = {part: _client(out.get("kubeconfig")) for part, out in outputs.items()}
        links = list(pool.map(lambda link: _link(link, clients[link.source]), environment.links))
        found = list(
            pool.map(
                lambda mirror: _mirror(mirror, clients[mirror["cluster"]]), mirrors(environment)
            )
        )
    expiry = trust.result().get("trust", {}).get("anchorsExpiry", "")
    return Found(name=name, links=links, mirrors=found, anchors_expiry=expiry)


def _client(kubeconfig: str | None) -> Client | None:
    if kubeconfig is None:
        return None
    return api_server.client(kubeconfig, timeout_seconds=TIMEOUT_SECONDS)


def _link(link: LinkSpec, client: Client | None) -> LinkState:
    if client is None:
        return LinkState(link=link, problem=f"{link.source} is not deployed", gateway="")
    made = _read(client, LinkObject, link.target, EXTENSION)
    controller = _read(client, Deployment, f"controller-{link.target}", EXTENSION)
    gateway = made.get("spec", {}).get("gatewayAddress", "") if isinstance(made, dict) else ""
    return LinkState(link=link, problem=link_problem(made, controller), gateway=gateway)


def link_problem(made: Any, controller: Any) -> str:
    """Say what is wrong with a link: from its `Link` and its controller's Deployment, as read."""
    for what, read in (("Link", made), ("mirror controller", controller)):
        if isinstance(read, str):
            return f"{what}: {read}"
    if not (controller.status and controller.status.availableReplicas):
        return "mirror controller: no replica is available"
    conditions = [
        condition.get("message", "")
        for mirror in (made.get("status") or {}).get("mirrorServices") or []
        for condition in mirror.get("conditions") or []
        if condition.get("status") == "False"
    ]
    return "; ".join(conditions)


def _mirror(mirror: dict[str, str], client: Client | None) -> MirrorState:
    name, namespace = mirror["service"], mirror["namespace"]
    label = f"{name}.{namespace}"
    if client is None:
        problem = f"{mirror['cluster']} is not deployed"
        return MirrorState(cluster=mirror["cluster"], name=label, problem=problem, endpoints=())
    read = _read(client, Endpoints, name, namespace)
    if isinstance(read, str):
        return MirrorState(cluster=mirror["cluster"], name=label, problem=read, endpoints=())
    endpoints = ready_addresses(read)
    problem = "" if endpoints else "no endpoint is ready"
    return MirrorState(cluster=mirror["cluster"], name=label, problem=problem, endpoints=endpoints)


def ready_addresses(endpoints: Any) -> list[str]:
    """List the ready addresses of an Endpoints object, with their ports."""
    return [
        f"{address.ip}:{port.port}"
        for subset in endpoints.subsets or []
        for address in subset.addresses or []
        for port in subset.ports or []
    ]


def _read(client: Client, kind: Any, name: str, namespace: str) -> Any:
    """Read one object; what went wrong, as a text, if it cannot be read."""
    try:
        return client.get(kind, name, namespace=namespace)
    except ApiError as error:
        return "missing" if error.status.code == 404 else str(error.status.message)
    except Exception as error:
        return f"the API server does not answer ({type(error).__name__})"


def text(found: Found) -> RenderableType:
    """Show what was found to a person."""
    links = Table(
        "source", "target", "gateway", "state", title=None, box=None, padding=(0, 3, 0, 0)
    )
    for state in found.links:
        links.add_row(state.link.source, state.link.target, state.gateway, state.problem or "ok")
    services = Table(
        "mirror service", "callers on", "endpoints", "state", box=None, padding=(0, 3, 0, 0)
    )
    for mirror in found.mirrors:
        services.add_row(
            mirror.name, mirror.cluster, ", ".join(mirror.endpoints), mirror.problem or "ok"
        )
    arrows = ", ".join(str(state.link) for state in found.links) or "no links"
    return Group(
        Text(f"environment {found.name}: {arrows} (source calls target)\n"),
        links,
        Text(""),
        services,
        Text(f"\ntrust anchor expires {found.anchors_expiry or '(not deployed)'}"),
    )
