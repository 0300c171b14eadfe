"""
Reads all clusters of an environment in parallel, from their API servers and the stacks' outputs.

A cluster is read in a dozen lists. What cannot be read is reported as unknown. Secrets are reduced
to digests here, so that later steps can compare them but never print them.
"""

import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import yaml
from lightkube import Client
from lightkube.resources.core_v1 import Secret

from linkmesh import api_server, names
from linkmesh.environment import LinkPlan, Plan
from linkmesh.linkerd.labels import MULTICLUSTER_NAMESPACE
from linkmesh.linkerd.links.rights import list_paths
from linkmesh.yaml_text import parsed

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


@dataclass(frozen=True, kw_only=True)
class _Read:
    """What was read of one cluster, and how to read more of it."""

    outputs: Mapping[str, Any]
    """Outputs of its stack."""

    observed: ObservedCluster
    """Its state."""

    client: Client | None = None
    """A client of its API server; None if that is unknown or does not answer."""


def collect(name: str, plan: Plan, project: Project) -> ObservedEnvironment:
    """Read every cluster of an environment."""
    parts, links = plan.names, plan.environment.links
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        read = pool.map(lambda each: _cluster(each, project.outputs(f"{name}.{each}")), parts)
        clusters = dict(zip(parts, read, strict=True))
        found = pool.map(lambda link: _answer(plan.link(link.source, link.target), clusters), links)
        answers = dict(zip(links, found, strict=True))
        exports = list(pool.map(lambda one: _export(one, clusters), expected(plan)))
    return ObservedEnvironment(
        clusters={each: one.observed for each, one in clusters.items()},
        answers=answers,
        exports=exports,
        at=datetime.now(UTC),
    )


def _cluster(name: str, outputs: Mapping[str, Any]) -> _Read:
    kubeconfig = outputs.get("kubeconfig")
    if kubeconfig is None:
        return _Read(outputs=outputs, observed=ObservedCluster(name=name, deployed=False))
    contract = outputs.get("cluster") or {}
    try:
        with api_server.http(kubeconfig) as http:
            answer = http.get("/version")
            answer.raise_for_status()
            version = str(answer.json()["gitVersion"]).removeprefix("v")
        client = api_server.client(kubeconfig)
        observed = read_cluster(name, client, kubernetes=version, contract=contract)
        return _Read(outputs=outputs, observed=observed, client=client)
    except Exception as error:
        observed = ObservedCluster(name=name, problem=explained(error), contract=contract)
        return _Read(outputs=outputs, observed=observed)


def _answer(link: LinkPlan, clusters: Mapping[str, _Read]) -> Answer:
    """
    Send requests to a target with the credentials of a link, as the source's pods do.

    If the address in them cannot be reached from here, use the one by which this machine reaches
    the API server.
    """
    source, target = clusters[link.source], clusters[link.target]
    if source.client is None or link.target not in source.observed.mirroring:
        return Answer(code=None, why="there is no token")
    if not target.observed.deployed:
        return Answer(code=None, why="it is not deployed")
    try:
        kubeconfig = _source_kubeconfig(link, source.client)
        try:
            return _request(kubeconfig, link, timeout_seconds=SOURCE_ADDRESS_TIMEOUT_SECONDS)
        except Exception as error:
            if is_untrusted(error):
                return Answer(code=None, untrusted=True, why="its certificate is of another CA")
        return _request(_with_token(target.outputs["kubeconfig"], token_of(kubeconfig)), link)
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


def _source_kubeconfig(link: LinkPlan, source: Client) -> str:
    """Read the kubeconfig that the source's mirror controller has."""
    secret: Any = source.get(
        Secret, names.credentials_secret(link.target), namespace=MULTICLUSTER_NAMESPACE
    )
    return decoded(secret.data, "kubeconfig")


def _with_token(kubeconfig: str, token: str) -> str:
    """Return a kubeconfig for the same API server that authenticates with a token."""
    read = parsed(kubeconfig)
    for user in read["users"]:
        user["user"] = {"token": token}
    return yaml.safe_dump(read)


def _export(one: Expected, clusters: Mapping[str, _Read]) -> ObservedExport:
    export = one.export
    source, target = clusters[export.source].client, clusters[export.target].client
    if source is None or target is None:
        unknown = export.source if source is None else export.target
        return ObservedExport(expected=one, observation=None, why=f"{unknown!r} is unknown")
    try:
        return ObservedExport(
            expected=one, observation=observe(source, target, export, label=one.label)
        )
    except Exception as error:
        return ObservedExport(expected=one, observation=None, why=explained(error))
