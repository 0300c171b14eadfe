"""
Names that Linkerd or we derive from others, and the limits they must keep; pure.

Nothing in Kubernetes refuses a too long derived name early: a mirror service whose name has 64
characters is simply never made. So the description of an environment is held against these limits.
"""

import re

from .generations import named

# A Service is a DNS label. Source: RFC 1035, 2.3.4; Kubernetes, "Object Names and IDs"
SERVICE_LIMIT = 63

# A cluster's name becomes the end of every mirror service's name, a label value and part of the
# names of a Deployment, a ServiceAccount and a Lease: short names leave room for services.
CLUSTER_LIMIT = 30

# Deployments, ServiceAccounts, Secrets, Leases, Links and cluster roles are DNS subdomains. A
# Deployment's name also ends up in labels and names of its pods, so it is held to 63 all the same.
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

# Parts of an environment that are not clusters; a cluster cannot take their names.
RESERVED = ("trust", "network", "links", "apps")

_DNS_LABEL = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")


def is_dns_label(name: str) -> bool:
    """Tell whether a name is a DNS label that starts with a letter (RFC 1035)."""
    return len(name) <= SERVICE_LIMIT and is_spelt_as_label(name)


def is_spelt_as_label(name: str) -> bool:
    """Tell whether a name is one but for its length."""
    return _DNS_LABEL.fullmatch(name) is not None


def mirror_service(service: str, target: str) -> str:
    """
    Name the mirror of a target cluster's service on a source cluster.

    Source: linkerd2, multicluster/service-mirror/cluster_watcher.go
    """
    return f"{service}-{target}"


def federated_service(service: str) -> str:
    """
    Name the service that stands for a federated service of all clusters that have it.

    Source: linkerd2, multicluster/service-mirror/cluster_watcher.go
    """
    return f"{service}-federated"


def credentials_secret(target: str) -> str:
    """Name the secret that holds a target cluster's kubeconfig on the source."""
    return f"cluster-credentials-{target}"


def link(target: str) -> str:
    """Name the `Link` to a target; Linkerd takes it for the target's name in many places."""
    return target


def lease(target: str) -> str:
    """
    Name the Lease that the working mirror controller of a link holds on the source.

    Source: linkerd2, multicluster/cmd/service-mirror/main.go
    """
    return f"service-mirror-write-{target}"


def mirror_controller(target: str) -> str:
    """
    Name the Deployment, and the account, of a link's mirror controller on the source.

    Source: linkerd2, multicluster/charts/linkerd-multicluster/templates/controller/deployment.yaml
    """
    return f"controller-{target}"


def probe_service(target: str) -> str:
    """
    Name the Service through which a source probes a target's gateway.

    Source: linkerd2, multicluster/charts/linkerd-multicluster/templates/controller/probe-svc.yaml
    """
    return f"probe-{target}"


def remote_access_account(source: str) -> str:
    """
    Name the account with which one source cluster looks at a target.

    It starts as the chart's own default does, and ends with the source, so that each link has an
    account of its own and can be revoked alone.
    """
    return f"linkerd-service-mirror-remote-access-{source}"


def remote_access_token(source: str, generation: int = 1) -> str:
    """
    Name the Secret with a token of that account.

    The first has the chart's own name; each later generation a name of its own, so that it can be
    there before the one that it follows goes.
    """
    return named(f"{remote_access_account(source)}-token", generation)


def load_balancer(namespace: str, service: str) -> str:
    """
    Name the load balancer of a Service, as AWS' controller does; `?` stands for its digest.

    So it fits, whatever the environment and the cluster are called.
    Source: aws-load-balancer-controller, pkg/service/model_build_load_balancer.go
    """
    short = (name.replace("-", "")[:8] for name in (namespace, service))
    return "-".join(("k8s", *short, "?" * 10))


def kms_alias(cluster: str) -> str:
    """Name the alias of the key that encrypts an EKS cluster's secrets."""
    return f"alias/{cluster}-secrets"


def log_group(cluster: str) -> str:
    """
    Name the log group of an EKS cluster's control plane.

    Source: Amazon EKS User Guide, "Send control plane logs to CloudWatch Logs"
    """
    return f"/aws/eks/{cluster}/cluster"


def role(role: str) -> str:
    """Name an IAM role as Pulumi does: the resource's own name, and `?` for seven digits."""
    return f"{role}-{'?' * 7}"


def export_label(sources: tuple[str, ...]) -> str:
    """
    Make the value of the label `mirror.linkerd.io/exported` of a service for chosen sources.

    They are spelt out, and each `Link` selects the values that name its source.
    """
    return ".".join(("to", *sorted(sources)))
