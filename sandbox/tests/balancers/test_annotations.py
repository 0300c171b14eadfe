"""What annotations ask for, and which the controller refuses."""

import pytest

from linkmesh.load_balancer import nlb_annotations
from sandbox.balancers.annotations import PREFIX, Asked, HealthCheck, ModelError, read


def asked(**annotations: str) -> Asked:
    return read({PREFIX + key.replace("_", "-"): value for key, value in annotations.items()})


def test_what_is_not_said_is_the_controllers_default() -> None:
    said = read({"external-dns.alpha.kubernetes.io/hostname": "x"})

    assert (said.scheme, said.target_type, said.attributes) == (None, None, {})
    assert said.health_check == HealthCheck(protocol="TCP", port="traffic-port", path=None)


def test_what_the_product_says_of_a_gateway_is_understood() -> None:
    said = read(
        nlb_annotations(internet_facing=False, health_check_port=4191, health_check_path="/ready")
    )

    assert (said.scheme, said.target_type) == ("internal", "ip")
    assert said.health_check == HealthCheck(protocol="HTTP", port="4191", path="/ready")
    assert said.attributes == {"load_balancing.cross_zone.enabled": "true"}
    assert said.target_group_attributes["preserve_client_ip.enabled"] == "false"


@pytest.mark.parametrize(
    ("annotation", "value", "message"),
    [
        ("scheme", "public", "unknown scheme: public"),
        ("healthcheck_protocol", "UDP", "unsupported health check protocol UDP"),
        ("healthcheck_port", "probe", r"knows ports by number only \(got probe\)"),
        ("attributes", "cross_zone", "failed to parse stringMap annotation, .*attributes: cross"),
        ("attributes", "idle.timeout=1", "attribute key 'idle.timeout' is not recognized"),
        ("attributes", "deletion_protection.enabled=no", "value 'no' of key"),
        ("ssl_cert", "arn", "does not know the annotation .*aws-load-balancer-ssl-cert"),
    ],
)
def test_what_cannot_be_is_refused_by_name(annotation: str, value: str, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        asked(**{annotation: value})
