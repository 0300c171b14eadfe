"""
New tokens of links that are not in use yet; the old ones must not be revoked before.

A controller reads its credentials when they change, but may miss a change and use the old token
until that is rejected. Kubernetes labels each token of a service account with the day of its last
use, so a new token with that label was read. The label does not say by how many clients: there is
one mirror controller for each link, but several replicas of linkerd-destination, which read the
same token in flat and federated mode and notice the same change of a Secret.
Source: kubernetes, pkg/serviceaccount/legacy.go (since 1.28)
"""

from collections.abc import Collection, Mapping

from lightkube.resources.core_v1 import Secret

from linkmesh import api_server, names
from linkmesh.environment import Plan
from linkmesh.linkerd.labels import MULTICLUSTER_NAMESPACE
from linkmesh.stacks.rotation import Tokens

from ..runs.project import Project

LAST_USED = "kubernetes.io/legacy-token-last-used"


def unused_tokens(project: Project, name: str, plan: Plan, tokens: Tokens) -> list[str]:
    """List the new tokens that replace an old one and were not used yet."""
    found = []
    for target, generations in tokens.items():
        if len(generations) < 2:
            continue
        kubeconfig = project.outputs(f"{name}.{target}")["kubeconfig"]
        client = api_server.client(kubeconfig)
        labels = {
            secret.metadata.name: secret.metadata.labels or {}
            for secret in client.list(Secret, namespace=MULTICLUSTER_NAMESPACE)
            if secret.metadata
        }
        left = never_used(labels, plan.clusters[target].sources, generations[-1])
        found += [f"{target}: {token}" for token in left]
    return found


def never_used(
    labels: Mapping[str | None, Mapping[str, str]], sources: Collection[str], generation: int
) -> list[str]:
    """List the tokens of one generation, one for each source, that were never used."""
    tokens = [names.remote_access_token(source, generation) for source in sources]
    return [token for token in tokens if LAST_USED not in labels.get(token, {})]
