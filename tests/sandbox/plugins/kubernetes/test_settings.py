"""The provider's arguments, as the SDK sends them."""

from __future__ import annotations

import pytest

from sandbox.plugins.framework import UNKNOWN, Refused
from sandbox.plugins.kubernetes.settings import Settings, checked_arguments


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DELETE_UNREACHABLE", "ENABLE_SECRET_MUTABLE", "ENABLE_SERVER_SIDE_APPLY"):
        monkeypatch.delenv(f"PULUMI_K8S_{name}", raising=False)


def test_flags_arrive_as_json_text() -> None:
    settings = Settings.of({"enableSecretMutable": "true", "deleteUnreachable": "false"})

    assert settings.enable_secret_mutable
    assert not settings.delete_unreachable


def test_a_variable_counts_if_there_is_no_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_K8S_DELETE_UNREACHABLE", "true")

    assert Settings.of({}).delete_unreachable
    assert not Settings.of({"deleteUnreachable": "false"}).delete_unreachable


def test_helm_settings_become_helms_variables() -> None:
    settings = Settings.of({"helmReleaseSettings": '{"repositoryCache": "/c", "driver": null}'})

    assert settings.helm == {"HELM_REPOSITORY_CACHE": "/c"}


def test_a_kubeconfig_does_not_show_when_settings_are_printed() -> None:
    assert "s3cret" not in repr(Settings.of({"kubeconfig": "s3cret"}))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"kubeConfig": "x"}, "'kubeConfig' must be an argument that the imitated provider knows"),
        ({"renderYamlToDirectory": "out"}, "manifests would be written to files"),
        ({"enableServerSideApply": "false"}, "the sandbox has no client's patch"),
        ({"upsertExistingObjects": "true"}, "never takes over an existing object"),
        ({"helmReleaseSettings": '{"driver": "configmap"}'}, "driver must be 'secret'"),
        ({"helmReleaseSettings": '{"plugins": "x"}'}, "plugins must be one of driver"),
        ({"helmReleaseSettings": "{"}, "it must be JSON"),
    ],
)
def test_what_is_not_imitated_is_refused(arguments: dict[str, str], said: str) -> None:
    with pytest.raises(Refused, match=said):
        checked_arguments(arguments)


def test_unknown_values_and_ordinary_arguments_pass() -> None:
    arguments = {
        "kubeconfig": UNKNOWN,
        "clusterIdentifier": "west",
        "enableServerSideApply": "true",
        "suppressHelmHookWarnings": "true",
        "kubeClientSettings": '{"qps": 50}',
        "alwaysRender": None,
    }

    assert checked_arguments(arguments) == arguments
