"""Rows of the table: a workload, how much of it is meshed, and what was measured of it; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.environment import Export

from .figures import Figures, Key
from .pods import Workload

FEDERATED = "(federated)"
"""Stands for the cluster that answered, which metrics of a federated service do not tell."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One workload, and what was measured of it."""

    namespace: str
    name: str
    figures: Figures

    meshed: tuple[int, int] | None = None
    """Meshed pods and all pods; None where there are none now, or they cannot be read."""

    target: str = ""
    """The cluster that was called; empty in a table of what is received."""

    service: str = ""
    """The service that was called there, as `service.namespace`, with its port if it is known."""


def received(
    measured: Mapping[Key, Figures], counts: Mapping[Workload, tuple[int, int]]
) -> list[Row]:
    """Make a row of each workload that has pods now, or had traffic."""
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
    """Make a row of each workload and each service of another cluster that it calls."""
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
    """Make a row of each workload and each mirror that it calls, by the name that it called."""
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
