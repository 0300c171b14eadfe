"""The identity issuer that cert-manager makes."""

from datetime import timedelta

import pytest

from linkmesh.linkerd.identity.cert_manager import CertManagerIssuer, certificate_spec


def test_cert_manager_is_asked_for_an_authority_that_linkerd_accepts() -> None:
    spec = certificate_spec(CertManagerIssuer(name="mesh"), "mesh.test")

    assert spec["isCA"] is True
    assert spec["privateKey"] == {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"}
    assert spec["usages"] == ["cert sign", "crl sign", "server auth", "client auth"]
    assert spec["commonName"] == "identity.linkerd.mesh.test"


def test_its_issuer_signs_for_two_days_and_renews_after_one() -> None:
    spec = certificate_spec(CertManagerIssuer(name="mesh"), "cluster.local")

    assert spec["issuerRef"] == {"name": "mesh", "kind": "ClusterIssuer"}
    assert spec["secretName"] == "linkerd-identity-issuer"
    assert (spec["duration"], spec["renewBefore"]) == ("172800s", "90000s")


def test_all_problems_are_reported() -> None:
    with pytest.raises(ValueError, match="kind") as error:
        CertManagerIssuer(name="mesh", kind="Authority", renewal=timedelta(hours=48))

    assert str(error.value).splitlines() == [
        "kind must be one of ClusterIssuer, Issuer (got 'Authority'). cert-manager has no "
        "other. Use: kind='ClusterIssuer'",
        "renewal must be shorter than the lifetime (got 2 days, 0:00:00 of 2 days, 0:00:00). "
        "cert-manager would renew without end. Use: renewal=timedelta(hours=25)",
    ]


@pytest.mark.parametrize(
    ("lifetime", "renewal", "problem"),
    [
        (timedelta(minutes=59), timedelta(minutes=9), "lifetime must be between 1:00:00 and 3650"),
        (timedelta.max, timedelta(hours=1), "lifetime must be between 1:00:00 and 3650 days"),
        (timedelta(hours=2), timedelta(milliseconds=1), "renewal must be at least 0:05:00"),
    ],
)
def test_a_time_that_cert_manager_refuses_is_an_error(
    lifetime: timedelta, renewal: timedelta, problem: str
) -> None:
    with pytest.raises(ValueError, match="must be") as error:
        CertManagerIssuer(name="mesh", lifetime=lifetime, renewal=renewal)

    assert str(error.value).startswith(problem)
    assert "Use: " in str(error.value)


@pytest.mark.parametrize("name", ["", "A B", "a_b"])
def test_an_issuer_of_an_impossible_name_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match="name of an issuer") as error:
        CertManagerIssuer(name=name)

    assert str(error.value) == (
        f"name of an issuer must be one that Kubernetes takes (got {name!r}). There is no such "
        "issuer. Use: name='linkerd'"
    )
