"""
The identity issuer of a cluster whose certificates cert-manager makes.

cert-manager signs and renews the issuer, trust-manager distributes the trust anchors, and Linkerd's
chart makes neither (`identity.externalCA`). Both must be installed, with an issuer whose authority
is signed by the anchor that all linked clusters share: with a self-signed one in each cluster, no
cluster would trust another. trust-manager's Bundle must be named `linkerd-identity-trust-roots`,
with the key `ca-bundle.crt`, for namespaces labelled `linkerd.io/is-control-plane=true`, as ours
is.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ... import names
from ...arguments import checked
from ..identities import issuer_name
from ..labels import ISSUER_SECRET

KINDS = ("ClusterIssuer", "Issuer")

# Source: cert-manager, pkg/apis/certmanager/v1/const.go (MinimumCertificateDuration,
# MinimumRenewBefore)
SHORTEST_LIFETIME = timedelta(hours=1)
SHORTEST_RENEWAL = timedelta(minutes=5)

# More than a trust anchor lasts.
LONGEST_LIFETIME = timedelta(days=3650)


@checked
@dataclass(frozen=True, kw_only=True)
class CertManagerIssuer:
    """
    An issuer of cert-manager, which signs and renews a cluster's identity issuer.

    Example: `LinkerdControlPlaneArgs(cluster=cluster, issuer=CertManagerIssuer(name="linkerd"))`
    """

    name: str
    """Name of the issuer, of type CA; its certificate is signed by the shared trust anchor."""

    kind: str = "ClusterIssuer"
    """`ClusterIssuer`, or `Issuer` for one in the namespace `linkerd`."""

    lifetime: timedelta = timedelta(hours=48)
    """Lifetime of each certificate. `linkerd check` warns about less than 60 days."""

    renewal: timedelta = timedelta(hours=25)
    """Time before its expiry at which a certificate is renewed; less than `lifetime`."""

    def __post_init__(self) -> None:
        problems = []
        if not names.is_object_name(self.name):
            problems.append(
                f"name of an issuer must be one that Kubernetes takes (got {self.name!r}). There "
                "is no such issuer. Use: name='linkerd'"
            )
        if self.kind not in KINDS:
            problems.append(
                f"kind must be one of {', '.join(KINDS)} (got {self.kind!r}). cert-manager has no "
                "other. Use: kind='ClusterIssuer'"
            )
        if not SHORTEST_LIFETIME <= self.lifetime <= LONGEST_LIFETIME:
            problems.append(
                f"lifetime must be between {SHORTEST_LIFETIME} and {LONGEST_LIFETIME.days} days "
                f"(got {self.lifetime}). cert-manager refuses shorter ones, and no trust anchor "
                "lasts longer. Use: lifetime=timedelta(hours=48)"
            )
        if timedelta(0) < self.renewal < SHORTEST_RENEWAL:
            problems.append(
                f"renewal must be at least {SHORTEST_RENEWAL} (got {self.renewal}). cert-manager "
                "refuses less. Use: renewal=timedelta(hours=25)"
            )
        if not timedelta(0) < self.renewal < self.lifetime:
            problems.append(
                f"renewal must be shorter than the lifetime (got {self.renewal} of {self.lifetime}"
                "). cert-manager would renew without end. Use: renewal=timedelta(hours=25)"
            )
        if problems:
            raise ValueError("\n".join(problems))


def certificate_spec(cert_manager: CertManagerIssuer, trust_domain: str) -> dict[str, Any]:
    """
    Make the `spec` of cert-manager's Certificate of the issuer.

    Source: https://linkerd.io/2-edge/tasks/automatically-rotating-control-plane-tls-credentials/
    """
    name = issuer_name(trust_domain)
    return {
        "issuerRef": {"name": cert_manager.name, "kind": cert_manager.kind},
        "secretName": ISSUER_SECRET,
        "isCA": True,
        "commonName": name,
        "dnsNames": [name],
        "duration": _seconds(cert_manager.lifetime),
        "renewBefore": _seconds(cert_manager.renewal),
        "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
        "usages": ["cert sign", "crl sign", "server auth", "client auth"],
    }


def _seconds(duration: timedelta) -> str:
    return f"{int(duration.total_seconds())}s"
