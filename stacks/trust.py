"""
The part `trust`: trust anchors, and one identity issuer for each cluster that one of them signs.

One anchor, or an older and a newer one while `mesh rotate` replaces it. An anchor that is set is
validated by Linkerd's rules before anything is made; the others are made here. With cert-manager
nothing is made: the anchors that are set are exported.
"""

from collections.abc import Iterator, Mapping

import pulumi

from linkmesh.composition.trust import Trust, make_trust
from linkmesh.environment import Plan
from linkmesh.generations import named
from linkmesh.linkerd.identity import certificates
from linkmesh.linkerd.identity.external_certificates import ExternalTrustAnchor
from linkmesh.linkerd.identity.trust_rotation import TrustState

from .outputs import ExpiriesContract, IssuerContract, TrustContract
from .rotation import serialized_trust
from .settings import GivenCertificate, given_anchor, trust_state
from .stack_settings import ANCHOR_CERTIFICATE


def deploy(plan: Plan) -> None:
    """Make the anchors and the issuers; no key of an anchor is exported."""
    state = trust_state() or plan.environment.trust
    makes_issuers = plan.environment.linkerd.cert_manager is None
    trust = make_trust(plan, state, _external(state, makes_issuers=makes_issuers))
    _export_issuers(trust)
    expiries = trust.anchor_expiries
    TrustContract(
        anchors_pem=trust.anchors_pem,
        # All have one format, so the smallest text is the earliest time.
        anchors_expiry=pulumi.Output.all(*expiries.values()).apply(min),
        state=serialized_trust(state),
    ).export()
    ExpiriesContract(
        anchors=expiries, issuers={name: issuer.expiry for name, issuer in trust.issuers.items()}
    ).export()


def _external(state: TrustState, *, makes_issuers: bool) -> Mapping[int, ExternalTrustAnchor]:
    """Read the anchors that are set, by their generation."""
    given = {number: given_anchor(number) for number in state.anchors}
    signing = state.signing if makes_issuers else None
    problems = [
        problem
        for number, one in given.items()
        for problem in _problems(number, one, signs=number == signing, needed=not makes_issuers)
    ]
    if problems:
        raise pulumi.RunError("\n".join(problems))
    return {number: _anchor(one) for number, one in given.items() if one is not None}


def _problems(
    number: int, given: GivenCertificate | None, *, signs: bool, needed: bool
) -> Iterator[str]:
    """List what is wrong with an anchor that is set, or not set."""
    certificate = f"linkmesh:{named(ANCHOR_CERTIFICATE, number)}"
    key = f"linkmesh:{named('anchorKey', number)}"
    if given is None:
        if needed:
            yield (
                f"{certificate} must be set with cert_manager (it is not). The trust anchor is "
                "the one above cert-manager's authority. Use: pulumi config set "
                f"{certificate} < FILE"
            )
        return
    for problem in certificates.anchor_problems(given.certificate_pem, given.private_key_pem):
        yield f"{certificate}: {problem}"
    if signs and given.private_key_pem is None:
        yield (
            f"{key} must be set with {certificate} (it is not). The anchor signs the issuers. Use: "
            f"pulumi config set --secret {key} < FILE"
        )


def _anchor(given: GivenCertificate) -> ExternalTrustAnchor:
    return ExternalTrustAnchor(
        certificate_pem=given.certificate_pem,
        # An anchor that signs nothing needs none.
        private_key_pem=pulumi.Output.secret(given.private_key_pem or ""),
    )


def _export_issuers(trust: Trust) -> None:
    for cluster, issuer in trust.issuers.items():
        IssuerContract(
            certificate_pem=issuer.certificate_pem,
            private_key_pem=issuer.private_key_pem,
            expiry=issuer.expiry,
        ).export(cluster)
