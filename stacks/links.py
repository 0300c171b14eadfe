"""The part `links`: each link, on its source, from what its target granted."""

from components.existing_cluster import ExistingCluster, ExistingClusterArgs
from components.linkerd.installation.multicluster import Gateway
from components.linkerd.links.export_labels import EVERY_SOURCE, label_value
from components.linkerd.links.link import Grant, Link, LinkArgs

from . import kind_network
from .environment import Environment, Existing, Kind, Member, Mode
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
    gateway = Gateway(
        address=target.gateway_address,
        identity=target.gateway_identity,
        port=target.gateway_port,
        probe_port=target.probe_port,
    )
    grant = Grant(
        target=link.target,
        account=access.account,
        token=access.token,
        generation=access.generation,
        api_server=target.api_server,
        certificate_authority_data=target.certificate_authority_data,
        gateway=gateway if environment.has_gateway(link.target) else None,
    )
    Link(
        f"{link.source}-{link.target}",
        LinkArgs(
            source=source,
            grant=grant,
            api_server=_api_server(environment.cluster(link.target)),
            export_labels=labels(environment, link, Mode.GATEWAY),
            discovery_labels=labels(environment, link, Mode.FLAT),
            federated_labels=labels(environment, link, Mode.FEDERATED),
        ),
    )
    return LinkContract(
        source=link.source, target=link.target, gateway_address=target.gateway_address
    )


def _api_server(target: Member) -> str | None:
    """Make the URL at which pods of others reach a target, if it is not its kubeconfig's."""
    if isinstance(target, Kind):
        return kind_network.api_server(target.name)
    return target.api_server if isinstance(target, Existing) else None


def labels(environment: Environment, link: LinkSpec, mode: Mode) -> list[str]:
    """
    List the label values by which a link finds services of one mode, for everybody and its own.

    Exports to all of a target's sources carry Linkerd's own value, so most links need only that.
    """
    every = EVERY_SOURCE[mode]
    chosen = {
        label_value(mode, of=export.of, sources=environment.chosen_sources(export))
        for export in environment.exports
        if export.mode is mode and export.of == link.target
        if link.source in environment.callers_of(export)
    }
    return [every, *sorted(chosen - {every})]
