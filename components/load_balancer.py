"""
Network Load Balancers on AWS, as a Service asks for one: its class and its annotations.

Apart from the controller that makes them and from the gateway that needs one, which do not import
each other.
"""

# The `loadBalancerClass` of Services that the AWS Load Balancer Controller handles.
# Source: aws-load-balancer-controller, docs/guide/service/nlb.md
NLB_CLASS = "service.k8s.aws/nlb"

_PREFIX = "service.beta.kubernetes.io/aws-load-balancer"


def nlb_annotations(
    *, internet_facing: bool, health_check_port: int, health_check_path: str
) -> dict[str, str]:
    """
    Make the annotations of a Service whose pods are the targets of a Network Load Balancer.

    Client addresses are not preserved: so a pod can call itself through the load balancer, and
    nodes need to allow only the load balancer.

    Args:
        internet_facing: True for public addresses; False for addresses of the VPC (`internal`).
        health_check_port: port of the pods that answers the health check, by HTTP.
        health_check_path: path of the health check, e.g. `/ready`.
    Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/ (service annotations)
    """
    return {
        f"{_PREFIX}-scheme": "internet-facing" if internet_facing else "internal",
        f"{_PREFIX}-nlb-target-type": "ip",
        f"{_PREFIX}-healthcheck-protocol": "HTTP",
        f"{_PREFIX}-healthcheck-port": str(health_check_port),
        f"{_PREFIX}-healthcheck-path": health_check_path,
        f"{_PREFIX}-attributes": "load_balancing.cross_zone.enabled=true",
        f"{_PREFIX}-target-group-attributes": "preserve_client_ip.enabled=false",
    }
