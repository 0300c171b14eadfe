"""How many nodes a kind cluster can have."""

# Pods of a node have a /24 of 10.244.0.0/16, and the control plane is a node too.
# Source: kind, pkg/apis/config/v1alpha4/default.go (PodSubnet); Kubernetes, kube-controller-manager
# (--node-cidr-mask-size-ipv4)
MOST_WORKERS = 255


def worker_problems(workers: int) -> list[str]:
    """List what is wrong with the number of workers of a kind cluster."""
    if workers < 1:
        return [
            f"workers must be at least 1 (got {workers}). No pod could be scheduled: kind taints "
            "the control plane of a cluster. Use: workers=3"
        ]
    if workers > MOST_WORKERS:
        return [
            f"workers must be at most {MOST_WORKERS} (got {workers}). Further nodes would have no "
            "addresses for pods, and each is a container on one machine. Use: workers=3"
        ]
    return []
