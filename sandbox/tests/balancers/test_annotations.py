"""What annotations ask for, and which the controller refuses."""

from __future__ import annotations

import pytest

from sandbox.balancers.annotations import PREFIX, Asked, HealthCheck, ModelError, read


def asked(**annotations: str) -> Asked:
    return read({PREFIX + key.replace("_", "-"): value for key, value in annotations.items()})


def test_what_is_not_said_is_the_controllers_default() -> None:
    said = asked()

    assert (said.scheme, said.name, said.target_type) == (None, None, None)
    assert said.health_check == HealthCheck(protocol="TCP", port="traffic-port", path=None)
    assert said.target_group_attributes == {"proxy_protocol_v2.enabled": "false"}


def test_a_check_by_http_has_a_path_and_success_codes() -> None:
    check = asked(healthcheck_protocol="http", healthcheck_port="4191").health_check

    assert (check.protocol, check.port) == ("HTTP", "4191")
    assert (check.path, check.success_codes) == ("/", "200-399")


def test_lists_and_pairs_may_have_blanks() -> None:
    said = asked(
        attributes="load_balancing.cross_zone.enabled = true, deletion_protection.enabled=true",
        private_ipv4_addresses="10.0.0.9, 10.0.1.9",
    )

    assert said.attributes == {
        "load_balancing.cross_zone.enabled": "true",
        "deletion_protection.enabled": "true",
    }
    assert said.private_addresses == ("10.0.0.9", "10.0.1.9")


def test_other_peoples_annotations_are_none_of_its_business() -> None:
    assert read({"external-dns.alpha.kubernetes.io/hostname": "x"}) == asked()


@pytest.mark.parametrize(
    ("annotation", "value", "message"),
    [
        ("scheme", "public", "unknown scheme: public"),
        ("name", "x" * 33, "load balancer name cannot be longer than 32 characters"),
        ("nlb_target_type", "pod", 'unsupported target type "pod"'),
        ("healthcheck_protocol", "UDP", "unsupported health check protocol UDP"),
        ("healthcheck_interval", "10s", "failed to parse int32 annotation, .*interval: 10s"),
        ("attributes", "cross_zone", "failed to parse stringMap annotation, .*attributes: cross"),
        ("attributes", "idle.timeout=1", "attribute key 'idle.timeout' is not recognized"),
        ("target_group_attributes", "preserve_client_ip.enabled=no", "value 'no' of key"),
        ("private_ipv4_addresses", "fe80::1", "must be valid IPv4 address: fe80::1"),
        ("ssl_cert", "arn", "does not know the annotation .*aws-load-balancer-ssl-cert"),
        ("schema", "internal", "does not know the annotation .*aws-load-balancer-schema"),
    ],
)
def test_what_cannot_be_is_refused_by_name(annotation: str, value: str, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        asked(**{annotation: value})
