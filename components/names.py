"""
Names that Linkerd, AWS or this library derive from others, and their limits.

Kubernetes refuses a derived name late or silently: Linkerd never makes a mirror service whose name
has 64 characters. So names are validated against these limits before anything is created.
"""

import re

from .generations import named

# Suffix of DNS names unless a cluster was made with another one.
# Source: Kubernetes, "DNS for Services and Pods"
CLUSTER_DOMAIN = "cluster.local"

# A Service is a DNS label. Source: RFC 1035, 2.3.4; Kubernetes, "Object Names and IDs"
SERVICE_LIMIT = 63

# Mirror services' names end with the cluster's; so do label values and the names of a Deployment, a
# ServiceAccount and a Lease. A short name leaves room for those of services.
CLUSTER_LIMIT = 30

# Names of Deployments, ServiceAccounts, Secrets, Leases, Links and ClusterRoles are DNS subdomains.
# That of a Deployment is also in labels and names of its pods, so its limit is 63.
# Source: Kubernetes, "Object Names and IDs"
OBJECT_LIMIT = 253
LABEL_LIMIT = 63

# Source: Amazon EKS API Reference, CreateCluster, name
EKS_CLUSTER_LIMIT = 100

# Source: Elastic Load Balancing API Reference, CreateLoadBalancer, Name
LOAD_BALANCER_LIMIT = 32

# Source: AWS KMS API Reference, CreateAlias, AliasName
KMS_ALIAS_LIMIT = 256

# Source: Amazon CloudWatch Logs API Reference, CreateLogGroup, logGroupName
LOG_GROUP_LIMIT = 512

# Source: IAM User Guide, "IAM and AWS STS quotas"
ROLE_LIMIT = 64

# Kinds of parts of an environment that are not clusters; a cluster cannot take their names.
RESERVED = ("trust", "network", "links", "apps", "routes")

_DNS_LABEL = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")
_DNS_SUBDOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")

_QUALIFIED = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")


def is_dns_label(name: str) -> bool:
    """Return whether a name is a DNS label that starts with a letter (RFC 1035)."""
    return len(name) <= SERVICE_LIMIT and has_label_characters(name)


def has_label_characters(name: str) -> bool:
    """Return whether a name is a DNS label, except for its length."""
    return _DNS_LABEL.fullmatch(name) is not None


def is_object_name(name: str) -> bool:
    """Return whether Kubernetes takes a name for an object: a DNS subdomain (RFC 1123)."""
    return len(name) <= OBJECT_LIMIT and _DNS_SUBDOMAIN.fullmatch(name) is not None


def is_domain(name: str) -> bool:
    """Return whether a name is one of DNS, with labels that DNS takes (RFC 1035)."""
    return is_object_name(name) and all(len(each) <= SERVICE_LIMIT for each in name.split("."))


def is_qualified_name(name: str) -> bool:
    """
    Return whether Kubernetes takes a name as the key of a label or annotation.

    Source: Kubernetes, "Labels and Selectors", syntax: a name, and maybe a domain before it
    """
    prefix, slash, own = name.rpartition("/")
    has_prefix = is_object_name(prefix) if slash else not prefix
    return has_prefix and len(own) <= LABEL_LIMIT and _QUALIFIED.fullmatch(own) is not None


def mirror_service(service: str, target: str) -> str:
    """
    Return the name of the mirror of a target cluster's service on a source cluster.

    Source: linkerd2, multicluster/service-mirror/cluster_watcher.go
    """
    return f"{service}-{target}"


def control_plane_log_group(cluster: str) -> str:
    """
    Return the name of the log group of an EKS cluster's API server, which EKS decides.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
    """
    return f"/aws/eks/{cluster}/cluster"


def federated_service(service: str) -> str:
    """
    Return the name of the federated service of all clusters that have a service.

    Source: linkerd2, multicluster/service-mirror/cluster_watcher.go
    """
    return f"{service}-federated"


def credentials_secret(target: str) -> str:
    """Return the name of the Secret with a target cluster's kubeconfig on the source."""
    return f"cluster-credentials-{target}"


def link(target: str) -> str:
    """Return the name of the `Link` to a target; Linkerd uses it as the target's name."""
    return target


def lease(target: str) -> str:
    """
    Return the name of the Lease of a link's active mirror controller on the source.

    Source: linkerd2, multicluster/cmd/service-mirror/main.go
    """
    return f"service-mirror-write-{target}"


def mirror_controller(target: str) -> str:
    """
    Return the name of the Deployment and ServiceAccount of a link's mirror controller.

    Source: linkerd2, multicluster/charts/linkerd-multicluster/templates/controller/deployment.yaml
    """
    return f"controller-{target}"


def probe_service(target: str) -> str:
    """
    Return the name of the Service through which a source probes a target's gateway.

    Source: linkerd2, multicluster/charts/linkerd-multicluster/templates/controller/probe-svc.yaml
    """
    return f"probe-{target}"


def remote_access_account(source: str) -> str:
    """
    Return the name of the ServiceAccount on a target that one source cluster uses.

    It starts like the chart's default and ends with the source, so that each link has an account of
    its own and is revoked on its own.
    """
    return f"linkerd-service-mirror-remote-access-{source}"


def remote_access_token(source: str, generation: int = 1) -> str:
    """
    Return the name of the Secret with a token of that account.

    The first generation has the chart's own name. Each later one has another, so that it exists
    before its predecessor is deleted.
    """
    return named(f"{remote_access_account(source)}-token", generation)


def load_balancer(namespace: str, service: str) -> str:
    """
    Return the name of the load balancer of a Service, with `?` for each digit of its digest.

    Its length does not depend on the names of environment and cluster.
    Source: aws-load-balancer-controller, pkg/service/model_build_load_balancer.go
    """
    short = (name.replace("-", "")[:8] for name in (namespace, service))
    return "-".join(("k8s", *short, "?" * 10))


def kms_alias(cluster: str) -> str:
    """Return the alias of the key that encrypts an EKS cluster's secrets."""
    return f"alias/{cluster}-secrets"


def log_group(cluster: str) -> str:
    """
    Return the name of the log group of an EKS cluster's control plane.

    Source: Amazon EKS User Guide, "Send control plane logs to CloudWatch Logs"
    """
    return f"/aws/eks/{cluster}/cluster"


def role(role: str) -> str:
    """Return the name of an IAM role, with `?` for each of the seven digits that Pulumi adds."""
    return f"{role}-{'?' * 7}"


def export_label(sources: tuple[str, ...]) -> str:
    """
    Return the value of the label `mirror.linkerd.io/exported` of a service for chosen sources.

    It lists the sources, and each `Link` selects the values that contain its source.
    """
    return ".".join(("to", *sorted(sources)))
