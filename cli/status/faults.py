"""
What can be wrong with an environment: the kinds of faults, and one that was found; pure.

A finding is a root: what merely follows from it is told as following, and is no finding itself.
"""

from dataclasses import dataclass
from enum import Enum


class Fault(Enum):
    """A kind of fault; the value is its name in JSON and in docs/guides/operate.md."""

    UNKNOWN = "unknown"
    NOT_DEPLOYED = "not-deployed"

    LINK_MISSING = "link-missing"
    CONTROLLER = "controller-missing"
    CREDENTIALS_MISSING = "credentials-missing"
    CREDENTIALS_REFUSED = "credentials-refused"
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
    """What it was found on: a link, an export with its caller, or a cluster."""

    cause: str
    """What is wrong, in words."""

    remedy: str
    """What to do about it, in words."""

    def __str__(self) -> str:
        return f"{self.subject}: {self.cause}"
