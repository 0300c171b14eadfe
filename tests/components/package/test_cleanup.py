"""The package's own resource that removes mirrors: its registration and its removal."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.rpc import _special_secret_sig, _special_sig_key

from linkmesh.linkerd.links import cleanup, mirror_cleanup
from linkmesh.package.cleanup import MirrorSweep, remove
from tests import engine
from tests.components.package.constructed import constructed, secret
from tests.components.package.test_links import GRANT, ON_WEST

TYPE = "linkmesh:index:MirrorSweep"


@pytest.fixture
def _as_plugin() -> Iterator[None]:
    """Register what the plugin registers."""
    mirror_cleanup.register_cleanup_as(
        lambda *args, **kwargs: MirrorSweep(*args, **kwargs, version="1.2.3")
    )
    yield
    mirror_cleanup.register_cleanup_as(mirror_cleanup.MirrorCleanup)


@pytest.mark.usefixtures("_as_plugin")
def test_a_link_of_the_package_has_no_dynamic_resource() -> None:
    notes = constructed("Link", **ON_WEST, target="east", grant=secret(GRANT), modes=["flat"])

    swept = notes.one(TYPE)
    assert swept.name == "it-mirrors"
    assert swept.inputs["target"] == "east"
    assert isinstance(swept.inputs["kubeconfig"], engine.Secret)
    assert swept.secret_outputs == ("kubeconfig",)
    assert not [each for each in notes.resources if each.type.startswith("pulumi-python")]
    assert swept.name in notes.one("kubernetes:multicluster.linkerd.io/v1alpha3:Link").after


def test_its_removal_removes_the_mirrors(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(cleanup, "remove_orphans", lambda *given: asked.append(given))

    sent = Struct()
    sent.update(
        {"kubeconfig": {_special_sig_key: _special_secret_sig, "value": "K"}, "target": "east"}
    )
    remove(sent)

    assert asked == [("K", "east")]
