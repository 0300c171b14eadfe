"""
An imitated `aws`: the one command that kubeconfigs of EKS clusters run, `aws eks get-token`.

It asks the emulated AWS whether the cluster exists in that region and whether the caller has an
access entry, and then answers with a certificate for the API server that stands for the cluster,
where the genuine one answers with a token: a kubeconfig works with either. It speaks HTTP itself,
because every call to the cluster waits for it, and loading an AWS SDK takes longer than the answer.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from sandbox.clusters import read_cluster
from sandbox.home import Home

VERSION = "aws-cli/2.31.0 (imitated by linkmesh's sandbox)"
API_VERSION = "client.authentication.k8s.io/v1beta1"
TIMEOUT_SECONDS = 20

# Exit codes of the genuine program. Source: https://docs.aws.amazon.com/cli/latest/userguide/
# cli-usage-returncodes.html
WRONG_USE = 252
SERVICE_ERROR = 254


class RefusedError(Exception):
    """What the service would answer, in its words."""


def main() -> None:
    """Run the command; what AWS refuses is one line on standard error."""
    given = _parser().parse_args()
    try:
        print(json.dumps(credential(given.cluster_name, given.region, given.role_arn)))
    except RefusedError as error:
        print(f"\n{error}", file=sys.stderr)
        sys.exit(SERVICE_ERROR)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="aws", exit_on_error=True)
    parser.add_argument("--version", action="version", version=VERSION)
    services = parser.add_subparsers(dest="service", required=True)
    commands = services.add_parser("eks").add_subparsers(dest="command", required=True)
    command = commands.add_parser("get-token")
    command.add_argument("--cluster-name", required=True)
    command.add_argument("--region", default=os.environ.get("AWS_REGION"))
    command.add_argument("--role-arn")
    command.add_argument("--output", choices=["json"])
    return parser


def credential(name: str, region: str | None, role: str | None) -> dict[str, Any]:
    """Make the ExecCredential for a cluster, if AWS would let the caller in."""
    if not region:
        raise RefusedError('You must specify a region. You can also configure your region by "aws configure".')
    _call(region, "eks", f"/clusters/{urllib.parse.quote(name)}")
    principal = role or _caller(region)
    entries = _call(region, "eks", f"/clusters/{urllib.parse.quote(name)}/access-entries")
    if principal not in entries.get("accessEntries", []):
        raise RefusedError(
            f"Unauthorized: {principal} has no access entry on the cluster {name} in {region}."
        )
    running = read_cluster(Home.current(), name)
    if running is None:
        raise RefusedError(f"The API server of {name} does not run.")
    asked = json.loads(os.environ.get("KUBERNETES_EXEC_INFO") or "{}")
    return {
        "apiVersion": asked.get("apiVersion", API_VERSION),
        "kind": "ExecCredential",
        "spec": {},
        "status": {
            "clientCertificateData": running.client_certificate_pem,
            "clientKeyData": running.client_key_pem,
        },
    }


def _caller(region: str) -> str:
    """Ask who the caller is."""
    body = urllib.parse.urlencode({"Action": "GetCallerIdentity", "Version": "2011-06-15"})
    answer = _request(region, "sts", "/", body.encode()).decode()
    found = re.search(r"<Arn>([^<]+)</Arn>", answer)
    if found is None:
        raise RefusedError("GetCallerIdentity answered without an ARN.")
    return found.group(1)


def _call(region: str, service: str, path: str) -> dict[str, Any]:
    answer = json.loads(_request(region, service, path))
    return dict(answer)


def _request(region: str, service: str, path: str, body: bytes | None = None) -> bytes:
    """Send one request; the emulated AWS reads only the scope of the signature."""
    key = os.environ.get("AWS_ACCESS_KEY_ID")
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if not key or not endpoint:
        raise RefusedError("Unable to locate credentials.")
    scope = f"{key}/20260101/{region}/{service}/aws4_request"
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
    }
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    request = urllib.request.Request(endpoint + path, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        raise RefusedError(_words(error)) from None
    except OSError as error:
        raise RefusedError(f'Could not connect to the endpoint URL: "{endpoint}" ({error})') from None


def _words(error: urllib.error.HTTPError) -> str:
    text = error.read().decode(errors="replace")
    kind = error.headers.get("x-amzn-errortype", "") or "ClientException"
    try:
        message = json.loads(text).get("message", text)
    except ValueError:
        message = text
    return f"An error occurred ({kind}) when calling the EKS service: {message}"


if __name__ == "__main__":
    main()
