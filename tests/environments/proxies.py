"""
Proxies as far as trust goes: what each believes and shows, and genuine handshakes among them.

No container runs in the sandbox, so whoever would have a proxy gets one here: it believes the
anchors that its cluster had when its pod came, and shows a certificate of the issuer of that moment
until its pod goes. Handshakes are OpenSSL's, mutual, with TLS 1.3 as between Linkerd's proxies;
their bytes go through memory, so they need no ports. Limits: no request follows a handshake, and a
proxy never renews its certificate, which one of Linkerd's does within a day.
"""

import ssl
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

# A handshake takes two turns of each side; more would be one that never ends.
TURNS = 10


@dataclass(frozen=True)
class Trust:
    """What a cluster tells a proxy that starts, all of it PEM."""

    anchors: str
    """The bundle of anchors that it is to believe."""

    issuer: str
    """The certificate of the issuer that signs its own."""

    key: str
    """The issuer's key."""


class Proxy:
    """Whoever starts with some trust, as client and as server."""

    def __init__(self, cluster: str, trust: Trust) -> None:
        """Get a certificate of the cluster's issuer."""
        self.name = f"proxy.{cluster}.serviceaccount.identity.linkerd.cluster.local"
        chain, key = _certificate(self.name, trust)
        self._as_client = _context(ssl.PROTOCOL_TLS_CLIENT, trust.anchors, chain + key)
        self._as_server = _context(ssl.PROTOCOL_TLS_SERVER, trust.anchors, chain + key)

    def refusal(self, server: "Proxy") -> str:
        """Call another one, and tell why one of the two refused; empty if none did."""
        up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
        sides = [
            self._as_client.wrap_bio(down, up, server_hostname=server.name),
            server._as_server.wrap_bio(up, down, server_side=True),
        ]
        for _ in range(TURNS):
            for side in list(sides):
                try:
                    side.do_handshake()
                    sides.remove(side)
                except ssl.SSLWantReadError:
                    pass
                except ssl.SSLError as error:
                    return str(error)
            if not sides:
                return ""
        return "the handshake did not end"


def _context(protocol: int, anchors: str, shown: str) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=anchors)
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(shown)
        file.flush()
        context.load_cert_chain(file.name)
    return context


def _certificate(name: str, trust: Trust) -> tuple[str, str]:
    """Let an issuer sign a certificate; return it with the issuer's, and its key."""
    issuer = x509.load_pem_x509_certificate(trust.issuer.encode())
    signs = serialization.load_pem_private_key(trust.key.encode(), password=None)
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(seconds=10))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=True)
        .sign(cast(ec.EllipticCurvePrivateKey, signs), hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return signed.public_bytes(pem).decode() + trust.issuer, private.decode()


class Proxies:
    """The proxies of all pods that are there, and what became of their handshakes."""

    def __init__(self) -> None:
        """Begin with none."""
        self.refusals: list[str] = []
        self.handshakes = 0
        self.anchors_that_met: set[tuple[int, int]] = set()
        """How many anchors the client and the server of a handshake believed."""

        self._trust: dict[str, dict[str, Trust]] = {}
        self._made: dict[tuple[str, Trust], Proxy] = {}

    def there_are(self, cluster: str, pods: Iterable[str], trust: Trust) -> None:
        """Note which pods a cluster has; those that are new start with what it tells now."""
        before = self._trust.get(cluster, {})
        self._trust[cluster] = {pod: before.get(pod, trust) for pod in pods}

    def meet(self) -> None:
        """Let everybody call everybody; those that started alike do it once."""
        those = {
            (cluster, trust): pod
            for cluster, pods in self._trust.items()
            for pod, trust in pods.items()
        }
        for client, server in product(those, repeat=2):
            self.handshakes += 1
            self.anchors_that_met.add((_count(client[1]), _count(server[1])))
            if refusal := self._proxy(*client).refusal(self._proxy(*server)):
                self.refusals.append(f"{those[client]} called {those[server]}: {refusal}")

    def _proxy(self, cluster: str, trust: Trust) -> Proxy:
        if (cluster, trust) not in self._made:
            self._made[cluster, trust] = Proxy(cluster, trust)
        return self._made[cluster, trust]


def _count(trust: Trust) -> int:
    return trust.anchors.count("BEGIN CERTIFICATE")
