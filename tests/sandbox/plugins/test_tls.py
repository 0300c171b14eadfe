"""
The tls provider offers the types of its SDK that we use, and no others.
"""

import json
from importlib.resources import files

import pytest

from sandbox.plugins.contract import Refused
from sandbox.plugins.tls import Tls


def test_the_version_is_the_one_that_the_sdk_asks_for() -> None:
    asked = json.loads((files("pulumi_tls") / "pulumi-plugin.json").read_text())

    assert (Tls.name, Tls.version) == (asked["name"], asked["version"])


@pytest.mark.parametrize("name", ["PrivateKey", "CertRequest", "SelfSignedCert"])
def test_types_are_found_by_their_tokens(name: str) -> None:
    token = f"tls:index/{name[0].lower()}{name[1:]}:{name}"

    assert type(Tls().resource(token)).__name__ == name


def test_an_unknown_type_and_a_proxy_are_refused() -> None:
    with pytest.raises(Refused, match="resource type tls:index/other:Other must be one that"):
        Tls().resource("tls:index/other:Other")
    with pytest.raises(Refused, match="'proxy' must be a property that"):
        Tls().check_config({"proxy": "{}"})
