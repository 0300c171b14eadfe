"""
The contents of a link's objects: its `Link`, and the kubeconfig in its Secrets.

They are made from what the target grants, of which much is known only after its deployment.
Source: linkerd2, multicluster/cmd/link-gen.go
"""

from collections.abc import Collection
from typing import Any

import pulumi
import yaml

from ..installation.installed import GatewayEndpoint
from ..mode import LinkMode
from .export_labels import EVERY_SOURCE
from .grant import LinkGrant
from .link_fields import GatewayFields, link_fields


def credentials_kubeconfig(
    *, target: str, account: str, token: str, api_server: str, certificate_authority_data: str
) -> str:
    """
    Make the kubeconfig with which the source's controllers reach the target.

    Source: linkerd2, multicluster/cmd/link-gen.go
    """
    cluster = {"server": api_server, "certificate-authority-data": certificate_authority_data}
    context = {"cluster": target, "user": account}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "preferences": {},
        "clusters": [{"name": target, "cluster": {k: v for k, v in cluster.items() if v}}],
        "contexts": [{"name": target, "context": context}],
        "current-context": target,
        "users": [{"name": account, "user": {"token": token}}],
    }
    return yaml.safe_dump(config)


def link_spec(
    grant: LinkGrant,
    *,
    mark: pulumi.Input[str],
    export_labels: Collection[str] = (EVERY_SOURCE[LinkMode.GATEWAY],),
    discovery_labels: Collection[str] = (EVERY_SOURCE[LinkMode.FLAT],),
    federated_labels: Collection[str] = (EVERY_SOURCE[LinkMode.FEDERATED],),
) -> dict[str, Any]:
    """
    Make the `spec` of a `Link`.

    Args:
        mark: changes with the credentials, see `credentials_mark`.
        export_labels: values of the export label whose services the source mirrors.
        discovery_labels: values of that label whose services it calls pod to pod.
        federated_labels: values of the federated label that it joins.
    """
    return link_fields(
        target=grant.target,
        cluster_domain=grant.cluster_domain,
        gateway=None if grant.gateway is None else _gateway_fields(grant.gateway),
        mark=mark,
        labels={
            LinkMode.GATEWAY: export_labels,
            LinkMode.FLAT: discovery_labels,
            LinkMode.FEDERATED: federated_labels,
        },
    )


def _gateway_fields(gateway: GatewayEndpoint) -> GatewayFields:
    return GatewayFields(
        address=gateway.address,
        identity=gateway.identity,
        port=_text(gateway.port),
        probe_port=_text(gateway.probe_port),
    )


def _text(port: pulumi.Input[int]) -> pulumi.Input[str]:
    """Convert a port to text; numbers of stack references are floats."""
    if isinstance(port, int):
        return str(port)
    return pulumi.Output.all(port).apply(lambda known: str(int(known[0])))
