"""Network Load Balancers: the annotations by which a Service asks for one."""

import pytest

from linkmesh.load_balancer import nlb_annotations

PREFIX = "service.beta.kubernetes.io/aws-load-balancer"


def test_the_health_check_calls_the_pods_themselves() -> None:
    annotations = nlb_annotations(
        internet_facing=True, health_check_port=4191, health_check_path="/ready"
    )

    assert annotations == {
        f"{PREFIX}-scheme": "internet-facing",
        f"{PREFIX}-nlb-target-type": "ip",
        f"{PREFIX}-healthcheck-protocol": "HTTP",
        f"{PREFIX}-healthcheck-port": "4191",
        f"{PREFIX}-healthcheck-path": "/ready",
        f"{PREFIX}-attributes": "load_balancing.cross_zone.enabled=true",
        f"{PREFIX}-target-group-attributes": "preserve_client_ip.enabled=false",
    }


@pytest.mark.parametrize(
    ("internet_facing", "scheme"), [(True, "internet-facing"), (False, "internal")]
)
def test_its_scheme_is_aws_own_word(internet_facing: bool, scheme: str) -> None:
    annotations = nlb_annotations(
        internet_facing=internet_facing, health_check_port=9191, health_check_path="/ready"
    )

    assert annotations[f"{PREFIX}-scheme"] == scheme
    assert annotations[f"{PREFIX}-healthcheck-port"] == "9191"
