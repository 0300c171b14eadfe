"""
Kinds of faults, and findings.

A finding is a root cause. What it merely causes is reported as caused by it, not as a finding.
"""

from dataclasses import dataclass
from enum import Enum


class Fault(Enum):
    """A kind of fault; the value is its name in JSON, explained in docs/guides/operate.md."""

    UNKNOWN = "unknown"
    NOT_DEPLOYED = "not-deployed"

    LINK_MISSING = "link-missing"
    CONTROLLER = "controller-missing"
    CREDENTIALS_MISSING = "credentials-missing"
    CREDENTIALS_REJECTED = "credentials-rejected"
    CREDENTIALS_OLD = "credentials-old"
    GATEWAY_ADDRESS = "gateway-without-address"
    GATEWAY_DIFFERS = "gateway-differs"
    PROBE = "probe-failing"
    ANCHORS = "anchors-differ"
    VERSIONS = "versions"
    OVERLAP = "networks-overlap"
    LINK_CHANGED = "link-changed"

    SERVICE = "service-missing"
    LABEL = "export-label"
    NAMESPACE = "namespace-missing"
    FOREIGN = "foreign-service"
    MIRROR = "mirror-missing"
    MEMBER = "member-missing"
    OUT_OF_DATE = "mirror-out-of-date"
    PORTS = "ports-differ"
    ENDPOINTS = "mirror-without-endpoints"

    DEPLOYMENT = "deployment-unavailable"
    CERTIFICATE = "certificate"
    SUPPORT = "support-ended"

    RELEASE = "release-pending"
    SERVERS = "servers-overlap"

    STALE = "stale-mirror"
    UNDESCRIBED = "not-described"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One fault that was found."""

    fault: Fault
    """Its kind."""

    subject: str
    """Where it was found: a cluster, a link, or an export on a source."""

    cause: str
    """What is wrong, as a sentence."""

    remedy: str
    """What to do, as a sentence."""

    def __str__(self) -> str:
        return f"{self.subject}: {self.cause}"


def refresh_and_deploy(name: str, part: str) -> str:
    """Return the commands that repair what was changed without Pulumi in the stack of a part."""
    return f"pulumi refresh --stack {name}.{part}, then mesh up {name}"
