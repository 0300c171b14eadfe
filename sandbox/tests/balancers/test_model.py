"""The load balancer that a Service wants."""

from typing import Any

import pytest

from sandbox.balancers.annotations import PREFIX, ModelError
from sandbox.balancers.model import FINALIZER, Object, Wanted, is_handled, is_left_behind, wanted


def gateway(**spec: Any) -> Object:
    """Make a gateway's Service."""
    return {
        "metadata": {"name": "linkerd-gateway", "namespace": "linkerd-multicluster", "uid": "1234"},
        "spec": {
            "type": "LoadBalancer",
            "loadBalancerClass": "service.k8s.aws/nlb",
            "ports": [{"name": "mc-probe", "port": 4191, "targetPort": "linkerd-admin"}],
            **spec,
        },
    }


def piece(address: str, *, ready: bool) -> Object:
    """Make an endpoint slice of the gateway's pods."""
    endpoint = {"addresses": [address], "conditions": {"ready": ready}}
    return {"ports": [{"name": "mc-probe", "port": 4191}], "endpoints": [endpoint]}


def made(
    service: Object, *slices: Object, scheme: str = "internal", target_type: str = "ip"
) -> Wanted:
    told: dict[str, Any] = {"scheme": scheme, "target_type": target_type, "tags": {}}
    return wanted(service, slices, cluster="west", **told)


def test_only_ready_pods_are_targets_at_their_own_ports() -> None:
    found = made(gateway(), piece("10.0.0.1", ready=True), piece("10.0.0.2", ready=False))

    assert [each.targets for each in found.target_groups] == [{("10.0.0.1", 4191)}]
    assert found.node_ports == {4191}


def test_everybody_is_let_in_unless_the_service_says_whom() -> None:
    assert made(gateway()).rules == {("0.0.0.0/0", 4191, 4191)}


def test_the_name_follows_from_the_service_and_scheme() -> None:
    internal, public = made(gateway()).name, made(gateway(), scheme="internet-facing").name

    assert internal.startswith("k8s-linkerdm-linkerdg-")
    assert len(internal) == 32
    assert internal != public


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ports": [{"port": 53, "protocol": "UDP"}]}, r"knows TCP only \(got UDP\)"),
        ({"loadBalancerSourceRanges": ["::/0"]}, "unsupported v6 cidr ::/0"),
    ],
)
def test_what_is_not_imitated_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        made(gateway(**change))


def test_instance_targets_are_refused_unless_the_service_asks_for_others() -> None:
    asks = gateway()
    asks["metadata"]["annotations"] = {f"{PREFIX}nlb-target-type": "ip"}

    with pytest.raises(ModelError, match=r"targets of type ip only \(got instance\)"):
        made(gateway(), target_type="instance")
    assert made(asks, target_type="instance").name


def test_only_services_of_its_class_are_handled_until_they_are_deleted() -> None:
    service, plain, going = gateway(), gateway(loadBalancerClass=None), gateway()
    going["metadata"].update(deletionTimestamp="2026-11-23T05:00:00Z", finalizers=[FINALIZER])

    assert (is_handled(service), is_handled(plain), is_handled(going)) == (True, False, False)
    assert (is_left_behind(plain), is_left_behind(going)) == (False, True)
