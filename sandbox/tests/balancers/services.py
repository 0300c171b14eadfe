"""Services and endpoint slices for the tests of this folder."""

from typing import Any

from sandbox.balancers.annotations import PREFIX

Object = dict[str, Any]


def gateway(*, ranges: list[str] | None = None, **annotations: str) -> Object:
    """Make a gateway's Service with annotations, `nlb_target_type` for `nlb-target-type`."""
    told = {PREFIX + key.replace("_", "-"): value for key, value in annotations.items()}
    return {
        "metadata": {
            "name": "linkerd-gateway",
            "namespace": "linkerd-multicluster",
            "uid": "1234",
            "annotations": told,
        },
        "spec": {
            "type": "LoadBalancer",
            "loadBalancerClass": "service.k8s.aws/nlb",
            "loadBalancerSourceRanges": ranges or [],
            "ports": [
                {"name": "mc-gateway", "port": 4143, "targetPort": 4143, "protocol": "TCP"},
                {"name": "mc-probe", "port": 4191, "targetPort": "linkerd-admin"},
            ],
        },
    }


def piece(*addresses: str, ready: bool = True) -> Object:
    """Make an endpoint slice of the gateway's pods."""
    return {
        "ports": [{"name": "mc-gateway", "port": 4143}, {"name": "mc-probe", "port": 4191}],
        "endpoints": [{"addresses": list(addresses), "conditions": {"ready": ready}}],
    }
