"""How clusters are reached: the contracts of `network` and of each cluster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.output import UNKNOWN, Unknown

from linkmesh.linkerd.installation.data_plane import data_plane_annotations
from linkmesh.linkerd.ports import GATEWAY_PORT, PROBE_PORT

from .reading import Stacks, export


@dataclass(frozen=True, kw_only=True)
class NetworkContract:
    """What `network` exports of one cluster's network."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC."""

    private_subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Ids of the subnets of nodes and pods."""

    control_plane_subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Ids of the subnets of the API server's interfaces."""

    nat_addresses: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Public addresses from which its pods call the internet."""

    def export(self, cluster: str) -> None:
        """Export as `network_<cluster>`."""
        export(
            f"network_{cluster}",
            {
                "vpcId": self.vpc_id,
                "privateSubnetIds": self.private_subnet_ids,
                "controlPlaneSubnetIds": self.control_plane_subnet_ids,
                "natAddresses": self.nat_addresses,
            },
        )

    @classmethod
    def from_stack(cls, stacks: Stacks, cluster: str) -> "NetworkContract":
        """Read from the stack `network`."""
        network = stacks.read("network", f"network_{cluster}")
        return cls(
            vpc_id=network["vpcId"],
            private_subnet_ids=network["privateSubnetIds"],
            control_plane_subnet_ids=network["controlPlaneSubnetIds"],
            nat_addresses=network["natAddresses"],
        )

    def nat_block(self, index: int) -> pulumi.Output[str]:
        """
        Return the public address of one NAT gateway, as a CIDR block.

        Unknown in a preview in which that gateway is still to be made.
        """
        return pulumi.Output.from_input(self.nat_addresses).apply(
            lambda addresses: _block(addresses, index)
        )


def _block(addresses: Any, index: int) -> Any:
    if isinstance(addresses, Unknown):
        return UNKNOWN
    if index < len(addresses):
        return f"{addresses[index]}/32"
    if pulumi.runtime.is_dry_run():
        return UNKNOWN
    raise pulumi.RunError(
        f"network of a caller must have {index + 1} NAT addresses (it has {len(addresses)}). "
        "Deploy the part network first: mesh up does, or pulumi up --stack ENVIRONMENT.network"
    )


@dataclass(frozen=True, kw_only=True)
class ClusterContract:
    """What a cluster exports: how to reach it."""

    api_server: pulumi.Input[str]
    """URL of the API server."""

    certificate_authority_data: pulumi.Input[str]
    """CA certificates of the API server: PEM, base64."""

    gateway_address: pulumi.Input[str]
    """Addresses of the gateway, joined by commas; empty without a gateway."""

    gateway_identity: pulumi.Input[str]
    """Identity of the gateway; empty without a gateway."""

    kubeconfig: pulumi.Input[str]
    """Administrator's kubeconfig; a secret, and an output of its own."""

    gateway_port: pulumi.Input[int] = GATEWAY_PORT
    """Port of the gateway for calls."""

    probe_port: pulumi.Input[int] = PROBE_PORT
    """Port of the gateway's health probe."""

    linkerd_namespace_uid: pulumi.Input[str] = ""
    """UID of the namespace of Linkerd: a cluster that was replaced has another one, or none."""

    data_plane: pulumi.Input[Mapping[str, pulumi.Input[str]]] = field(
        default_factory=data_plane_annotations
    )
    """Annotations of the pods that were made with what runs here; known once it does run."""

    def export(self) -> None:
        """Export as `cluster` and `kubeconfig`."""
        export(
            "cluster",
            {
                "apiServer": self.api_server,
                "certificateAuthorityData": self.certificate_authority_data,
                "gatewayAddress": self.gateway_address,
                "gatewayIdentity": self.gateway_identity,
                "gatewayPort": self.gateway_port,
                "probePort": self.probe_port,
                "linkerdNamespaceUid": self.linkerd_namespace_uid,
                "dataPlane": self.data_plane,
            },
        )
        pulumi.export("kubeconfig", pulumi.Output.secret(self.kubeconfig))

    @classmethod
    def from_stack(cls, stacks: Stacks, cluster: str) -> "ClusterContract":
        """Read from a cluster's stack."""
        exported = stacks.read(cluster, "cluster")
        return cls(
            api_server=exported["apiServer"],
            certificate_authority_data=exported["certificateAuthorityData"],
            gateway_address=exported["gatewayAddress"],
            gateway_identity=exported["gatewayIdentity"],
            kubeconfig=stacks.read(cluster, "kubeconfig"),
            # Stacks of older versions do not export these: they have Linkerd's ports, and the first
            # generation of all else.
            gateway_port=exported.apply(lambda known: known.get("gatewayPort", GATEWAY_PORT)),
            probe_port=exported.apply(lambda known: known.get("probePort", PROBE_PORT)),
            linkerd_namespace_uid=exported.apply(
                lambda known: known.get("linkerdNamespaceUid", "")
            ),
            data_plane=exported.apply(
                lambda known: known.get("dataPlane") or data_plane_annotations()
            ),
        )


@dataclass(frozen=True, kw_only=True)
class EksContract:
    """What an EKS cluster exports besides: for people, and for `mesh status`."""

    support_end: pulumi.Input[str]
    """The last day of standard support of its Kubernetes version (ISO 8601)."""

    certificate_authority_expiry: pulumi.Input[str]
    """When the CA certificates of its API server expire (RFC 3339)."""

    security_group_id: pulumi.Input[str]
    """The security group of API server and nodes."""

    cluster_role: pulumi.Input[str]
    """Name of the IAM role of the control plane."""

    node_role: pulumi.Input[str]
    """Name of the IAM role of the nodes."""

    def export(self) -> None:
        """Export as `eks`."""
        export(
            "eks",
            {
                "supportEnd": self.support_end,
                "certificateAuthorityExpiry": self.certificate_authority_expiry,
                "securityGroupId": self.security_group_id,
                "clusterRole": self.cluster_role,
                "nodeRole": self.node_role,
            },
        )
