"""
Reads all clusters of an environment in parallel, from their API servers and the stacks' outputs.

A cluster is read in a dozen lists. What cannot be read is reported as unknown. Secrets are reduced
to digests here, so that later steps can compare them but never print them.
"""

import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import yaml
from lightkube import Client
from lightkube.resources.core_v1 import Secret

from linkmesh import api_server, names
from linkmesh.environment import LinkPlan, Plan
from linkmesh.linkerd.labels import MULTICLUSTER_NAMESPACE
from linkmesh.linkerd.links.rights import list_paths

from ..mirrors.collect import observe
from ..mirrors.waiting import AT_ONCE, Expected, expected
from ..runs.project import Project
from .cluster_reader import explained, read_cluster
from .observations import Answer, ObservedCluster, ObservedEnvironment, ObservedExport
from .tokens import decoded, token_of

# Timeout for an address from a source's credentials, which may not be reachable from here.
SOURCE_ADDRESS_TIMEOUT_SECONDS = 3

# OpenSSL's message about a certificate of another CA.
_UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"
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
        found = pool.map(
            lambda link: _answer(plan.link(link.source, link.target), observed, outputs), links
        )
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


def _answer(link: LinkPlan, observed: Mapping[str, ObservedCluster], outputs: Outputs) -> Answer:
    """
    Send requests to a target with the credentials of a link, as the source's pods do.

    If the address in them cannot be reached from here, use the one by which this machine reaches
    the API server.
    """
    source = observed[link.source]
    if source.problem or not source.deployed or link.target not in source.mirroring:
        return Answer(code=None, why="there is no token")
    if not observed[link.target].deployed:
        return Answer(code=None, why="it is not deployed")
    try:
        kubeconfig = _source_kubeconfig(link, outputs[link.source]["kubeconfig"])
        try:
            return _request(kubeconfig, link, timeout_seconds=SOURCE_ADDRESS_TIMEOUT_SECONDS)
        except Exception as error:
            if is_untrusted(error):
                return Answer(code=None, untrusted=True, why="its certificate is of another CA")
        return _request(_with_token(outputs[link.target]["kubeconfig"], token_of(kubeconfig)), link)
    except Exception as error:
        return Answer(code=None, why=explained(error))


def _request(
    kubeconfig: str, link: LinkPlan, *, timeout_seconds: float = api_server.READ_TIMEOUT_SECONDS
) -> Answer:
    """List everything that the link needs; return the first denial, else the last answer."""
    with api_server.http(kubeconfig, timeout_seconds=timeout_seconds) as http:
        for path in list_paths(link.modes):
            answer = Answer(
                code=http.get(path, params={"limit": 1}).status_code,
                resource=path.rpartition("/")[2],
            )
            # 404: the kind is not installed, which has nothing to do with rights.
            if answer.code not in (200, 404):
                break
    return answer


def is_untrusted(error: BaseException | None) -> bool:
    """Return whether a server was reached whose certificate is not of the expected CA."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError) or _UNTRUSTED in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _source_kubeconfig(link: LinkPlan, kubeconfig: str) -> str:
    """Read the kubeconfig that the source's mirror controller has."""
    secret: Any = _client(kubeconfig).get(
        Secret, names.credentials_secret(link.target), namespace=MULTICLUSTER_NAMESPACE
    )
    return decoded(secret.data, "kubeconfig")


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
