"""
Looks at every cluster of an environment, side by side; talks to API servers and reads stacks.

A cluster is read in a dozen lists. What cannot be read is told and nothing is taken for granted;
secrets are compared here, and only their digests go on.
"""

import ssl
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

# How long an address that a source was told is tried: from here it may lead nowhere.
TOLD_TIMEOUT_SECONDS = 3

# What OpenSSL says of a certificate of another CA.
_UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"

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
    """
    Ask a target with the credentials of a link, as the source's pods do.

    If the address in them cannot be reached from here, ask as the API server is reached from here.
    """
    source = seen[link.source]
    if source.problem or not source.deployed or link.target not in source.mirroring:
        return Answer(code=None, why="there is no token")
    if not seen[link.target].deployed:
        return Answer(code=None, why="it is not deployed")
    try:
        given = _given(link, outputs[link.source]["kubeconfig"])
        try:
            return _asked(given, link, timeout_seconds=TOLD_TIMEOUT_SECONDS)
        except Exception as error:
            if is_untrusted(error):
                return Answer(code=None, untrusted=True, why="its certificate is of another CA")
        return _asked(_with_token(outputs[link.target]["kubeconfig"], token_of(given)), link)
    except Exception as error:
        return Answer(code=None, why=explained(error))


def _asked(
    kubeconfig: str, link: LinkPlan, *, timeout_seconds: float = api_server.READ_TIMEOUT_SECONDS
) -> Answer:
    """List everything that the link needs; return the first refusal, else the last answer."""
    with api_server.http(kubeconfig, timeout_seconds=timeout_seconds) as http:
        for path in list_paths(link.modes):
            answer = Answer(
                code=http.get(path, params={"limit": 1}).status_code,
                resource=path.rpartition("/")[2],
            )
            # A kind that is not installed is no matter of rights.
            if answer.code not in (200, 404):
                break
    return answer


def is_untrusted(error: BaseException | None) -> bool:
    """Tell whether a server was reached whose certificate is not of the expected CA; pure."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError) or _UNTRUSTED in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _given(link: LinkPlan, kubeconfig: str) -> str:
    """Read the kubeconfig that the source's mirror controller has."""
    secret: Any = _client(kubeconfig).get(
        Secret, names.credentials_secret(link.target), namespace=MULTICLUSTER_NAMESPACE
    )
    return decoded(secret.data, "kubeconfig")


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
