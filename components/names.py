"""
Names that Linkerd or we derive from others, and the limits they must keep; pure.

Nothing in Kubernetes refuses a too long derived name early: a mirror service whose name has 64
characters is simply never made. So the description of an environment is held against these limits.
"""

import re

# A Service is a DNS label. Source: RFC 1035, 2.3.4; Kubernetes, "Object Names and IDs"
SERVICE_LIMIT = 63

# A cluster's name becomes the end of every mirror service's name, a label value and part of the
# names of a Deployment, a ServiceAccount and a Lease: short names leave room for services.
CLUSTER_LIMIT = 30

# Source: Amazon EKS API Reference, CreateCluster, name
EKS_CLUSTER_LIMIT = 100

# Parts of an environment that are not clusters; a cluster cannot take their names.
RESERVED = ("trust", "network", "links", "apps")

_DNS_LABEL = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")


def is_dns_label(name: str) -> bool:
    """Tell whether a name is a DNS label that starts with a letter (RFC 1035)."""
    return len(name) <= SERVICE_LIMIT and _DNS_LABEL.fullmatch(name) is not None


def mirror_service(service: str, target: str) -> str:
    """
    Name the mirror of a target cluster's service on a source cluster.

    Source: linkerd2, multicluster/service-mirror/cluster_watcher.go
    """
    return f"{service}-{target}"


def credentials_secret(target: str) -> str:
    """Name the secret that holds a target cluster's kubeconfig on the source."""
    return f"cluster-credentials-{target}"


def remote_access_account(source: str) -> str:
    """
    Name the account with which one source cluster looks at a target.

    It starts as the chart's own default does, and ends with the source, so that each link has an
    account of its own and can be revoked alone.
    """
    return f"linkerd-service-mirror-remote-access-{source}"


def export_label(sources: tuple[str, ...] | None) -> str:
    """
    Make the value of the label `mirror.linkerd.io/exported` of a service.

    `None` means every linked cluster, which is Linkerd's own value `true`. Chosen sources are spelt
    out, and each `Link` then selects the values that name its source.
    """
    return "true" if sources is None else ".".join(("to", *sorted(sources)))
