"""Helm releases: what is compared, what is kept, and what of it fails."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.plugins.framework import UNKNOWN, Naming, PartialFailure, Refused
from sandbox.plugins.kubernetes import release as release_module
from sandbox.plugins.kubernetes.helm import HelmError
from sandbox.plugins.kubernetes.release import HelmRelease
from sandbox.plugins.kubernetes.release_options import install_options, upgrade_options
from tests.sandbox.plugins.kubernetes.fake_server import FakeServer
from tests.sandbox.plugins.kubernetes.providers import NoServer, provider_of

URN = "urn:pulumi:dev::p::kubernetes:helm.sh/v3:Release::web"


class FakeHelm:
    """Keeps releases in the fake server as Helm does, and fails when told to."""

    def __init__(self, server: FakeServer) -> None:
        self.server = server
        self.commands: list[Sequence[str]] = []
        self.fails_with = ""
        self.records = True

    def look(self, arguments: list[str]) -> str:
        raise AssertionError(f"charts here are local: {arguments}")

    def run(self, arguments: Sequence[str], *, namespace: str, values: Any = None) -> str:
        self.commands.append(arguments)
        if arguments[0] in ("install", "upgrade") and self.records:
            self._record(
                arguments[1], namespace, values, "failed" if self.fails_with else "deployed"
            )
        if self.fails_with:
            raise HelmError(self.fails_with)
        return ""

    def _record(self, name: str, namespace: str, values: Any, status: str) -> None:
        revision = 1 + sum(f".{name}.v" in path for path in self.server.objects)
        stored = {
            "name": name,
            "namespace": namespace,
            "version": revision,
            "config": values,
            "info": {"status": status},
            "chart": {"metadata": {"name": "web", "version": "1.2.3", "appVersion": "9"}},
            "manifest": "---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\n",
        }
        packed = base64.b64encode(gzip.compress(json.dumps(stored).encode()))
        path = f"/api/v1/namespaces/{namespace}/secrets/sh.helm.release.v1.{name}.v{revision}"
        self.server.objects[path] = {
            "metadata": {"labels": {"version": str(revision)}},
            "data": {"release": base64.b64encode(packed).decode()},
        }


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


@pytest.fixture
def helm(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> FakeHelm:
    fake = FakeHelm(server)
    monkeypatch.setattr(release_module, "Helm", lambda *_: fake)
    return fake


@pytest.fixture
def chart(tmp_path: Path) -> str:
    described = {"apiVersion": "v2", "name": "web", "version": "1.2.3"}
    (tmp_path / "Chart.yaml").write_text(yaml.safe_dump(described))
    return str(tmp_path)


@pytest.fixture
def release(server: FakeServer, helm: FakeHelm) -> HelmRelease:
    return HelmRelease(provider_of(server))


def inputs(chart: str, **overrides: Any) -> dict[str, Any]:
    return {"chart": chart, "name": "web", "namespace": "yelb", "timeout": 60, **overrides}


def create(release: HelmRelease, news: dict[str, Any]) -> dict[str, Any]:
    return release.create(URN, news, preview=False, timeout=0).outputs


def paths(release: HelmRelease, olds: Any, outputs: Any, news: Any) -> dict[str, tuple[str, bool]]:
    diff = release.diff("yelb/web", olds, outputs, news)
    return {change.path: (change.kind, change.replace) for change in diff.changes}


def test_a_check_fills_in_what_the_genuine_provider_does(release: HelmRelease, chart: str) -> None:
    news = {"chart": chart, "compat": "true", "atomic": False, "description": "", "values": {}}
    naming = Naming(urn=URN, name="web", seed=b"seed")

    checked = release.check(release.named(news, None, naming), None)

    assert checked.pop("name").startswith("web-")
    assert checked == {"chart": chart, "namespace": "default", "timeout": 300, "version": "1.2.3"}


def test_a_release_that_is_not_awaited_gets_no_timeout(release: HelmRelease, chart: str) -> None:
    assert "timeout" not in release.check({"chart": chart, "name": "a", "skipAwait": True}, None)


def test_a_made_up_name_is_kept(release: HelmRelease) -> None:
    naming = Naming(urn=URN, name="web", seed=b"")

    assert release.named({}, {"name": "web-1234"}, naming)["name"] == "web-1234"


def test_a_chart_that_is_missing_fails_the_preview(release: HelmRelease) -> None:
    with pytest.raises(Refused) as refused:
        release.check(inputs("/missing"), None)

    assert refused.value.failures == [
        (
            "chart",
            'path "/missing" not found; check the chart name and repository configuration.',
        )
    ]


def test_unknown_values_leave_the_chart_for_later(release: HelmRelease) -> None:
    news = inputs("/missing", values={"ca": UNKNOWN}, version="1.x")

    assert release.check(news, None) == news


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"valuez": {}}, "'valuez' must be a property that the imitated provider knows"),
        ({"timeout": "60s"}, "'timeout' must be an integer"),
        ({"valueYamlFiles": ["x"]}, "'valueYamlFiles' must not be set in the sandbox"),
        ({"repositoryOpts": {"password": "s3cret"}}, "must not hold credentials in the sandbox"),
    ],
)
def test_what_is_not_imitated_is_refused(
    release: HelmRelease, chart: str, properties: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused, match=said) as refused:
        release.check(inputs(chart, **properties), None)

    assert "s3cret" not in str(refused.value)


def test_a_preview_needs_no_cluster(chart: str) -> None:
    release = HelmRelease(provider_of(NoServer()))
    news = inputs(chart)

    checked = release.check(news, None)
    state = release.create(URN, checked, preview=True, timeout=0)

    assert state.outputs == {**checked, "resourceNames": UNKNOWN, "status": UNKNOWN}
    with pytest.raises(Refused, match="can't create Helm Release with unreachable cluster"):
        create(release, checked)


def test_an_installed_release_is_the_state(release: HelmRelease, chart: str) -> None:
    outputs = create(release, inputs(chart, values={"a": 1}))

    assert outputs["values"] == {"a": 1}
    assert outputs["resourceNames"] == {"Service/v1": ["web"]}
    assert outputs["status"] == {
        "appVersion": "9",
        "chart": "web",
        "name": "web",
        "namespace": "yelb",
        "revision": 1,
        "status": "deployed",
        "version": "1.2.3",
    }


def test_a_release_that_fails_is_kept(release: HelmRelease, helm: FakeHelm, chart: str) -> None:
    helm.fails_with = "context deadline exceeded"

    with pytest.raises(PartialFailure) as failed:
        create(release, inputs(chart))

    assert str(failed.value) == (
        'Helm release "yelb/web" was created, but failed to initialize completely. Use Helm CLI to '
        "investigate: failed to become available within allocated timeout. Error: Helm Release "
        "yelb/web: context deadline exceeded"
    )
    assert failed.value.state.outputs["status"]["status"] == "failed"


@pytest.mark.parametrize("records", [True, False])
def test_a_release_that_is_not_made_is_not_kept(
    release: HelmRelease, helm: FakeHelm, chart: str, records: bool
) -> None:
    helm.records = records
    helm.fails_with = "cannot re-use a name that is still in use" if records else "no such kind"

    with pytest.raises(Refused, match=helm.fails_with):
        create(release, inputs(chart))


def test_a_library_chart_is_not_installable(release: HelmRelease, tmp_path: Path) -> None:
    described = {"apiVersion": "v2", "name": "l", "version": "1.0.0", "type": "library"}
    (tmp_path / "Chart.yaml").write_text(yaml.safe_dump(described))

    with pytest.raises(Refused, match="library charts are not installable"):
        create(release, inputs(str(tmp_path)))


def test_no_change_is_none(release: HelmRelease, chart: str) -> None:
    news = inputs(chart, values={"a": {"b": [1, 2]}})

    assert paths(release, news, create(release, news), news) == {}


def test_values_are_compared_path_by_path(release: HelmRelease, chart: str) -> None:
    olds = inputs(chart, values={"proxy": {"cpu": "1", "memory": "2"}, "old": 1})
    news = inputs(chart, values={"proxy": {"cpu": "2", "memory": "2"}, "ca": UNKNOWN})

    assert paths(release, olds, create(release, olds), news) == {
        "values.proxy.cpu": ("update", False),
        "values.old": ("delete", False),
        "values.ca": ("add", False),
    }


@pytest.mark.parametrize("key", ["name", "namespace"])
def test_another_name_or_namespace_replaces(release: HelmRelease, chart: str, key: str) -> None:
    olds = inputs(chart)

    assert paths(release, olds, create(release, olds), {**olds, key: "other"}) == {
        key: ("update", True)
    }


def test_values_that_somebody_else_gave_show_after_a_refresh(
    release: HelmRelease, helm: FakeHelm, chart: str
) -> None:
    news = inputs(chart, values={"a": 1})
    outputs = create(release, news)
    helm.run(["upgrade", "web"], namespace="yelb", values={"a": 2, "b": 3})

    found = release.read("yelb/web", news, outputs)

    assert found is not None
    assert found[1] == news
    assert paths(release, news, found[0].outputs, news) == {"values.a": ("update", False)}


def test_a_release_that_is_gone_is_read_as_none(release: HelmRelease, chart: str) -> None:
    assert release.read("yelb/web", inputs(chart), {}) is None


def test_an_upgrade_that_fails_keeps_the_new_inputs(
    release: HelmRelease, helm: FakeHelm, chart: str
) -> None:
    olds = inputs(chart, values={"a": 1})
    outputs = create(release, olds)
    helm.fails_with = "timed out"

    with pytest.raises(PartialFailure, match=r'"yelb/web" failed to initialize completely') as bad:
        release.update(
            "yelb/web", olds, outputs, inputs(chart, values={"a": 2}), preview=False, timeout=0
        )

    assert bad.value.state.outputs["values"] == {"a": 2}


def test_an_upgrade_that_helm_does_not_begin_changes_nothing(
    release: HelmRelease, helm: FakeHelm, chart: str
) -> None:
    olds = inputs(chart)
    outputs = create(release, olds)
    helm.fails_with, helm.records = "values don't meet the schema", False

    with pytest.raises(HelmError):
        release.update("yelb/web", olds, outputs, olds, preview=False, timeout=0)


def test_a_release_is_uninstalled_and_awaited(
    release: HelmRelease, helm: FakeHelm, chart: str
) -> None:
    news = inputs(chart)

    release.delete("yelb/web", news, create(release, news), timeout=0)

    assert helm.commands[-1] == ["uninstall", "web", "--wait", "--timeout", "60s"]


def test_options_of_an_install() -> None:
    release = {"createNamespace": True, "atomic": True, "waitForJobs": True, "timeout": 60}

    assert install_options(release) == [
        "--atomic",
        "--create-namespace",
        "--timeout",
        "60s",
        "--wait",
        "--wait-for-jobs",
    ]


def test_options_of_an_upgrade() -> None:
    release = {"skipAwait": True, "waitForJobs": True, "maxHistory": 5, "forceUpdate": True}

    assert upgrade_options(release) == ["--force", "--timeout", "300s", "--history-max", "5"]
