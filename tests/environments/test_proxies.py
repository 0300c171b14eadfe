"""Whom a proxy believes, and that a rotation that leaves something out is noticed."""

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from components.linkerd.identity.trust_rotation import (
    TrustState,
    anchor_rotation_steps,
    issuer_rotation_steps,
)
from tests.environments.proxies import Proxies, Proxy, Trust

STATES = [TrustState(), *(step.state for step in anchor_rotation_steps(TrustState()))]


@cache
def authority(name: str, signer: str = "") -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Make an anchor, or an issuer that one has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    by, signs = (authority(signer)[0].subject, authority(signer)[1]) if signer else (subject, key)
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(by)
    certificate = (
        builder.public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(signs, hashes.SHA256())
    )
    return certificate, key


def trust(state: TrustState, cluster: str = "front") -> Trust:
    """Tell what a cluster tells its proxies in a state."""
    pem = serialization.Encoding.PEM
    issuer, key = authority(f"{cluster} {state.issuers}", f"anchor {state.signing}")
    anchors = [authority(f"anchor {number}")[0] for number in state.anchors]
    return Trust(
        anchors="".join(one.public_bytes(pem).decode() for one in anchors),
        issuer=issuer.public_bytes(pem).decode(),
        key=key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
    )


def proxies(*states: TrustState) -> Proxies:
    """Start one pod in each state, on two clusters, and let all of them meet."""
    those = Proxies()
    for cluster in ("front", "back"):
        for number, state in enumerate(states):
            there = [f"pod-{earlier}" for earlier in range(number + 1)]
            those.there_are(cluster, there, trust(state, cluster))
    those.meet()
    return those


@pytest.mark.parametrize(("earlier", "later"), pairwise(STATES))
def test_pods_of_neighbouring_steps_believe_one_another(
    earlier: TrustState, later: TrustState
) -> None:
    met = proxies(earlier, later)

    assert met.refusals == []
    assert met.handshakes == 16


@pytest.mark.parametrize(("earlier", "later"), zip(STATES, STATES[2:], strict=False))
def test_a_step_that_is_left_out_is_noticed(earlier: TrustState, later: TrustState) -> None:
    met = proxies(earlier, later)

    assert met.refusals
    assert "certificate verify failed" in met.refusals[0]


def test_pods_that_were_not_restarted_in_a_step_are_noticed_in_the_next() -> None:
    met = Proxies()
    for state in STATES[:2]:
        met.there_are("front", ["old"], trust(state))
        met.meet()
    before = list(met.refusals)
    met.there_are("front", ["old", "new"], trust(STATES[2]))
    met.meet()

    assert before == []
    assert ["old called new" in each for each in met.refusals].count(True) == 1
    assert len(met.refusals) == 2


def test_a_pod_that_has_gone_meets_nobody() -> None:
    met = Proxies()
    met.there_are("front", ["old"], trust(STATES[0]))
    met.there_are("front", ["new"], trust(STATES[3]))
    met.meet()

    assert met.refusals == []
    assert met.handshakes == 1


def test_new_issuers_below_the_same_anchor_part_nobody() -> None:
    [step] = issuer_rotation_steps(TrustState())

    assert proxies(TrustState(), step.state).refusals == []


def test_whoever_shows_another_name_than_was_asked_for_is_refused() -> None:
    client, server = Proxy("front", trust(STATES[0])), Proxy("back", trust(STATES[0]))
    server.name = client.name

    assert "Hostname mismatch" in client.refusal(server)


def test_a_client_that_the_server_does_not_believe_is_refused() -> None:
    """The server of step 3 believes the new anchor only; the client shows one of the old."""
    client, server = Proxy("front", trust(STATES[1])), Proxy("back", trust(STATES[3]))

    assert "certificate verify failed" in client.refusal(server)
