"""
The component `LinkAccess`: the target's half of a link.

It is a service account on the target for one source, with only the rights that its modes need. The
other half, `Link`, is on the source and uses the grant. So the program that makes links needs no
rights on the targets, and a target can revoke one source alone.

A token is renewed without a failed request in three deployments: `generations=(1, 2)` on the target
makes the second token beside the first, the source then uses it, and `generations=(2,)` revokes the
first.
"""

import base64
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from ... import names
from ...arguments import checked
from ...generations import are_rising, named
from ..installation.installed import MulticlusterInstallation, waiting_for
from ..installation.multicluster import LinkerdMulticluster, multicluster_of
from ..labels import MULTICLUSTER_NAMESPACE
from ..mode import LinkMode
from .grant import LinkGrant
from .rights import rules


@checked
@dataclass(frozen=True, kw_only=True)
class LinkAccessArgs:
    """Arguments of `LinkAccess`."""

    target: LinkerdMulticluster | MulticlusterInstallation
    """
    The multicluster extension of the cluster that is called.

    A `MulticlusterInstallation` is for one that another program installed.
    """

    source: str
    """Name of the cluster that calls: `Cluster.name`, one DNS label."""

    modes: Collection[LinkMode] = (LinkMode.GATEWAY,)
    """The modes in which it calls services; its rights follow from them."""

    generations: Sequence[int] = (1,)
    """Numbers of the valid tokens, rising, from 1; the grant contains the last."""

    allows_check: bool = False
    """Whether the source may compare trust anchors, as `linkerd multicluster check` does."""

    def __post_init__(self) -> None:
        problems = [*self._problems()]
        if problems:
            raise ValueError("\n".join(problems))

    @property
    def installation(self) -> MulticlusterInstallation:
        """Settings of the extension."""
        return multicluster_of(self.target)

    def _problems(self) -> Iterator[str]:
        subject = f"access of {self.source!r} to {self.installation.cluster.name!r}"
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
    The access of one source to a target's services.

    It waits for the multicluster extension of the target.

    Makes:
        on the target, a service account, its tokens, a ClusterRole and its binding.
    Example:
        access = LinkAccess("east-access-west", LinkAccessArgs(target=east, source="west"))
        Link("west-east", LinkArgs(source=west, grant=access.grant))
    Source: linkerd2, multicluster/charts/linkerd-multicluster/templates/
    remote-access-service-mirror-rbac.yaml
    """

    grant: LinkGrant
    """
    What the `Link` on the source needs.

    Its token is a secret and never expires: deleting this component revokes it.
    """

    def __init__(
        self,
        name: str,
        args: LinkAccessArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        opts = waiting_for(opts, args.target)
        super().__init__("linkmesh:index:LinkAccess", name, {}, opts)
        account = names.remote_access_account(args.source)
        owner = _account(name, args, account, parent=self)
        secrets = [_token(name, args, each, owner, parent=self) for each in args.generations]
        rights = _rights(name, args, account, parent=self)
        token: pulumi.Output[str] = pulumi.Output.secret(
            # Who takes the token must find its rights: the destination controller asks only once.
            pulumi.Output.all(secrets[-1].data, *rights).apply(
                lambda known: _decoded_token(known[0])
            )
        )
        self.grant = _grant(args, account, token)
        self.register_outputs({"account": account})


def _grant(args: LinkAccessArgs, account: str, token: pulumi.Output[str]) -> LinkGrant:
    installation = args.installation
    return LinkGrant(
        target=installation.cluster.name,
        account=account,
        token=token,
        generation=args.generations[-1],
        api_server=installation.cluster.api_server,
        certificate_authority_data=installation.cluster.certificate_authority_data,
        gateway=installation.gateway,
        modes=args.modes,
        cluster_domain=installation.cluster_domain,
        trust_domain=installation.trust_domain,
    )


def _account(
    name: str, args: LinkAccessArgs, account: str, parent: pulumi.Resource
) -> kubernetes.core.v1.ServiceAccount:
    return kubernetes.core.v1.ServiceAccount(
        f"{name}-account",
        metadata={"name": account, "namespace": MULTICLUSTER_NAMESPACE},
        opts=pulumi.ResourceOptions(parent=parent, provider=args.installation.cluster.provider),
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
            parent=parent,
            provider=args.installation.cluster.provider,
            additional_secret_outputs=["data"],
        ),
    )


def _decoded_token(data: dict[str, str] | None) -> str:
    return base64.b64decode((data or {})["token"]).decode()


def _rights(
    name: str, args: LinkAccessArgs, account: str, parent: pulumi.Resource
) -> list[pulumi.Output[str]]:
    """Make the rights; return what is known once they are there."""
    opts = pulumi.ResourceOptions(parent=parent, provider=args.installation.cluster.provider)
    role = kubernetes.rbac.v1.ClusterRole(
        f"{name}-role",
        metadata={"name": account},
        rules=rules(args.modes, allows_check=args.allows_check),
        opts=opts,
    )
    binding = kubernetes.rbac.v1.ClusterRoleBinding(
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
    return [role.id, binding.id]
