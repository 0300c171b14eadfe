"""
Reads all clusters of an environment in parallel, from their API servers and the stacks' outputs.

A cluster is read in a dozen lists. What cannot be read is reported as unknown. Secrets are reduced
to digests here, so that later steps can compare them but never print them.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import yaml
from lightkube import Client
from lightkube.resources.core_v1 import Secret

from components import api_server, names
from components.environment import LinkSpec, Plan
from components.linkerd.labels import MULTICLUSTER_NAMESPACE

from ..mirrors.collect import observe
from ..mirrors.waiting import AT_ONCE, Expected, expected
from ..runs.run import Project
from .cluster_reader import explained, read_cluster
from .observations import Answer, ObservedCluster, ObservedEnvironment, ObservedExport
from .tokens import decoded, token_of

Outputs = Mapping[str, Mapping[str, Any]]


def collect(name: str, plan: Plan, project: Project) -> ObservedEnvironment:
    """Read every cluster of an environment."""
    parts = plan.names
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        read = pool.map(lambda part: project.outputs(f"{name}.{part}"), parts)
        outputs: Outputs = dict(zip(parts, read, strict=True))
        observed = dict(
            zip(parts, pool.map(lambda each: _cluster(each, outputs), parts), strict=True)
        )
        links = plan.environment.links
        found = pool.map(lambda link: _answer(link, observed, outputs), links)
        answers = dict(zip(links, found, strict=True))
        clients = {
            each: _client(outputs[each]["kubeconfig"])
            for each, one in observed.items()
            if one.deployed and not one.problem
        }
        exports = list(pool.map(lambda one: _export(one, clients), expected(plan)))
    return ObservedEnvironment(
        clusters=observed, answers=answers, exports=exports, at=datetime.now(UTC)
    )


def _client(kubeconfig: str) -> Client:
    return api_server.client(kubeconfig)


def _cluster(name: str, outputs: Outputs) -> ObservedCluster:
    kubeconfig = outputs[name].get("kubeconfig")
    if kubeconfig is None:
        return ObservedCluster(name=name, deployed=False)
    contract = outputs[name].get("cluster") or {}
    try:
        with api_server.http(kubeconfig) as http:
            answer = http.get("/version")
            answer.raise_for_status()
            version = str(answer.json()["gitVersion"]).removeprefix("v")
        return read_cluster(name, _client(kubeconfig), kubernetes=version, contract=contract)
    except Exception as error:
        return ObservedCluster(name=name, problem=explained(error), contract=contract)


def _answer(link: LinkSpec, observed: Mapping[str, ObservedCluster], outputs: Outputs) -> Answer:
    """Send a request to a target with the token of a link, from this machine."""
    source = observed[link.source]
    if source.problem or not source.deployed or link.target not in source.mirroring:
        return Answer(code=None, why="there is no token")
    if not observed[link.target].deployed:
        return Answer(code=None, why="it is not deployed")
    try:
        token = _token(link, outputs[link.source]["kubeconfig"])
        kubeconfig = _with_token(outputs[link.target]["kubeconfig"], token)
        with api_server.http(kubeconfig) as http:
            answer = http.get("/api/v1/services", params={"limit": 1})
        return Answer(code=answer.status_code)
    except Exception as error:
        return Answer(code=None, why=explained(error))


def _token(link: LinkSpec, kubeconfig: str) -> str:
    secret: Any = _client(kubeconfig).get(
        Secret, names.credentials_secret(link.target), namespace=MULTICLUSTER_NAMESPACE
    )
    return token_of(decoded(secret.data, "kubeconfig"))


def _with_token(kubeconfig: str, token: str) -> str:
    """Return a kubeconfig for the same API server that authenticates with a token."""
    read = yaml.safe_load(kubeconfig)
    for user in read["users"]:
        user["user"] = {"token": token}
    return yaml.safe_dump(read)


def _export(one: Expected, clients: Mapping[str, Client]) -> ObservedExport:
    export = one.export
    for cluster in (export.source, export.target):
        if cluster not in clients:
            return ObservedExport(expected=one, observation=None, why=f"{cluster!r} is unknown")
    try:
        source, target = clients[export.source], clients[export.target]
        return ObservedExport(
            expected=one, observation=observe(source, target, export, label=one.label)
        )
    except Exception as error:
        return ObservedExport(expected=one, observation=None, why=explained(error))
