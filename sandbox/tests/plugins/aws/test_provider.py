"""The provider's configuration and types."""

import importlib
import inspect
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.aws.provider import TYPES, AwsProvider
from sandbox.plugins.contract import Refused


@pytest.fixture
def provider(
    region: Callable[[str], Cloud], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> AwsProvider:
    """Give a provider in the sandbox's environment."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", region("eu-west-1").endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("LINKMESH_SANDBOX_HOME", str(tmp_path))
    return AwsProvider()


def configured(provider: AwsProvider, **arguments: str) -> AwsProvider:
    """Configure it as the engine does."""
    provider.configure(provider.check_config({"region": "eu-west-3", **arguments}))
    return provider


def test_tags_and_flags_arrive_as_json_text(provider: AwsProvider) -> None:
    configured(provider, defaultTags='{"tags": {"a": "b"}}', skipCredentialsValidation="false")

    assert provider.cloud.region == "eu-west-3"
    assert provider.cloud.default_tags == {"a": "b"}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"region": "nowhere"}, "'region' must be the name of a region"),
        ({"profile": "mine"}, "'profile' must be a property that"),
        ({"defaultTags": '{"tag": {}}'}, "'tag' must be a property that"),
    ],
)
def test_wrong_arguments_are_refused(
    provider: AwsProvider, arguments: dict[str, str], reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        configured(provider, **arguments)


def test_the_real_aws_is_never_spoken_to(
    provider: AwsProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://ec2.eu-west-1.amazonaws.com")

    with pytest.raises(Refused, match="AWS_ENDPOINT_URL must be an address on loopback"):
        configured(provider)


def test_without_credentials_nothing_works(
    provider: AwsProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(Refused, match="No valid credential sources found"):
        configured(provider)


def test_an_unknown_type_is_refused(provider: AwsProvider) -> None:
    configured(provider)

    with pytest.raises(Refused, match="resource type aws:s3/bucket:Bucket must be one that"):
        provider.resource("aws:s3/bucket:Bucket")


def test_another_region_replaces_the_provider(provider: AwsProvider) -> None:
    diff = provider.diff_config({"region": "eu-west-1"}, {"region": "eu-west-3"})

    assert [(change.path, change.replace) for change in diff.changes] == [("region", True)]


def test_an_emulation_that_does_not_answer_is_named(
    provider: AwsProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    configured(provider)

    with pytest.raises(Refused, match=r"the emulated AWS must answer at http://127\.0\.0\.1:9"):
        provider.cloud.call("sts", "get_caller_identity")


@pytest.mark.parametrize("token", TYPES)
def test_every_property_is_one_of_the_genuine_provider(token: str) -> None:
    module, name = token.split(":")[1].split("/")[0], token.rpartition(":")[2]
    file = token.split(":")[1].split("/")[1]
    sdk = importlib.import_module(f"pulumi_aws.{module}.{_snake(file)}")
    states = getattr(sdk, f"_{name}State")
    arguments = inspect.signature(getattr(sdk, name)._internal_init).parameters
    schema = TYPES[token].schema

    inputs = {_snake(each) for each in (*schema.required, *schema.optional)}
    outputs = {_snake(each) for each in schema.computed}

    assert inputs <= set(arguments)
    assert outputs <= set(inspect.signature(states.__init__).parameters)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
