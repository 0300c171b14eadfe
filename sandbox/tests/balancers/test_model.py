"""The load balancer that a Service wants."""

from typing import Any

import pytest

from sandbox.balancers.annotations import ModelError
from sandbox.balancers.model import FINALIZER, hostname, is_handled, is_left_behind, wanted
from sandbox.tests.balancers.services import gateway, piece


def test_each_port_has_a_target_group_with_the_ready_pods() -> None:
    made = wanted(
        gateway(nlb_target_type="ip"),
        [piece("10.0.0.1"), piece("10.0.0.2", ready=False)],
        cluster="west",
    )

    assert [(each.listener_port, each.port) for each in made.target_groups] == [
        (4143, 4143),
        (4191, 1),
    ]
    assert [each.targets for each in made.target_groups] == [
        {("10.0.0.1", 4143)},
        {("10.0.0.1", 4191)},
    ]
    assert made.node_ports == {4143, 4191}


def test_everybody_is_let_in_unless_the_service_says_whom() -> None:
    anybody = wanted(gateway(nlb_target_type="ip"), [], cluster="west")
    some = wanted(gateway(ranges=["10.1.0.0/16"], nlb_target_type="ip"), [], cluster="west")

    assert anybody.rules == {("0.0.0.0/0", 4143, 4143), ("0.0.0.0/0", 4191, 4191)}
    assert some.rules == {("10.1.0.0/16", 4143, 4143), ("10.1.0.0/16", 4191, 4191)}


def test_the_name_follows_from_the_service_and_scheme() -> None:
    def named(scheme: str) -> str:
        return wanted(gateway(nlb_target_type="ip"), [], cluster="west", scheme=scheme).name

    assert named("internal").startswith("k8s-linkerdm-linkerdg-")
    assert len(named("internal")) == 32
    assert named("internal") != named("internet-facing")


def test_what_is_made_carries_the_clusters_and_the_services_name() -> None:
    made = wanted(gateway(nlb_target_type="ip"), [], cluster="west", tags={"stage": "demo"})

    assert made.tags == {
        "stage": "demo",
        "elbv2.k8s.aws/cluster": "west",
        "service.k8s.aws/stack": "linkerd-multicluster/linkerd-gateway",
    }


def test_the_annotations_scheme_goes_before_that_of_the_balancer_there_is() -> None:
    service = gateway(nlb_target_type="ip", scheme="internet-facing")

    assert wanted(service, [], cluster="west", scheme="internal").scheme == "internet-facing"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ports": [{"port": 53, "protocol": "UDP"}]}, r"knows TCP only \(got UDP\)"),
        ({"loadBalancerSourceRanges": ["::/0"]}, "unsupported v6 cidr ::/0"),
    ],
)
def test_what_is_not_imitated_is_refused(change: dict[str, Any], message: str) -> None:
    service = gateway(nlb_target_type="ip")
    service["spec"].update(change)

    with pytest.raises(ModelError, match=message):
        wanted(service, [], cluster="west")


def test_instance_targets_are_refused_also_as_the_default() -> None:
    with pytest.raises(ModelError, match=r"targets of type ip only \(got instance\)"):
        wanted(gateway(), [], cluster="west")
    assert wanted(gateway(), [], cluster="west", target_type="ip").name


def test_only_services_of_its_class_are_handled_until_they_are_deleted() -> None:
    service, plain, going = gateway(), gateway(), gateway()
    del plain["spec"]["loadBalancerClass"]
    going["metadata"].update(deletionTimestamp="2026-11-23T05:00:00Z", finalizers=[FINALIZER])

    assert (is_handled(service), is_handled(plain), is_handled(going)) == (True, False, False)
    assert (is_left_behind(plain), is_left_behind(going)) == (False, True)


def test_a_host_name_is_that_of_a_network_load_balancer() -> None:
    arn = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/Mesh/0123456789abcdef"

    assert hostname("Mesh", arn, "eu-west-1") == (
        "mesh-0123456789abcdef.elb.eu-west-1.amazonaws.com"
    )
