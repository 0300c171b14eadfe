"""
New tokens of links that nobody has used yet, so that the old ones must not be revoked.

A controller reads its credentials when it is told that they changed, and one that was not told goes
on with the old token until that is refused. Kubernetes marks each token of an account with the day
on which it was last used: a new one that bears a mark was read. Trap: the mark does not say by how
many. Mirror controllers are one a link; the replicas of linkerd-destination, which read the same
token in flat and federated mode, are told by the same change of a Secret.
Source: kubernetes, pkg/serviceaccount/legacy.go (since 1.28)
"""

from collections.abc import Collection, Mapping

from lightkube.resources.core_v1 import Secret

from components import api_server, names
from components.linkerd.labels import MULTICLUSTER_NAMESPACE
from stacks.environment import Environment
from stacks.rotation import Tokens

from ..runs.run import Project

LAST_USED = "kubernetes.io/legacy-token-last-used"


def unused(project: Project, name: str, environment: Environment, tokens: Tokens) -> list[str]:
    """List the new tokens that stand beside an old one and were not used; empty if all were."""
    found = []
    for target, generations in tokens.items():
        if len(generations) < 2:
            continue
        kubeconfig = project.outputs(f"{name}.{target}")["kubeconfig"]
        client = api_server.client(kubeconfig)
        marks = {
            secret.metadata.name: secret.metadata.labels or {}
            for secret in client.list(Secret, namespace=MULTICLUSTER_NAMESPACE)
            if secret.metadata
        }
        left = unmarked(marks, environment.sources_of(target), generations[-1])
        found += [f"{target}: {token}" for token in left]
    return found


def unmarked(
    marks: Mapping[str | None, Mapping[str, str]], sources: Collection[str], generation: int
) -> list[str]:
    """List the tokens of one generation, one a source, that bear no mark of their use."""
    tokens = [names.remote_access_token(source, generation) for source in sources]
    return [token for token in tokens if LAST_USED not in marks.get(token, {})]
