"""The part `links`: each link, on its source, from what its target granted."""

from components import names
from components.existing_cluster import ExistingCluster, ExistingClusterArgs
from components.linkerd.link import Grant, Link, LinkArgs
from components.linkerd.multicluster import Gateway

from .environment import Environment
from .outputs import AccessContract, ClusterContract, LinkContract, Stacks
from .topology import LinkSpec


def deploy(environment: Environment, stacks: Stacks) -> None:
    """Make every link of the environment."""
    sources = {
        name: _existing(name, stacks) for name in environment.names if environment.targets_of(name)
    }
    records = [_link(environment, link, sources[link.source], stacks) for link in environment.links]
    LinkContract.export_all(records)


def _existing(name: str, stacks: Stacks) -> ExistingCluster:
    contract = ClusterContract.from_stack(stacks, name)
    return ExistingCluster(name, ExistingClusterArgs(kubeconfig=contract.kubeconfig))


def _link(
    environment: Environment, link: LinkSpec, source: ExistingCluster, stacks: Stacks
) -> LinkContract:
    target = ClusterContract.from_stack(stacks, link.target)
    access = AccessContract.from_stack(stacks, link.target, link.source)
    grant = Grant(
        target=link.target,
        account=names.remote_access_account(link.source),
        token=access.token,
        api_server=target.api_server,
        certificate_authority_data=target.certificate_authority_data,
        gateway=Gateway(address=target.gateway_address, identity=target.gateway_identity),
    )
    Link(
        f"{link.source}-{link.target}",
        LinkArgs(source=source, grant=grant, export_labels=export_labels(environment, link)),
    )
    return LinkContract(
        source=link.source, target=link.target, gateway_address=target.gateway_address
    )


def export_labels(environment: Environment, link: LinkSpec) -> list[str]:
    """
    List the label values that a link mirrors: services for everybody, and for its source.

    Exports to all of a target's sources carry Linkerd's own value, so most links need only that.
    """
    chosen = {
        label
        for export in environment.exports
        if export.of == link.target and link.source in environment.callers_of(export)
        if (label := names.export_label(environment.chosen_sources(export))) != "true"
    }
    return ["true", *sorted(chosen)]
