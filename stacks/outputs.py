"""
The contracts between stacks: the only exports, and the only stack references.

Each is a frozen dataclass with `export` and `from_stack`. A contract has a version; secret and
plain halves are separate outputs, because Pulumi marks a whole output as secret if any part of it
is. What a predecessor has not exported yet is unknown in a preview, so that a whole new environment
can be previewed, and refused in an `up` with the command to run first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.output import UNKNOWN

from components.linkerd.data_plane import data_plane_annotations
from components.linkerd.multicluster_values import GATEWAY_PORT, PROBE_PORT
from components.linkerd.rotation import TrustState

from .rotation import trust_record

VERSION = 1

Values = dict[str, Any]


@dataclass(frozen=True)
class Stacks:
    """The stacks of one environment, to be read from one of them; each is referenced once."""

    environment: str
    _references: dict[str, pulumi.StackReference]

    @classmethod
    def of(cls, environment: str) -> "Stacks":
        """Start with no reference made."""
        return cls(environment, {})

    def read(self, part: str, key: str) -> pulumi.Output[Any]:
        """Read one output of a part of the environment; a secret stays a secret."""
        if part not in self._references:
            stack = f"{self.environment}.{part}"
            path = f"{pulumi.get_organization()}/{pulumi.get_project()}/{stack}"
            self._references[part] = pulumi.StackReference(part, stack_name=path)
        stack = f"{self.environment}.{part}"
        output = self._references[part].get_output(key)
        return output.apply(lambda value: checked(value, stack, key))


def checked(value: Any, stack: str, key: str) -> Any:
    """
    Check what was read from a stack; unknown in a preview if it is not there yet.

    An empty map is what Pulumi gives when it cannot decrypt a secret.
    """
    if value is None and pulumi.runtime.is_dry_run():
        return UNKNOWN
    if value is None:
        raise pulumi.RunError(
            f"stack {stack!r} must export {key!r} (it does not). Deploy it first: "
            f"pulumi up --stack {stack}"
        )
    if value == {}:
        raise pulumi.RunError(
            f"output {key!r} of stack {stack!r} must be readable (it is empty, as a secret is that "
            "cannot be decrypted). Use the same secrets provider and passphrase for all stacks of "
            "an environment."
        )
    version = value.get("version") if isinstance(value, dict) else VERSION
    if version != VERSION:
        raise pulumi.RunError(
            f"output {key!r} of stack {stack!r} must have version {VERSION} (got {version}). "
            f"Deploy it again with this version of linkmesh: pulumi up --stack {stack}"
        )
    return value


def _export(key: str, values: Values) -> None:
    pulumi.export(key, {"version": VERSION, **values})


@dataclass(frozen=True, kw_only=True)
class TrustContract:
    """What `trust` tells: the anchors."""

    anchors_pem: pulumi.Input[str]
    """Trust anchors: PEM certificates, one after another."""

    anchors_expiry: pulumi.Input[str]
    """When the first of them expires (RFC 3339)."""

    state: pulumi.Input[Values] = field(default_factory=lambda: trust_record(TrustState()))
    """Which generations there are: a state of trust, as plain data."""

    def export(self) -> None:
        """Export as `trust`."""
        _export(
            "trust",
            {
                "anchorsPem": self.anchors_pem,
                "anchorsExpiry": self.anchors_expiry,
                "state": self.state,
            },
        )

    @classmethod
    def from_stack(cls, stacks: Stacks) -> "TrustContract":
        """Read from the stack `trust`."""
        trust = stacks.read("trust", "trust")
        # Who exported before anchors had numbers has the first.
        first = trust_record(TrustState())
        return cls(
            anchors_pem=trust["anchorsPem"],
            anchors_expiry=trust["anchorsExpiry"],
            state=trust.apply(lambda told: told.get("state") or first),
        )


@dataclass(frozen=True, kw_only=True)
class ExpiriesContract:
    """When each certificate of `trust` expires (RFC 3339)."""

    anchors: Mapping[str, pulumi.Input[str]]
    """By the anchor's name: `anchor`, `anchor-2`."""

    issuers: Mapping[str, pulumi.Input[str]]
    """By the issuer's cluster; empty if cert-manager makes them."""

    def export(self) -> None:
        """Export as `expiries`."""
        _export("expiries", {"anchors": dict(self.anchors), "issuers": dict(self.issuers)})


@dataclass(frozen=True, kw_only=True)
class WebhooksContract:
    """When the certificates of a cluster's webhooks expire (RFC 3339)."""

    expiry: Mapping[str, pulumi.Input[str]]
    """By the webhook's key in the chart's values, e.g. `proxyInjector`."""

    authority: pulumi.Input[str]
    """Of the authority of the control plane's."""

    def export(self) -> None:
        """Export as `webhooks`."""
        _export("webhooks", {"expiry": dict(self.expiry), "authority": self.authority})


@dataclass(frozen=True, kw_only=True)
class IssuerContract:
    """What `trust` gives to one cluster: its identity issuer. All of it is a secret."""

    certificate_pem: pulumi.Input[str]
    """The issuer's certificate."""

    private_key_pem: pulumi.Input[str]
    """Its private key."""

    expiry: pulumi.Input[str]
    """When it expires (RFC 3339)."""

    def export(self, cluster: str) -> None:
        """Export as `issuer_<cluster>`, and its expiry as `issuer_expiry_<cluster>`."""
        values = {
            "version": VERSION,
            "certificatePem": self.certificate_pem,
            "privateKeyPem": self.private_key_pem,
        }
        pulumi.export(f"issuer_{cluster}", pulumi.Output.secret(values))
        pulumi.export(f"issuer_expiry_{cluster}", self.expiry)

    @classmethod
    def from_stack(cls, stacks: Stacks, cluster: str) -> "IssuerContract":
        """Read from the stack `trust`."""
        issuer = stacks.read("trust", f"issuer_{cluster}")
        return cls(
            certificate_pem=issuer["certificatePem"],
            private_key_pem=issuer["privateKeyPem"],
            expiry=stacks.read("trust", f"issuer_expiry_{cluster}"),
        )


@dataclass(frozen=True, kw_only=True)
class NetworkContract:
    """What `network` tells of one cluster's network."""

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
        _export(
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


@dataclass(frozen=True, kw_only=True)
class ClusterContract:
    """What a cluster tells: how to reach it."""

    api_server: pulumi.Input[str]
    """URL of the API server."""

    certificate_authority_data: pulumi.Input[str]
    """Certificates that vouch for it: PEM, base64."""

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

    data_plane: pulumi.Input[Mapping[str, pulumi.Input[str]]] = field(
        default_factory=data_plane_annotations
    )
    """Annotations of the pods that were made with what runs here; known once it does run."""

    def export(self) -> None:
        """Export as `cluster` and `kubeconfig`."""
        _export(
            "cluster",
            {
                "apiServer": self.api_server,
                "certificateAuthorityData": self.certificate_authority_data,
                "gatewayAddress": self.gateway_address,
                "gatewayIdentity": self.gateway_identity,
                "gatewayPort": self.gateway_port,
                "probePort": self.probe_port,
                "dataPlane": self.data_plane,
            },
        )
        pulumi.export("kubeconfig", pulumi.Output.secret(self.kubeconfig))

    @classmethod
    def from_stack(cls, stacks: Stacks, cluster: str) -> "ClusterContract":
        """Read from a cluster's stack."""
        told = stacks.read(cluster, "cluster")
        return cls(
            api_server=told["apiServer"],
            certificate_authority_data=told["certificateAuthorityData"],
            gateway_address=told["gatewayAddress"],
            gateway_identity=told["gatewayIdentity"],
            kubeconfig=stacks.read(cluster, "kubeconfig"),
            # Who exported before these were told has Linkerd's ports, and the first of all else.
            gateway_port=told.apply(lambda known: known.get("gatewayPort", GATEWAY_PORT)),
            probe_port=told.apply(lambda known: known.get("probePort", PROBE_PORT)),
            data_plane=told.apply(lambda known: known.get("dataPlane") or data_plane_annotations()),
        )


@dataclass(frozen=True, kw_only=True)
class EksContract:
    """What an EKS cluster tells besides: for people, and for `mesh status`."""

    support_end: pulumi.Input[str]
    """The last day of standard support of its Kubernetes version (ISO 8601)."""

    certificate_authority_expiry: pulumi.Input[str]
    """When the certificates that vouch for its API server expire (RFC 3339)."""

    security_group_id: pulumi.Input[str]
    """The security group that API server and nodes share."""

    cluster_role: pulumi.Input[str]
    """Name of the IAM role of the control plane."""

    node_role: pulumi.Input[str]
    """Name of the IAM role of the nodes."""

    def export(self) -> None:
        """Export as `eks`."""
        _export(
            "eks",
            {
                "supportEnd": self.support_end,
                "certificateAuthorityExpiry": self.certificate_authority_expiry,
                "securityGroupId": self.security_group_id,
                "clusterRole": self.cluster_role,
                "nodeRole": self.node_role,
            },
        )


@dataclass(frozen=True, kw_only=True)
class AccessContract:
    """What a target gives to one source: an account and its token. All of it is a secret."""

    token: pulumi.Input[str]
    """The account's token."""

    generation: pulumi.Input[int] = 1
    """Its number: another one is another token."""

    def export(self, source: str) -> None:
        """Export as `access_<source>`."""
        values = {"version": VERSION, "token": self.token, "generation": self.generation}
        pulumi.export(f"access_{source}", pulumi.Output.secret(values))

    @classmethod
    def from_stack(cls, stacks: Stacks, target: str, source: str) -> "AccessContract":
        """Read from a target's stack."""
        access = stacks.read(target, f"access_{source}")
        # Who exported before tokens had numbers has the first.
        generation = access.apply(lambda told: told.get("generation", 1))
        return cls(token=access["token"], generation=generation)


@dataclass(frozen=True, kw_only=True)
class LinkContract:
    """What `links` tells of one link."""

    source: str
    """The cluster that calls."""

    target: str
    """The cluster that is called."""

    gateway_address: pulumi.Input[str]
    """Where calls arrive."""

    @staticmethod
    def export_all(links: "Sequence[LinkContract]") -> None:
        """Export as `links`."""
        records = [
            {
                "source": link.source,
                "target": link.target,
                "gatewayAddress": link.gateway_address,
            }
            for link in links
        ]
        _export("links", {"links": records})

    @staticmethod
    def wait_for(stacks: Stacks) -> pulumi.Output[Any]:
        """Read what `links` told; for those who only need the links to be there."""
        return stacks.read("links", "links")


@dataclass(frozen=True, kw_only=True)
class AppsContract:
    """What `apps` tells: the names by which callers call."""

    mirrors: Sequence[Values]
    """One record for each mirror service: `{"cluster", "namespace", "service"}`."""

    def export(self) -> None:
        """Export as `apps`."""
        _export("apps", {"mirrors": list(self.mirrors)})


@dataclass(frozen=True, kw_only=True)
class DescriptionContract:
    """What a stack tells of the description that it was deployed from: for previews."""

    share: Values
    """Its share, a record with a version of its own; nothing of it is secret."""

    def export(self) -> None:
        """Export as `description`."""
        pulumi.export("description", self.share)
