"""
Access of one source to a target's services: the target's half of a link.

On the target, each source has its own service account, with only the rights that its modes need.
The other half, `Link`, is on the source and uses what is granted here. So deploying links needs no
rights on the targets, and a target can revoke the access of one source.

Three deployments renew a token without a failed request: `generations=(1, 2)` on the target makes
the second token beside the first, then the source uses it, then `generations=(2,)` revokes the
first.
"""

import base64
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from ... import names
from ...cluster import Cluster
from ...generations import are_rising, named
from ..labels import MULTICLUSTER_NAMESPACE
from ..mode import LinkMode
from .rights import rules


@dataclass(frozen=True, kw_only=True)
class LinkAccessArgs:
    """Arguments of `LinkAccess`."""

    cluster: Cluster
    """The target. Its multicluster extension must already run."""

    source: str
    """Name of the cluster that will call."""

    modes: Collection[LinkMode] = (LinkMode.GATEWAY,)
    """The modes of its calls, which determine the rights."""

    generations: Sequence[int] = (1,)
    """Numbers of the tokens that are valid, rising from 1 or more; the last is the one granted."""

    allows_check: bool = False
    """Whether the source may compare trust anchors, as `linkerd multicluster check` does."""

    def __post_init__(self) -> None:
        problems = [*self._problems()]
        if problems:
            raise ValueError("\n".join(problems))

    def _problems(self) -> Iterator[str]:
        subject = f"access of {self.source!r} to {self.cluster.name!r}"
        if not self.modes:
            yield (
                f"{subject} must have at least one mode (got none). A source without one needs no "
                "access. Use: modes=[LinkMode.GATEWAY]"
            )
        if not are_rising(self.generations):
            yield (
                f"generations of {subject} must be rising numbers from 1 (got "
                f"{list(self.generations)}). The last is the token that the source uses. Use: "
                "generations=[1, 2]"
            )


class LinkAccess(pulumi.ComponentResource):
    """
    Access of one source to a target's services.

    Makes:
        on the target, a service account, its tokens, a cluster role and its binding.
    Source: linkerd2, multicluster/charts/linkerd-multicluster/templates/
    remote-access-service-mirror-rbac.yaml
    """

    account: str
    """The service account."""

    token: pulumi.Output[str]
    """Its newest token, a secret, which never expires: removing this component revokes it."""

    generation: int
    """The number of that token."""

    def __init__(
        self,
        name: str,
        args: LinkAccessArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:LinkAccess", name, {}, opts)
        self.account = names.remote_access_account(args.source)
        self.generation = args.generations[-1]
        account = _account(name, args, self.account, parent=self)
        secrets = [_token(name, args, each, account, parent=self) for each in args.generations]
        _rights(name, args, self.account, parent=self)
        self.token = pulumi.Output.secret(secrets[-1].data.apply(_decoded_token))
        self.register_outputs({"account": self.account})


def _account(
    name: str, args: LinkAccessArgs, account: str, parent: pulumi.Resource
) -> kubernetes.core.v1.ServiceAccount:
    return kubernetes.core.v1.ServiceAccount(
        f"{name}-account",
        metadata={"name": account, "namespace": MULTICLUSTER_NAMESPACE},
        opts=pulumi.ResourceOptions(parent=parent, provider=args.cluster.provider),
    )


def _token(
    name: str,
    args: LinkAccessArgs,
    generation: int,
    account: kubernetes.core.v1.ServiceAccount,
    parent: pulumi.Resource,
) -> kubernetes.core.v1.Secret:
    return kubernetes.core.v1.Secret(
        named(f"{name}-token", generation),
        metadata={
            "name": names.remote_access_token(args.source, generation),
            "namespace": MULTICLUSTER_NAMESPACE,
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
        f"{name}-role",
        metadata={"name": account},
        rules=rules(args.modes, allows_check=args.allows_check),
        opts=opts,
    )
    kubernetes.rbac.v1.ClusterRoleBinding(
        f"{name}-binding",
        metadata={"name": account},
        role_ref={
            "api_group": "rbac.authorization.k8s.io",
            "kind": "ClusterRole",
            "name": role.metadata.name,
        },
        subjects=[{"kind": "ServiceAccount", "name": account, "namespace": MULTICLUSTER_NAMESPACE}],
        opts=opts,
    )
