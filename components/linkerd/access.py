"""
The right of one source to look at a target's services: the target's half of a link.

It lives with the target: an account of its own for one source, with only the rights that gateway
mode needs. The other half, `Link`, lives on the source and uses what is granted here. So whoever
makes links needs no rights on the targets, and a target can revoke one source alone.
"""

import base64
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from .. import names
from ..cluster import Cluster
from .multicluster import NAMESPACE

# What a mirror controller reads on the target in gateway mode, and the events it writes there.
# Source: linkerd2, multicluster/cmd/service-mirror/main.go (InitializeAPIForConfig: Svc, Endpoint)
GATEWAY_RULES = [
    {
        "api_groups": [""],
        "resources": ["services", "endpoints"],
        "verbs": ["get", "list", "watch"],
    },
    {"api_groups": [""], "resources": ["events"], "verbs": ["create", "patch"]},
]


@dataclass(frozen=True, kw_only=True)
class LinkAccessArgs:
    """Whom a target lets look at its services."""

    cluster: Cluster
    """The target. Its multicluster extension must already run."""

    source: str
    """Name of the cluster that will call."""


class LinkAccess(pulumi.ComponentResource):
    """
    The right of one source to look at a target's services.

    Makes:
        on the target, a service account, its token, a cluster role and its binding.
    Source: linkerd2, multicluster/charts/linkerd-multicluster/templates/
    remote-access-service-mirror-rbac.yaml
    """

    account: str
    """The service account."""

    token: pulumi.Output[str]
    """Its token, a secret, which never expires: removing this component revokes it."""

    def __init__(
        self,
        name: str,
        args: LinkAccessArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:LinkAccess", name, {}, opts)
        self.account = names.remote_access_account(args.source)
        account = _account(name, args, self.account, parent=self)
        secret = _token(name, args, account, parent=self)
        _rights(name, args, self.account, parent=self)
        self.token = pulumi.Output.secret(secret.data.apply(_decoded_token))
        self.register_outputs({"account": self.account})


def _account(
    name: str, args: LinkAccessArgs, account: str, parent: pulumi.Resource
) -> kubernetes.core.v1.ServiceAccount:
    return kubernetes.core.v1.ServiceAccount(
        f"{name}-account",
        metadata={"name": account, "namespace": NAMESPACE},
        opts=pulumi.ResourceOptions(parent=parent, provider=args.cluster.provider),
    )


def _token(
    name: str,
    args: LinkAccessArgs,
    account: kubernetes.core.v1.ServiceAccount,
    parent: pulumi.Resource,
) -> kubernetes.core.v1.Secret:
    return kubernetes.core.v1.Secret(
        f"{name}-token",
        metadata={
            "name": f"{names.remote_access_account(args.source)}-token",
            "namespace": NAMESPACE,
            "annotations": {"kubernetes.io/service-account.name": account.metadata.name},
        },
        type="kubernetes.io/service-account-token",
        opts=pulumi.ResourceOptions(
            parent=parent, provider=args.cluster.provider, additional_secret_outputs=["data"]
        ),
    )


def _decoded_token(data: dict[str, str] | None) -> str:
    return base64.b64decode((data or {})["token"]).decode()


def _rights(name: str, args: LinkAccessArgs, account: str, parent: pulumi.Resource) -> None:
    opts = pulumi.ResourceOptions(parent=parent, provider=args.cluster.provider)
    role = kubernetes.rbac.v1.ClusterRole(
        f"{name}-role", metadata={"name": account}, rules=GATEWAY_RULES, opts=opts
    )
    kubernetes.rbac.v1.ClusterRoleBinding(
        f"{name}-binding",
        metadata={"name": account},
        role_ref={
            "api_group": "rbac.authorization.k8s.io",
            "kind": "ClusterRole",
            "name": role.metadata.name,
        },
        subjects=[{"kind": "ServiceAccount", "name": account, "namespace": NAMESPACE}],
        opts=opts,
    )
