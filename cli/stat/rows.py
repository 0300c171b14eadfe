"""Rows of the table: a workload, its meshed pods and its metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linkmesh.environment import Export

from .figures import Figures, Key
from .pods import Workload

FEDERATED = "(federated)"
"""Shown instead of the target, which metrics of a federated service do not contain."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One workload with its metrics."""

    namespace: str
    name: str
    figures: Figures

    meshed: tuple[int, int] | None = None
    """Meshed pods and all pods; None if there are none now, or they could not be read."""

    target: str = ""
    """The cluster that was called; empty for received calls."""

    service: str = ""
    """The service that was called, as `service.namespace`, with its port if it is known."""


def received(
    measured: Mapping[Key, Figures], counts: Mapping[Workload, tuple[int, int]]
) -> list[Row]:
    """Return a row for each workload that has pods now, or had traffic."""
    return [
        Row(
            namespace=key[0],
            name=key[1],
            figures=measured.get(key, Figures()),
            meshed=counts.get((key[0], key[1])),
        )
        for key in sorted({*measured, *counts})
    ]


def sent_through_gateways(
    measured: Mapping[Key, Figures], counts: Mapping[Workload, tuple[int, int]]
) -> list[Row]:
    """Return a row for each workload and each service of another cluster that it calls."""
    return [
        Row(
            namespace=namespace,
            name=name,
            figures=found,
            meshed=counts.get((namespace, name)),
            target=target,
            service=f"{service}.{service_namespace}",
        )
        for (namespace, name, target, service_namespace, service), found in measured.items()
    ]


def sent_pod_to_pod(
    measured: Mapping[Key, Figures],
    counts: Mapping[Workload, tuple[int, int]],
    exports: Sequence[Export],
) -> list[Row]:
    """Return a row for each workload and each mirror that it calls."""
    known = {f"{export.mirror}.{export.namespace}": export for export in exports}
    rows = []
    for (namespace, name, called), found in measured.items():
        host, _, port = called.partition(":")
        export = known[host.partition(".svc.")[0]]
        rows.append(
            Row(
                namespace=namespace,
                name=name,
                figures=found,
                meshed=counts.get((namespace, name)),
                target=export.origin or FEDERATED,
                service=f"{export.service}.{export.namespace}" + (f":{port}" if port else ""),
            )
        )
    return rows
