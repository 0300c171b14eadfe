"""Which certificates a proxy trusts, and that an incomplete rotation is noticed."""

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from linkmesh.cli.rotation.trust_steps import anchor_rotation_steps, issuer_rotation_steps
from linkmesh.linkerd.identity.trust_rotation import TrustState
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
    """Return the trust of a cluster in a state."""
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
def test_pods_of_neighboring_steps_trust_each_other(earlier: TrustState, later: TrustState) -> None:
    met = proxies(earlier, later)

    assert met.rejections == []
    assert met.handshakes == 16


@pytest.mark.parametrize(("earlier", "later"), zip(STATES, STATES[2:], strict=False))
def test_a_step_that_is_left_out_is_noticed(earlier: TrustState, later: TrustState) -> None:
    met = proxies(earlier, later)

    assert met.rejections
    assert "certificate verify failed" in met.rejections[0]


def test_pods_that_were_not_restarted_in_a_step_are_noticed_in_the_next() -> None:
    met = Proxies()
    for state in STATES[:2]:
        met.there_are("front", ["old"], trust(state))
        met.meet()
    before = list(met.rejections)
    met.there_are("front", ["old", "new"], trust(STATES[2]))
    met.meet()

    assert before == []
    assert ["old called new" in each for each in met.rejections].count(True) == 1
    assert len(met.rejections) == 2


def test_a_deleted_pod_takes_part_in_no_handshake() -> None:
    met = Proxies()
    met.there_are("front", ["old"], trust(STATES[0]))
    met.there_are("front", ["new"], trust(STATES[3]))
    met.meet()

    assert met.rejections == []
    assert met.handshakes == 1


def test_pods_that_have_met_make_new_handshakes_only_with_new_ones() -> None:
    met = proxies(STATES[0])
    first = met.handshakes
    met.meet()
    again = met.handshakes
    met.there_are("front", ["pod-0", "new"], trust(STATES[1]))
    met.meet()

    assert (first, again) == (4, 4)
    assert met.handshakes == 4 + 5


def test_new_issuers_below_the_same_anchor_are_trusted() -> None:
    [step] = issuer_rotation_steps(TrustState())

    assert proxies(TrustState(), step.state).rejections == []


def test_a_server_with_another_name_is_rejected() -> None:
    client, server = Proxy("front", trust(STATES[0])), Proxy("back", trust(STATES[0]))
    server.name = client.name

    assert "Hostname mismatch" in client.rejection(server)


def test_a_client_that_the_server_does_not_trust_is_rejected() -> None:
    """The server trusts only the new anchor; the client has a certificate of the old one."""
    client, server = Proxy("front", trust(STATES[1])), Proxy("back", trust(STATES[3]))

    assert "certificate verify failed" in client.rejection(server)
