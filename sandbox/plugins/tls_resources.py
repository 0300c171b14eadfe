"""
The four types of resource of the imitated tls provider: what they take, make and replace.

Nothing exists outside of the state, so reading finds only that time has passed. Every input
replaces, except `earlyRenewalHours`; a certificate whose renewal is due is replaced by the next
update, also without a refresh. Write-only keys (`...PemWo`) are not imitated.
Source: hashicorp/terraform-provider-tls d72d90e1, internal/provider/resource_*.go
"""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.plugins.certificates import (
    ALLOWED_USES,
    SUBJECT_NAMES,
    Template,
    alternative_names,
    new_certificate,
    new_request,
    read_certificate,
    read_request,
    requested_names,
    subject_name,
)
from sandbox.plugins.framework import (
    UNKNOWN,
    Change,
    Diff,
    Properties,
    Refused,
    Resource,
    Schema,
    State,
)
from sandbox.plugins.keys import CURVES, algorithm_of, key_id, key_outputs, new_key, read_key

SUBJECT = Schema(
    optional={name: [str] if name == "streetAddresses" else str for name in SUBJECT_NAMES}
)
NAMES = {"subject": SUBJECT, "dnsNames": [str], "ipAddresses": [str], "uris": [str]}
VALIDITY = {"allowedUses": [ALLOWED_USES], "validityPeriodHours": int}
AUTHORITY = {
    "earlyRenewalHours": int,
    "isCaCertificate": bool,
    "maxPathLength": int,
    "setSubjectKeyId": bool,
}
AUTHORITY_DEFAULTS = {"earlyRenewalHours": 0, "isCaCertificate": False, "setSubjectKeyId": False}
CERTIFICATE_OUTPUTS = ("certPem", "readyForRenewal", "validityStartTime", "validityEndTime")


def replacing(
    required: Mapping[str, Any], optional: Mapping[str, Any], computed: tuple[str, ...]
) -> Schema:
    """Make a schema of which every property replaces, save the one that only moves a date."""
    names = {*required, *optional} - {"earlyRenewalHours"}
    return Schema(required=required, optional=optional, computed=computed, replace_on=names)


class TlsResource(Resource):
    """What all four types share."""

    schema: Schema
    defaults: Mapping[str, Any] = {}
    """Filled in for outputs and comparisons; inputs keep what the program said."""

    def check(self, news: Properties, olds: Properties | None) -> Properties:
        """Refuse unknown and misshapen properties."""
        return self.schema.check(news)

    def diff(
        self, id: str, old_inputs: Properties, old_outputs: Properties, news: Properties
    ) -> Diff:
        """Compare, so that writing down a default changes nothing."""
        return self.schema.diff({**self.defaults, **old_inputs}, {**self.defaults, **news})

    def create(self, urn: str, news: Properties, *, preview: bool, timeout: float) -> State:
        """Make it."""
        complete = {**self.defaults, **news}
        if preview:
            return State("", self.schema.preview(complete))
        id, computed = self.make(complete)
        return State(id, {**complete, **computed})

    def read(
        self, id: str, inputs: Properties, outputs: Properties
    ) -> tuple[State, Properties] | None:
        """Give back the state, which is all there is."""
        if not outputs:
            raise Refused(
                f"a resource of the tls provider must be created by the program (got an import of "
                f"{id!r}). It exists in the state only"
            )
        return State(id, outputs), inputs

    def update(
        self,
        id: str,
        old_inputs: Properties,
        old_outputs: Properties,
        news: Properties,
        *,
        preview: bool,
        timeout: float,
    ) -> State:
        """Take over what may change in place."""
        computed = {key: old_outputs[key] for key in self.schema.computed if key in old_outputs}
        return State(id, {**self.defaults, **news, **computed})

    def delete(
        self, id: str, old_inputs: Properties, old_outputs: Properties, *, timeout: float
    ) -> None:
        """Forget it."""

    @abstractmethod
    def make(self, news: Properties) -> tuple[str, Properties]:
        """Make id and computed outputs from complete inputs."""


class PrivateKey(TlsResource):
    """tls:index/privateKey:PrivateKey."""

    defaults: Mapping[str, Any] = {"ecdsaCurve": "P224", "rsaBits": 2048}
    schema = replacing(
        {"algorithm": {"RSA", "ECDSA", "ED25519"}},
        {"ecdsaCurve": set(CURVES), "rsaBits": int},
        (
            "privateKeyPem",
            "privateKeyPemPkcs8",
            "privateKeyOpenssh",
            "publicKeyPem",
            "publicKeyOpenssh",
            "publicKeyFingerprintMd5",
            "publicKeyFingerprintSha256",
        ),
    )

    def make(self, news: Properties) -> tuple[str, Properties]:
        """Make a key."""
        key = new_key(news["algorithm"], curve=news["ecdsaCurve"], rsa_bits=news["rsaBits"])
        return key_id(key), key_outputs(key)


class CertRequest(TlsResource):
    """tls:index/certRequest:CertRequest."""

    schema = replacing({"privateKeyPem": str}, NAMES, ("certRequestPem", "keyAlgorithm"))

    def make(self, news: Properties) -> tuple[str, Properties]:
        """Make a request."""
        key = read_key(news["privateKeyPem"], "privateKeyPem")
        pem, id = new_request(key, subject_name(news.get("subject", {})), alternative_names(news))
        return id, {"certRequestPem": pem, "keyAlgorithm": algorithm_of(key)}


class Certificate(TlsResource):
    """What self-signed and locally signed certificates share: time."""

    def diff(
        self, id: str, old_inputs: Properties, old_outputs: Properties, news: Properties
    ) -> Diff:
        """Replace also when the time has come."""
        changes = super().diff(id, old_inputs, old_outputs, news).changes
        hours = news.get("earlyRenewalHours", 0)
        if hours is not UNKNOWN and is_due(old_outputs.get("validityEndTime"), hours):
            changes = [*changes, Change("readyForRenewal", "update", replace=True, computed=True)]
        return Diff(changes)

    def read(
        self, id: str, inputs: Properties, outputs: Properties
    ) -> tuple[State, Properties] | None:
        """Look at the clock."""
        found = super().read(id, inputs, outputs)
        if found is None or not is_due(
            outputs.get("validityEndTime"), outputs.get("earlyRenewalHours", 0)
        ):
            return found
        return State(id, {**outputs, "readyForRenewal": True}), inputs


class SelfSignedCert(Certificate):
    """tls:index/selfSignedCert:SelfSignedCert."""

    defaults: Mapping[str, Any] = {**AUTHORITY_DEFAULTS, "setAuthorityKeyId": False}
    schema = replacing(
        {"privateKeyPem": str, **VALIDITY},
        {**NAMES, **AUTHORITY, "setAuthorityKeyId": bool},
        (*CERTIFICATE_OUTPUTS, "keyAlgorithm"),
    )

    def make(self, news: Properties) -> tuple[str, Properties]:
        """Make a certificate that vouches for itself."""
        key = read_key(news["privateKeyPem"], "privateKeyPem")
        start, end, validity = _validity(news)
        template = Template(
            subject=subject_name(news.get("subject", {})),
            alternative_names=alternative_names(news),
            set_authority_key_id=news["setAuthorityKeyId"],
            **_common(news, start, end),
        )
        pem, id = new_certificate(template, public_key=key.public_key(), signed_by=key, issuer=None)
        return id, {"certPem": pem, "keyAlgorithm": algorithm_of(key), **validity}


class LocallySignedCert(Certificate):
    """tls:index/locallySignedCert:LocallySignedCert."""

    defaults: Mapping[str, Any] = AUTHORITY_DEFAULTS
    schema = replacing(
        {"caCertPem": str, "caPrivateKeyPem": str, "certRequestPem": str, **VALIDITY},
        AUTHORITY,
        (*CERTIFICATE_OUTPUTS, "caKeyAlgorithm"),
    )

    def make(self, news: Properties) -> tuple[str, Properties]:
        """Make a certificate from a request, signed by an authority that we hold the key of."""
        request = read_request(news["certRequestPem"])
        key = read_key(news["caPrivateKeyPem"], "caPrivateKeyPem")
        start, end, validity = _validity(news)
        template = Template(
            subject=request.subject,
            alternative_names=requested_names(request),
            **_common(news, start, end),
        )
        pem, id = new_certificate(
            template,
            public_key=request.public_key(),  # type: ignore[arg-type] # a kind that we made
            signed_by=key,
            issuer=read_certificate(news["caCertPem"]),
        )
        return id, {"certPem": pem, "caKeyAlgorithm": algorithm_of(key), **validity}


def is_due(validity_end: Any, early_renewal_hours: int) -> bool:
    """Tell whether a certificate has expired, or is so near to it that it may be renewed."""
    if not isinstance(validity_end, str):
        return False
    end = datetime.fromisoformat(validity_end)
    return end - timedelta(hours=early_renewal_hours) <= datetime.now(UTC)


def _validity(news: Properties) -> tuple[datetime, datetime, Properties]:
    now = time.time_ns()
    start = datetime.fromtimestamp(now // 10**9, UTC)
    end = start + timedelta(hours=news["validityPeriodHours"])
    fraction = f"{now % 10**9:09d}".rstrip("0")  # nanoseconds, as Go prints them
    texts = [
        f"{each:%Y-%m-%dT%H:%M:%S}{f'.{fraction}' if fraction else ''}Z" for each in (start, end)
    ]
    outputs = {
        "validityStartTime": texts[0],
        "validityEndTime": texts[1],
        "readyForRenewal": False,
    }
    return start, end, outputs


def _common(news: Properties, start: datetime, end: datetime) -> dict[str, Any]:
    return {
        "allowed_uses": news["allowedUses"],
        "not_before": start,
        "not_after": end,
        "is_ca": news["isCaCertificate"],
        "max_path_length": news.get("maxPathLength"),
        "set_subject_key_id": news["setSubjectKeyId"],
    }
