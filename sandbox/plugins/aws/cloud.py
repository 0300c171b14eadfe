"""
The emulated account as one provider sees it: a region, credentials, default tags, and calls.

Calls go through botocore, so that parameters are checked against AWS' own models, to the address
in AWS_ENDPOINT_URL only. botocore is loaded with the first call (0.3 s, and 0.3 s more for EC2's
model), so a preview that calls nothing pays nothing.
"""

import functools
import os
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from sandbox.home import Home
from sandbox.plugins.contract import Refused

# ministack accepts any word as a region.
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

Answer = dict[str, Any]


class AwsRefused(Refused):
    """AWS says no; `code` is what programs look at."""

    def __init__(self, code: str, message: str, *, operation: str = "") -> None:
        said = f"api error {code}: {message}"
        super().__init__(f"operation error {operation}, {said}" if operation else said)
        self.code = code

    @property
    def means_gone(self) -> bool:
        """Whether the thing does not exist, as each service words it."""
        return "NotFound" in self.code or self.code == "NoSuchEntity"


def invalid(message: str) -> AwsRefused:
    """Make EKS' refusal of a parameter."""
    return AwsRefused("InvalidParameterException", message)


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """Who calls."""

    access_key: str
    secret_key: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """One region of the account, with what the provider was told about it."""

    endpoint: str
    region: str
    credentials: Credentials
    home: Home
    default_tags: Mapping[str, str] = field(default_factory=dict)

    def at(self, region: str) -> "Cloud":
        """Look at another region of the same account."""
        return replace(self, region=check_region(region))

    def call(self, service: str, operation: str, **parameters: Any) -> Answer:
        """Call one operation by its Python name, for example `create_vpc`; raise AwsRefused."""
        from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

        client = _client(service, self.region, self.endpoint, self.credentials)
        meta = client.meta
        named = f"{meta.service_model.service_id}: {meta.method_to_api_mapping[operation]}"
        try:
            answer: Answer = getattr(client, operation)(**parameters)
        except ClientError as error:
            said = error.response["Error"]
            raise AwsRefused(said["Code"], said["Message"], operation=named) from error
        except ParamValidationError as error:
            raise AwsRefused("ValidationError", str(error), operation=named) from error
        except BotoCoreError as error:
            raise Refused(
                f"the emulated AWS must answer at {self.endpoint} (got: {error}). Nothing can be "
                "read or changed. Look at its log, or start it again: make start"
            ) from error
        answer.pop("ResponseMetadata", None)
        return answer

    def find(self, service: str, operation: str, **parameters: Any) -> Answer | None:
        """Call an operation on a thing; None when the thing does not exist."""
        try:
            return self.call(service, operation, **parameters)
        except AwsRefused as refused:
            if refused.means_gone:
                return None
            raise

    @property
    def account(self) -> str:
        """Number of the account."""
        return _account(self.endpoint, self.credentials)

    def arn(self, service: str, resource: str, *, regional: bool = True) -> str:
        """Make an ARN in this account."""
        return f"arn:aws:{service}:{self.region if regional else ''}:{self.account}:{resource}"


def check_region(region: str) -> str:
    """Refuse what is no region's name."""
    if not REGION.fullmatch(region):
        raise Refused(
            f"'region' must be the name of a region (got {region!r}). Use: eu-west-1, for example",
            "region",
        )
    return region


def endpoint_of_environment() -> str:
    """Give the emulated AWS' address; the imitation never speaks to another."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    if urlsplit(endpoint).hostname not in LOOPBACK:
        raise Refused(
            f"AWS_ENDPOINT_URL must be an address on loopback (got {endpoint!r}). The imitated AWS "
            'provider speaks to an emulation only. Use the sandbox\'s variables: eval "$(make env)"'
        )
    return endpoint


_lock = threading.Lock()


@functools.cache
def _session() -> Any:
    import botocore.session

    session = botocore.session.Session()
    # What the user configured for the real AWS must not reach the emulation.
    session.set_config_variable("config_file", os.devnull)
    session.set_config_variable("credentials_file", os.devnull)
    return session


@functools.cache
def _client(service: str, region: str, endpoint: str, credentials: Credentials) -> Any:
    from botocore.config import Config

    config = Config(
        proxies={},  # loopback, whatever HTTP_PROXY says
        retries={"total_max_attempts": 2},
        connect_timeout=5,
        read_timeout=60,
        max_pool_connections=32,
    )
    with _lock:  # sessions, other than clients, are not made for threads
        return _session().create_client(
            service,
            region_name=region,
            endpoint_url=endpoint,
            aws_access_key_id=credentials.access_key,
            aws_secret_access_key=credentials.secret_key,
            config=config,
        )


@functools.cache
def _account(endpoint: str, credentials: Credentials) -> str:
    client = _client("sts", "us-east-1", endpoint, credentials)
    account: str = client.get_caller_identity()["Account"]
    return account
