"""
The sandbox's `aws`: the one command of the AWS CLI that a kubeconfig runs, `aws eks get-token`.

It asks the emulated AWS who calls and whether the cluster lets them in, and answers with a bearer
token of the administrator of the genuine API server behind the EKS cluster. So it hands it only to
callers whose access entry makes them administrator of the whole cluster; whoever has less is
refused. It speaks plain HTTP, as loading botocore takes half a second.
"""

import argparse
import http.client
import json
import os
import re
import sys
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree

VERSION = "aws-cli/2.32.0 (imitated by linkmesh's sandbox: eks get-token only)"

# Source: aws/aws-cli, awscli/customizations/eks/get_token.py
API_VERSION = "client.authentication.k8s.io/v1beta1"

# Ours lives longer, but whoever holds it asks again as often as for the genuine one.
TOKEN_LIFETIME = timedelta(minutes=14)

ADMIN_POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
LOOPBACK = ("127.0.0.1", "localhost", "::1")

# The AWS CLI's: 252 for a command it does not understand, 253 for missing settings, 254 for what
# the service refuses. Source: AWS CLI user guide, "Return codes"
MISUSED, UNCONFIGURED, REFUSED = 252, 253, 254


class RefusedError(Exception):
    """AWS, or the cluster, says no."""

    def __init__(self, message: str, status: int = REFUSED) -> None:
        super().__init__(message)
        self.status = status


def main() -> None:
    """Run the command line."""
    try:
        print(run(sys.argv[1:]))
    except RefusedError as error:
        print(f"\n{error}", file=sys.stderr)
        sys.exit(error.status)


def run(arguments: list[str]) -> str:
    """Run one command and give what it prints."""
    if arguments == ["--version"]:
        return VERSION
    wanted = _parse(arguments)
    account = Account(region=wanted.region)
    name = wanted.cluster_name
    account.eks(f"/clusters/{quote(name, safe='')}", "DescribeCluster")
    principal = account.principal(wanted.role_arn)
    _check_admitted(account, name, principal)
    return json.dumps(_credential(name))


class Account:
    """The emulated account in one region."""

    def __init__(self, *, region: str) -> None:
        endpoint = urlsplit(os.environ.get("AWS_ENDPOINT_URL", ""))
        if endpoint.hostname not in LOOPBACK or endpoint.port is None:
            raise RefusedError(
                "AWS_ENDPOINT_URL must be an address on loopback (it is not). The sandbox's aws "
                'speaks to an emulation only. Use: eval "$(make env)"',
                UNCONFIGURED,
            )
        self.access_key = os.environ.get("AWS_ACCESS_KEY_ID", "")
        self.region = region
        self._address = (endpoint.hostname, endpoint.port)

    def eks(self, path: str, operation: str) -> dict[str, Any]:
        """Ask EKS."""
        status, body = self._ask("eks", "GET", path)
        answer: dict[str, Any] = json.loads(body)
        if status >= 300:
            raise RefusedError(_said(operation, answer["__type"], answer["message"]))
        return answer

    def principal(self, role_arn: str | None) -> str:
        """Give the ARN of the caller, or of the role that the caller takes on."""
        if role_arn is None:
            return _arn_of(self._sts("GetCallerIdentity"))
        assumed = self._sts("AssumeRole", RoleArn=role_arn, RoleSessionName="EKSGetTokenAuth")
        _arn_of(assumed)
        return role_arn

    def _sts(self, action: str, **parameters: str) -> ElementTree.Element:
        form = urlencode({"Action": action, "Version": "2011-06-15", **parameters})
        status, body = self._ask("sts", "POST", "/", form)
        answer = ElementTree.fromstring(body)
        if status >= 300:
            said = {each.tag.rpartition("}")[2]: each.text or "" for each in answer.iter()}
            raise RefusedError(_said(action, said.get("Code", ""), said.get("Message", "")))
        return answer

    def _ask(self, service: str, method: str, path: str, form: str = "") -> tuple[int, bytes]:
        # The emulation reads caller, region and service here, and checks no signature.
        scope = f"{self.access_key}/20260101/{self.region}/{service}/aws4_request"
        headers = {
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, "
            "SignedHeaders=host, Signature=0",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection = http.client.HTTPConnection(*self._address, timeout=30)
        try:
            connection.request(method, path, body=form or None, headers=headers)
            response = connection.getresponse()
            return response.status, response.read()
        except OSError as error:
            host, port = self._address
            raise RefusedError(
                f'Could not connect to the endpoint URL: "http://{host}:{port}{path}" ({error})',
                255,
            ) from error
        finally:
            connection.close()


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = _Parser(prog="aws", add_help=False)
    parser.add_argument("service", choices=["eks"])
    parser.add_argument("operation", choices=["get-token"])
    parser.add_argument("--cluster-name", required=True)
    parser.add_argument("--region", default=os.environ.get("AWS_REGION", ""))
    parser.add_argument("--role-arn")
    parser.add_argument("--output", choices=["json"])
    return parser.parse_args(arguments)


class _Parser(argparse.ArgumentParser):
    """Ends as the AWS CLI does."""

    def error(self, message: str) -> NoReturn:
        raise RefusedError(
            f"aws: error: {message}. The sandbox's aws knows only: aws eks get-token "
            "--cluster-name NAME [--region REGION] [--role-arn ARN] [--output json]",
            MISUSED,
        )


def _check_admitted(account: Account, cluster: str, principal: str) -> None:
    """Refuse whom the API server would refuse, or would let in with fewer rights."""
    entries = f"/clusters/{quote(cluster, safe='')}/access-entries"
    known = account.eks(entries, "ListAccessEntries")["accessEntries"]
    if principal not in known:
        raise RefusedError(
            f"error: You must be logged in to the server (Unauthorized): {principal} has no access "
            f"entry on cluster {cluster}"
        )
    policies = account.eks(
        f"{entries}/{quote(principal, safe='')}/access-policies", "ListAssociatedAccessPolicies"
    )["associatedAccessPolicies"]
    if not any(
        each["policyArn"] == ADMIN_POLICY and each["accessScope"]["type"] == "cluster"
        for each in policies
    ):
        raise RefusedError(
            f"error: Forbidden: {principal} has no AmazonEKSClusterAdminPolicy for the whole "
            f"cluster {cluster}, and the sandbox's aws knows no lesser rights"
        )


def _credential(cluster: str) -> dict[str, Any]:
    """Make the ExecCredential that kubectl and client-go take."""
    from sandbox.cluster_folder import administrator_token, is_made
    from sandbox.home import Home

    home = Home.current()
    if not is_made(home, cluster):
        raise RefusedError(f"the API server of cluster {cluster} must run (it does not)")
    expires = datetime.now(UTC) + TOKEN_LIFETIME
    return {
        "kind": "ExecCredential",
        "apiVersion": API_VERSION,
        "spec": {},
        "status": {
            "expirationTimestamp": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "token": administrator_token(home, cluster),
        },
    }


def _arn_of(answer: ElementTree.Element) -> str:
    arn = next((each.text for each in answer.iter() if each.tag.endswith("}Arn")), None)
    # A role that was taken on has an entry under the role's own ARN.
    session = re.fullmatch(r"arn:aws:sts::(\d+):assumed-role/([^/]+)/.*", arn or "")
    return f"arn:aws:iam::{session[1]}:role/{session[2]}" if session else str(arn)


def _said(operation: str, code: str, message: str) -> str:
    return f"An error occurred ({code}) when calling the {operation} operation: {message}"


if __name__ == "__main__":
    main()
