"""
Certificates of Linkerd's webhooks, which Helm would otherwise replace at each upgrade.

An authority of each installation signs one certificate for each webhook. API servers trust the
authority, so a renewed certificate changes one Secret and no webhook configuration; the processes
reload it from their volume. Keys are in our own Secrets, never in Helm values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
import pulumi_tls as tls

from ...arguments import checked
from ...cluster import Cluster
from .keys import CA_USES, RENEWAL, hours, private_key
from .webhook_names import SERVICES, Webhook, secret_name

# Ten years: replacing the authority rolls every webhook.
AUTHORITY_LIFETIME = timedelta(days=3650)

# One year: an expired certificate silently stops injection, or with the failure policy `Fail` stops
# pods from starting.
LIFETIME = timedelta(days=365)

SERVER_USES = ["digital_signature", "key_encipherment", "server_auth"]

# Helm deletes the Secrets that an earlier release of the chart made, when a release no longer makes
# them. They have the same names as ours. Source: helm, pkg/kube/client.go, Update
RETAINED = {"helm.sh/resource-policy": "keep"}


@checked
@dataclass(frozen=True, kw_only=True)
class WebhookCertificatesArgs:
    """Arguments of `WebhookCertificates`."""

    cluster: Cluster
    """The cluster they are on."""

    namespace: pulumi.Input[str]
    """Namespace of the Services and the Secrets, which must exist."""

    webhooks: Sequence[Webhook]
    """The webhooks of one chart: `OF_CONTROL_PLANE` or `OF_VIZ`."""

    lifetime: timedelta = LIFETIME
    """From now to the expiry of each; whole hours, more than the 60 days of renewal."""

    def __post_init__(self) -> None:
        if not RENEWAL < self.lifetime < AUTHORITY_LIFETIME:
            raise ValueError(
                f"lifetime of a webhook's certificate must be between {RENEWAL.days} and "
                f"{AUTHORITY_LIFETIME.days} days (got {self.lifetime}). It is renewed in its last "
                f"{RENEWAL.days} days, and its authority must outlive it. Use: timedelta(days=365)"
            )


def webhook_values(
    webhooks: Sequence[Webhook], authority_pem: pulumi.Input[str] | None
) -> dict[str, dict[str, Any]]:
    """Return the chart values that refer to our Secrets; empty if the chart makes its own."""
    if authority_pem is None:
        return {}
    return {
        webhook.value: {"externalSecret": True, "caBundle": authority_pem} for webhook in webhooks
    }


class WebhookCertificates(pulumi.ComponentResource):
    """
    Certificates of one chart's webhooks.

    Makes:
        an authority (key, certificate), and for each webhook a key, a request, a certificate and
        the Secret that the chart's pods mount.
    Source: https://linkerd.io/2-edge/tasks/automatically-rotating-webhook-tls-credentials/
    """

    authority_pem: pulumi.Output[str]
    """Certificate of the authority, for `caBundle`; not a secret."""

    authority_expiry: pulumi.Output[str]
    """When the authority expires (RFC 3339)."""

    expiry: Mapping[Webhook, pulumi.Output[str]]
    """When each webhook's certificate expires (RFC 3339)."""

    secrets: Sequence[kubernetes.core.v1.Secret]
    """The Secrets, which must exist before the chart's pods."""

    def __init__(
        self,
        name: str,
        args: WebhookCertificatesArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:WebhookCertificates", name, {}, opts)
        authority = _authority(name, parent=self)
        signed = {
            webhook: _signed(f"{name}-{SERVICES[webhook]}", args, webhook, authority, parent=self)
            for webhook in args.webhooks
        }
        self.authority_pem = authority.certificate.cert_pem
        self.authority_expiry = authority.certificate.validity_end_time
        self.expiry = {hook: one.certificate.validity_end_time for hook, one in signed.items()}
        self.secrets = [
            _secret(f"{name}-{SERVICES[webhook]}", args, webhook, one, parent=self)
            for webhook, one in signed.items()
        ]
        self.register_outputs({"expiry": {hook.value: end for hook, end in self.expiry.items()}})


@dataclass(frozen=True, kw_only=True)
class _Authority:
    key: tls.PrivateKey
    certificate: tls.SelfSignedCert


@dataclass(frozen=True, kw_only=True)
class _Signed:
    key: tls.PrivateKey
    certificate: tls.LocallySignedCert


def _authority(name: str, parent: pulumi.Resource) -> _Authority:
    key = private_key(f"{name}-authority", parent=parent)
    certificate = tls.SelfSignedCert(
        f"{name}-authority-certificate",
        private_key_pem=key.private_key_pem,
        is_ca_certificate=True,
        set_subject_key_id=True,
        allowed_uses=CA_USES,
        validity_period_hours=hours(AUTHORITY_LIFETIME),
        subject={"common_name": name},
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return _Authority(key=key, certificate=certificate)


def _signed(
    name: str,
    args: WebhookCertificatesArgs,
    webhook: Webhook,
    authority: _Authority,
    parent: pulumi.Resource,
) -> _Signed:
    key = private_key(name, parent=parent)
    host = pulumi.Output.concat(SERVICES[webhook], ".", args.namespace, ".svc")
    request = tls.CertRequest(
        f"{name}-request",
        private_key_pem=key.private_key_pem,
        subject={"common_name": host},
        dns_names=[host],
        opts=pulumi.ResourceOptions(parent=parent),
    )
    certificate = tls.LocallySignedCert(
        f"{name}-certificate",
        cert_request_pem=request.cert_request_pem,
        ca_private_key_pem=authority.key.private_key_pem,
        ca_cert_pem=authority.certificate.cert_pem,
        allowed_uses=SERVER_USES,
        validity_period_hours=hours(args.lifetime),
        early_renewal_hours=hours(RENEWAL),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return _Signed(key=key, certificate=certificate)


def _secret(
    name: str,
    args: WebhookCertificatesArgs,
    webhook: Webhook,
    signed: _Signed,
    parent: pulumi.Resource,
) -> kubernetes.core.v1.Secret:
    # The policy controller reads PKCS#8 and no SEC1; the others read both.
    # Source: linkerd-kubert, kubert/src/server/tls_rustls.rs
    return kubernetes.core.v1.Secret(
        f"{name}-secret",
        metadata={
            "name": secret_name(webhook),
            "namespace": args.namespace,
            "annotations": RETAINED,
        },
        type="kubernetes.io/tls",
        string_data={
            "tls.crt": signed.certificate.cert_pem,
            "tls.key": signed.key.private_key_pem_pkcs8,
        },
        opts=pulumi.ResourceOptions(parent=parent, provider=args.cluster.provider),
    )
