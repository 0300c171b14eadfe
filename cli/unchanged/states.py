"""What the state of a stack says of whether its next run would change something."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from . import digest

_REFERENCE = "pulumi:pulumi:StackReference"


@dataclass(frozen=True, kw_only=True)
class State:
    """The state of a stack."""

    digest: str
    """Digest of all of it; secrets are encrypted in it."""

    is_whole: bool
    """Whether every operation of the last run ended."""

    reads_others: bool
    """Whether its program reads what it does not make, from a cluster or a cloud (`get`)."""

    references: tuple[str, ...]
    """Names of the stacks whose outputs its program read, sorted: `organization/project/stack`."""

    renewal: datetime | None
    """When the first of its certificates is made again; None if it has none."""


def state(exported: Mapping[str, Any]) -> State:
    """Read a state, as `pulumi stack export` prints it."""
    deployment = exported.get("deployment") or {}
    resources = deployment.get("resources") or []
    references = {
        str((each.get("inputs") or {}).get("name"))
        for each in resources
        if each.get("type") == _REFERENCE
    }
    read = [each for each in resources if each.get("external") and each["type"] != _REFERENCE]
    return State(
        reads_others=bool(read),
        digest=digest.of_value(deployment),
        is_whole=not deployment.get("pending_operations"),
        references=tuple(sorted(references)),
        renewal=min(_renewals(resources), default=None),
    )


def _renewals(resources: list[Mapping[str, Any]]) -> Iterator[datetime]:
    """
    Find when the provider makes certificates again, without any change of its inputs.

    Source: hashicorp/terraform-provider-tls, docs/resources/self_signed_cert.md
    (early_renewal_hours, validity_end_time).
    """
    for each in resources:
        outputs = each.get("outputs") or {}
        end = outputs.get("validityEndTime")
        if str(each.get("type")).startswith("tls:") and end:
            early = timedelta(hours=float(outputs.get("earlyRenewalHours") or 0))
            yield datetime.fromisoformat(end) - early
