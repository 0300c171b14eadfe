"""
Looks at every cluster of an environment, side by side; talks to API servers and reads stacks.

A cluster is read in a dozen lists. What cannot be read is told and nothing is taken for granted;
secrets are compared here, and only their digests go on.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import yaml
from lightkube import Client
from lightkube.resources.core_v1 import Secret

from components import api_server, names
from components.environment import LinkPlan, Plan
from components.linkerd.labels import MULTICLUSTER_NAMESPACE
from components.linkerd.links.rights import list_paths

from ..mirrors.collect import observe
from ..mirrors.waiting import Expected, expected
from ..runs.run import Project
from .cluster_reader import explained, read_cluster
from .observations import Answer, ClusterSeen, EnvironmentSeen, ExportSeen
from .tokens import decoded, token_of

# Each look at a mirror is some ten small requests to two API servers.
AT_ONCE = 16

Outputs = Mapping[str, Mapping[str, Any]]


def collect(name: str, plan: Plan, project: Project) -> EnvironmentSeen:
    """Look at every cluster of an environment."""
    parts = plan.names
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        read = pool.map(lambda part: project.outputs(f"{name}.{part}"), parts)
        outputs: Outputs = dict(zip(parts, read, strict=True))
        seen = dict(zip(parts, pool.map(lambda each: _cluster(each, outputs), parts), strict=True))
        links = plan.environment.links
        asked = pool.map(
            lambda link: _answer(plan.link(link.source, link.target), seen, outputs), links
        )
        answers = dict(zip(links, asked, strict=True))
        clients = {
            each: _client(outputs[each]["kubeconfig"])
            for each, one in seen.items()
            if one.deployed and not one.problem
        }
        exports = list(pool.map(lambda one: _export(one, clients), expected(plan)))
    return EnvironmentSeen(clusters=seen, answers=answers, exports=exports, at=datetime.now(UTC))


def _client(kubeconfig: str) -> Client:
    return api_server.client(kubeconfig)


def _cluster(name: str, outputs: Outputs) -> ClusterSeen:
    kubeconfig = outputs[name].get("kubeconfig")
    if kubeconfig is None:
        return ClusterSeen(name=name, deployed=False)
    told = outputs[name].get("cluster") or {}
    try:
        with api_server.http(kubeconfig) as http:
            answer = http.get("/version")
            answer.raise_for_status()
            version = str(answer.json()["gitVersion"]).removeprefix("v")
        return read_cluster(name, _client(kubeconfig), kubernetes=version, told=told)
    except Exception as error:
        return ClusterSeen(name=name, problem=explained(error), told=told)


def _answer(link: LinkPlan, seen: Mapping[str, ClusterSeen], outputs: Outputs) -> Answer:
    """Ask a target with the token of a link, as its API server is reached from here."""
    source = seen[link.source]
    if source.problem or not source.deployed or link.target not in source.mirroring:
        return Answer(code=None, why="there is no token")
    if not seen[link.target].deployed:
        return Answer(code=None, why="it is not deployed")
    try:
        token = _token(link, outputs[link.source]["kubeconfig"])
        kubeconfig = _with_token(outputs[link.target]["kubeconfig"], token)
        with api_server.http(kubeconfig) as http:
            for path in list_paths(link.modes):
                answer = Answer(
                    code=http.get(path, params={"limit": 1}).status_code,
                    resource=path.rpartition("/")[2],
                )
                # A kind that is not installed is no matter of rights.
                if answer.code not in (200, 404):
                    break
        return answer
    except Exception as error:
        return Answer(code=None, why=explained(error))


def _token(link: LinkPlan, kubeconfig: str) -> str:
    secret: Any = _client(kubeconfig).get(
        Secret, names.credentials_secret(link.target), namespace=MULTICLUSTER_NAMESPACE
    )
    return token_of(decoded(secret.data, "kubeconfig"))


def _with_token(kubeconfig: str, token: str) -> str:
    """Make a kubeconfig of the same API server, for whoever has a token."""
    read = yaml.safe_load(kubeconfig)
    for user in read["users"]:
        user["user"] = {"token": token}
    return yaml.safe_dump(read)


def _export(one: Expected, clients: Mapping[str, Client]) -> ExportSeen:
    export = one.export
    for cluster in (export.source, export.target):
        if cluster not in clients:
            return ExportSeen(expected=one, observed=None, why=f"{cluster!r} is unknown")
    try:
        source, target = clients[export.source], clients[export.target]
        return ExportSeen(expected=one, observed=observe(source, target, export, label=one.label))
    except Exception as error:
        return ExportSeen(expected=one, observed=None, why=explained(error))
