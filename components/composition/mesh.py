"""The component `Mesh`: a whole environment in one program."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pulumi

from ..cluster import Cluster
from ..environment import Existing, LinkMode, LinkPlan, NatGateway, Plan
from ..existing_cluster import ExistingCluster, ExistingClusterArgs
from ..linkerd.links.exports import ExportedService
from ..linkerd.links.link import Link
from .addresses import resolve_callers
from .apps import AppCluster, make_apps
from .args import MeshArgs
from .cluster import ClusterInputs, ComposedCluster, make_cluster
from .expiries import expiries_of
from .linkerd_inputs import LinkerdInputs
from .links import make_link
from .outputs import MeshCluster, called_export
from .routes import make_routes
from .tags import environment_tags
from .trust import Trust, make_trust

if TYPE_CHECKING:
    from ..network import Network


class Mesh(pulumi.ComponentResource):
    """
    A whole environment in one program: clusters, Linkerd on each, links, exports.

    It makes the same resources as the stacks of an environment with the same description, under the
    same logical names: so a stack can have one `Mesh`. What stacks can do and it cannot:

    - Rotate in steps. `mesh rotate` restarts pods between its steps, and waits for them. Here a
      change of `trust` or `token_generations` is one `pulumi up`: make each step yourself, and
      restart the workloads of other owners before the next.
    - Separate rights. Who runs the program has the key of the trust anchor and administers every
      cluster. Of stacks each can have its own team, and that of links needs no rights on targets.
    - Deploy a part. A cluster that does not answer stops the whole `pulumi up`; and one program
      has all resources, so for many clusters that call each other use stacks.
    - Be read by `mesh`: commands such as `mesh status` read stacks. `pulumi up` does not wait for
      mirrors, and `pulumi destroy` deletes meshed namespaces with all that is in them.

    Makes:
        what the description says: a `TrustAnchor`; for each cluster an `IdentityIssuer`, a
        `LinkerdControlPlane`, a `LinkerdMulticluster`, a `LinkerdViz` and `MeshedNamespace`s; for
        each `Eks` a `Network`, an `EksCluster` and a `LoadBalancerController`; for each link a
        `LinkAccess` and a `Link`; and `NetworkPeering`s, `ExportedService`s, `WeightedRoute`s,
        `ServiceAlias`es.
    Example:
        mesh = Mesh(
            "shop",
            MeshArgs(
                clusters=[
                    Member("office", kubeconfig=secret, egress=["198.51.100.20/32"]),
                    Eks("cloud", region="eu-west-1", cidr="10.40.0.0/16"),
                ],
                links=chain("office", "cloud"),
                exports=[Export("orders", namespace="shop", of="cloud")],
                admins=["arn:aws:iam::111122223333:role/operators"],
                operators=["198.51.100.10/32"],
            ),
        )
        pulumi.export("orders", mesh.url("orders", namespace="shop", on="office", port=80))
    """

    plan: Plan
    """Everything that follows from the description."""

    clusters: Mapping[str, MeshCluster]
    """Each cluster, by name: its kubeconfig, its provider, the options of resources on it."""

    exports: Sequence[ExportedService]
    """Each export, in the order of the description: name, host and URL that callers use."""

    expiries: Mapping[str, pulumi.Output[str]]
    """
    When each certificate expires (RFC 3339).

    `anchor`; of each cluster `<cluster>-issuer`, `<cluster>-webhook-<name>` and
    `<cluster>-webhook-authority`, and for an `Eks` `<cluster>-api-server`.
    """

    def __init__(
        self,
        name: str,
        args: MeshArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:Mesh", name, {}, opts)
        plan, tags = args.plan, environment_tags(name)
        trust = make_trust(plan, args.trust, args.trust_anchors, parent=self)
        networks = _networks(plan, tags, parent=self)
        made = {
            each: _cluster(args, each, trust, networks, tags, parent=self) for each in plan.names
        }
        links = [_link(link, made, parent=self) for link in plan.links]
        self.plan, self.clusters = plan, {each: _outputs(one) for each, one in made.items()}
        workloads = args.workloads(self.clusters) if args.workloads else ()
        self.exports = _apps(plan, made, links, workloads, parent=self)
        self.expiries = expiries_of(plan, trust, made)
        self.register_outputs({"expiries": self.expiries})

    def exported(
        self,
        service: str,
        *,
        namespace: str,
        on: str,
        of: str | None = None,
        mode: LinkMode | None = None,
    ) -> ExportedService:
        """
        Return a service as one cluster calls it.

        Args:
            on: the cluster that calls.
            of: the cluster that answers; needed only if several export the service.
            mode: the mode of the call; needed only if it is exported in two.
        """
        found = called_export(self.plan, service, namespace=namespace, on=on, of=of, mode=mode)
        return self.exports[found]

    def url(
        self,
        service: str,
        *,
        namespace: str,
        on: str,
        port: int,
        of: str | None = None,
        mode: LinkMode | None = None,
        scheme: str = "http",
    ) -> str:
        """
        Return the URL by which pods on one cluster call a service.

        Args:
            on: the cluster that calls.
            of: the cluster that answers; needed only if several export the service.
            mode: the mode of the call; needed only if it is exported in two.
        """
        found = self.exported(service, namespace=namespace, on=on, of=of, mode=mode)
        domain = self.plan.clusters[on].cluster_domain
        return found.url(port, scheme=scheme, cluster_domain=domain)


def _networks(plan: Plan, tags: dict[str, str], parent: Mesh) -> "Mapping[str, Network]":
    if not plan.eks:
        return {}
    # A program without EKS never loads the SDK of AWS.
    from .network import make_networks

    return make_networks(plan, tags, parent)


def _cluster(
    args: MeshArgs,
    name: str,
    trust: Trust,
    networks: "Mapping[str, Network]",
    tags: dict[str, str],
    parent: Mesh,
) -> ComposedCluster:
    """Make one cluster with what the other resources of the program have."""
    plan, member = args.plan, args.members.get(name)

    def nat_block(gateway: NatGateway) -> pulumi.Output[str]:
        return networks[gateway.cluster].nat_public_ips[gateway.index].apply(lambda ip: f"{ip}/32")

    inputs = ClusterInputs(
        network=lambda: networks[name],
        existing=lambda described: _existing(args, described, parent),
        linkerd=LinkerdInputs(
            trust_anchors_pem=trust.anchors_pem,
            trust_state=trust.state,
            issuer=args.linkerd.cert_manager or trust.issuers.get(name),
            resolve=resolve_callers(plan, name, nat_block),
            charts=args.sources,
            token_generations=args.token_generations,
            gateway=member.gateway if member else None,
        ),
        tags=tags,
    )
    return make_cluster(plan.environment, plan.clusters[name], inputs, parent)


def _existing(args: MeshArgs, described: Existing, parent: Mesh) -> Cluster:
    member = args.members[described.name]
    if member.cluster is not None:
        return member.cluster
    assert member.kubeconfig is not None
    return ExistingCluster(
        member.name,
        ExistingClusterArgs(kubeconfig=member.kubeconfig),
        pulumi.ResourceOptions(parent=parent),
    )


def _link(link: LinkPlan, made: Mapping[str, ComposedCluster], parent: Mesh) -> Link:
    grant = made[link.target].accesses[link.source].grant
    return make_link(link, made[link.source].linkerd.multicluster, grant, parent)


def _outputs(made: ComposedCluster) -> MeshCluster:
    return MeshCluster(
        cluster=made.cluster,
        multicluster=made.linkerd.multicluster,
        depends_on=[made.linkerd.control_plane, *made.namespaces],
    )


def _apps(
    plan: Plan,
    made: Mapping[str, ComposedCluster],
    links: Sequence[Link],
    workloads: Sequence[pulumi.Resource],
    parent: Mesh,
) -> Sequence[ExportedService]:
    """Make what comes after the links; each waits for those of its own cluster, not for all."""
    clusters = {}
    for name in {*plan.application_clusters, *plan.routing_clusters}:
        own = [
            link
            for planned, link in zip(plan.links, links, strict=True)
            if name in planned.described
        ]
        clusters[name] = AppCluster(
            cluster=made[name].cluster,
            data_plane=made[name].linkerd.data_plane,
            after=[*_outputs(made[name]).depends_on, *own, *workloads],
        )
    apps = make_apps(plan, clusters, parent)
    make_routes(plan, clusters, apps.all, parent)
    return apps.exports
