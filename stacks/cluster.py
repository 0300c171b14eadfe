"""A cluster's part: the cluster, Linkerd on it, its namespaces, and the access of its sources."""

import pulumi

from linkmesh.cluster import Cluster
from linkmesh.composition.addresses import resolve_callers
from linkmesh.composition.cluster import ClusterInputs, ComposedCluster, make_cluster
from linkmesh.composition.installation import LinkerdExtensions
from linkmesh.composition.linkerd_inputs import InstallationError, LinkerdInputs
from linkmesh.environment import Eks, Existing, NatGateway, Plan
from linkmesh.existing_cluster import ExistingCluster, ExistingClusterArgs
from linkmesh.linkerd.identity.authorities import Issuer
from linkmesh.linkerd.identity.cert_manager import CertManagerIssuer
from linkmesh.linkerd.ports import GATEWAY_PORT, PROBE_PORT

from .outputs import (
    AccessContract,
    ClusterContract,
    IssuerContract,
    NetworkContract,
    Stacks,
    TrustContract,
    WebhooksContract,
)
from .rotation import parsed_trust
from .settings import Settings, kubeconfig


def deploy(plan: Plan, name: str, stacks: Stacks, settings: Settings, tags: dict[str, str]) -> None:
    """Make one cluster of the environment and everything on it that is not an application."""
    planned = plan.clusters[name]
    inputs = ClusterInputs(
        network=lambda: NetworkContract.from_stack(stacks, name),
        existing=_existing,
        linkerd=_linkerd(plan, name, stacks, settings),
        tags=tags,
    )
    try:
        made = make_cluster(plan.environment, planned, inputs)
    except InstallationError as error:
        raise pulumi.RunError(
            f"{error}\nExtra values of charts are those of linkmesh:chartValues, or of the file of "
            "LINKMESH_CHART_VALUES"
        ) from None
    if isinstance(planned.described, Eks):
        # A stack of another cluster never loads the SDK of AWS.
        from . import eks

        eks.export(made.cluster)
    for source, access in made.accesses.items():
        grant = access.grant
        AccessContract(
            account=grant.account, token=grant.token, generation=grant.generation
        ).export(source)
    _webhooks(made.linkerd).export()
    _contract(made).export()


def _existing(described: Existing) -> Cluster:
    args = ExistingClusterArgs(kubeconfig=kubeconfig(described.name))
    return ExistingCluster(described.name, args)


def _linkerd(plan: Plan, name: str, stacks: Stacks, settings: Settings) -> LinkerdInputs:
    """Read what Linkerd needs from the stacks before this one."""
    environment = plan.environment
    trust = TrustContract.from_stack(stacks)

    def nat_block(gateway: NatGateway) -> pulumi.Output[str]:
        return NetworkContract.from_stack(stacks, gateway.cluster).nat_block(gateway.index)

    return LinkerdInputs(
        trust_anchors_pem=trust.anchors_pem,
        trust_state=pulumi.Output.from_input(trust.state).apply(parsed_trust),
        issuer=_issuer(plan, name, stacks),
        resolve=resolve_callers(plan, name, nat_block),
        charts=settings,
        token_generations=settings.token_generations or environment.token_generations,
    )


def _issuer(plan: Plan, name: str, stacks: Stacks) -> Issuer | CertManagerIssuer | None:
    """Return the issuer of a cluster; None if its Linkerd has one."""
    if name not in plan.issued_clusters:
        return None
    return plan.environment.linkerd.cert_manager or IssuerContract.from_stack(stacks, name)


def _webhooks(linkerd: LinkerdExtensions) -> WebhooksContract:
    """Return when the certificates of the webhooks expire."""
    return WebhooksContract(
        expiry=linkerd.webhook_expiries,
        authority=linkerd.webhook_authority_expiry or "",
    )


def _contract(made: ComposedCluster) -> ClusterContract:
    cluster, gateway = made.cluster, made.linkerd.multicluster.gateway
    return ClusterContract(
        api_server=cluster.api_server,
        certificate_authority_data=cluster.certificate_authority_data,
        gateway_address=gateway.address if gateway else "",
        gateway_identity=gateway.identity if gateway else "",
        kubeconfig=cluster.kubeconfig,
        gateway_port=gateway.port if gateway else GATEWAY_PORT,
        probe_port=gateway.probe_port if gateway else PROBE_PORT,
        linkerd_namespace_uid=made.linkerd.control_plane.namespace_uid,
        data_plane=made.linkerd.data_plane,
    )
