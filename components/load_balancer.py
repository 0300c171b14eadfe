"""
How Services on EKS ask the AWS Load Balancer Controller for a Network Load Balancer.

Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/ (service annotations)
"""

NLB_CLASS = "service.k8s.aws/nlb"

_PREFIX = "service.beta.kubernetes.io/aws-load-balancer"


def gateway_annotations(*, is_public: bool, health_port: int) -> dict[str, str]:
    """
    Make the annotations that shape the load balancer of a gateway.

    Client addresses are not preserved: so a gateway pod can be called through its own load
    balancer, and nodes admit nothing but the load balancer.

    Args:
        is_public: whether it faces the internet.
        health_port: port at which the load balancer asks for the gateway's health.
    """
    return {
        f"{_PREFIX}-scheme": "internet-facing" if is_public else "internal",
        f"{_PREFIX}-nlb-target-type": "ip",
        f"{_PREFIX}-healthcheck-protocol": "HTTP",
        f"{_PREFIX}-healthcheck-port": str(health_port),
        f"{_PREFIX}-healthcheck-path": "/ready",
        f"{_PREFIX}-attributes": "load_balancing.cross_zone.enabled=true",
        f"{_PREFIX}-target-group-attributes": "preserve_client_ip.enabled=false",
    }
