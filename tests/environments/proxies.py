"""
Proxies with respect to trust: their anchors and certificates, and genuine handshakes among them.

No container runs in the sandbox, so each meshed pod has a proxy here. It trusts the anchors that
its cluster had when the pod was created, and has a certificate of the issuer of that time until the
pod is deleted. Handshakes are OpenSSL's, mutual, with TLS 1.3 as between Linkerd's proxies; their
bytes go through memory, so they need no ports. Limits: no request follows a handshake, and a proxy
never renews its certificate, which one of Linkerd's does within a day.
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
    """What a proxy gets from its cluster when it starts; all of it PEM."""

    anchors: str
    """The bundle of trusted anchors."""

    issuer: str
    """The certificate of the issuer that signs its own."""

    key: str
    """The issuer's key."""


class Proxy:
    """A proxy, as client and as server."""

    def __init__(self, cluster: str, trust: Trust) -> None:
        """Get a certificate of the cluster's issuer."""
        self.name = f"proxy.{cluster}.serviceaccount.identity.linkerd.cluster.local"
        chain, key = _certificate(self.name, trust)
        self._as_client = _context(ssl.PROTOCOL_TLS_CLIENT, trust.anchors, chain + key)
        self._as_server = _context(ssl.PROTOCOL_TLS_SERVER, trust.anchors, chain + key)

    def rejection(self, server: "Proxy") -> str:
        """Call another one; return why one of the two rejected the other, empty if none did."""
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
    """The proxies of all pods, and the results of their handshakes."""

    def __init__(self) -> None:
        """Begin with none."""
        self.rejections: list[str] = []
        self.handshakes = 0
        self.anchors_that_met: set[tuple[int, int]] = set()
        """How many anchors the client and the server of a handshake trusted."""

        self._trust: dict[str, dict[str, Trust]] = {}
        self._made: dict[tuple[str, Trust], Proxy] = {}
        self._met: set[tuple[tuple[str, Trust], tuple[str, Trust]]] = set()

    def there_are(self, cluster: str, pods: Iterable[str], trust: Trust) -> None:
        """Set the pods of a cluster; new ones start with its current trust."""
        before = self._trust.get(cluster, {})
        self._trust[cluster] = {pod: before.get(pod, trust) for pod in pods}

    def meet(self) -> None:
        """
        Let all proxies call each other; those with the same trust do it once, and not again.

        Nothing that decides a handshake changes between two meetings of the same proxies.
        """
        those = {
            (cluster, trust): pod
            for cluster, pods in self._trust.items()
            for pod, trust in pods.items()
        }
        for client, server in product(those, repeat=2):
            if (client, server) in self._met:
                continue
            self._met.add((client, server))
            self.handshakes += 1
            self.anchors_that_met.add((_count(client[1]), _count(server[1])))
            if rejection := self._proxy(*client).rejection(self._proxy(*server)):
                self.rejections.append(f"{those[client]} called {those[server]}: {rejection}")

    def _proxy(self, cluster: str, trust: Trust) -> Proxy:
        if (cluster, trust) not in self._made:
            self._made[cluster, trust] = Proxy(cluster, trust)
        return self._made[cluster, trust]


def _count(trust: Trust) -> int:
    return trust.anchors.count("BEGIN CERTIFICATE")
