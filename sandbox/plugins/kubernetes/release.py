"""
Helm releases: `kubernetes:helm.sh/v3:Release`.

A preview needs no cluster: the check loads the chart and pins its version, the diff compares
values. Install, upgrade and uninstall are Helm's own, with its hooks and its waiting. A release
that was made but failed stays in the state, so that the next update upgrades it. What happened
inside a release is not seen, only the release.
Source: pulumi-kubernetes provider/pkg/provider/helm_release.go;
pulumi_kubernetes/helm/v3/Release.py
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.plugins.framework import (
    UNKNOWN,
    Diff,
    Naming,
    PartialFailure,
    Properties,
    Refused,
    Resource,
    Schema,
    State,
    has_unknown,
)
from sandbox.plugins.kubernetes import manifests, unreachable
from sandbox.plugins.kubernetes.charts import Chart, load_chart
from sandbox.plugins.kubernetes.comparing import compare_inputs
from sandbox.plugins.kubernetes.helm import Helm, HelmError, find_release
from sandbox.plugins.kubernetes.release_options import (
    DEFAULT_SECONDS,
    PROPERTIES,
    install_options,
    upgrade_options,
)
from sandbox.plugins.kubernetes.release_state import (
    imported_inputs,
    preview_state,
    release_id,
    release_state,
    state_before,
)

if TYPE_CHECKING:
    from sandbox.plugins.kubernetes.provider import KubernetesProvider

# Texts that the SDK sends with every release, or that only older versions took.
NO_INPUTS = ("compat", "manifest", "resourceNames", "checksum", "status", "valueYamlFiles")

IMMUTABLE = [("name",), ("namespace",)]


class HelmRelease(Resource):
    """The type of Helm releases."""

    def __init__(self, provider: KubernetesProvider) -> None:
        self.provider = provider

    def named(self, news: Properties, olds: Properties | None, naming: Naming) -> Properties:
        if news.get("name") is UNKNOWN or news.get("name"):
            return news
        kept = (olds or {}).get("name") if news.get("name") is None else None
        return {**news, "name": kept or naming.unique(digits=8)}

    def check(self, news: Properties, olds: Properties | None) -> Properties:
        if olds and self.provider.settings.skip_update_unreachable and self.provider.unreachable:
            return olds
        checked = _without_empty(_checked(news))
        if "namespace" not in checked:
            checked["namespace"] = self.provider.namespace
        if not checked.get("skipAwait") and news.get("timeout") is None:
            checked["timeout"] = DEFAULT_SECONDS
        if not has_unknown(news):
            try:
                chart = self._chart(checked)
            except (Refused, OSError) as error:
                why = f"{error}; check the chart name and repository configuration."
                raise Refused(why, "chart") from None
            # The program may give a range; what counts is what it means today.
            checked["version"] = chart.version
        return checked

    def diff(
        self, id: str, old_inputs: Properties, old_outputs: Properties, news: Properties
    ) -> Diff:
        return compare_inputs(state_before(old_inputs, old_outputs, news), news, IMMUTABLE)

    def create(self, urn: str, news: Properties, *, preview: bool, timeout: float) -> State:
        if preview:
            return State("", preview_state(news))
        id = release_id(news)
        api = self._reachable("create")
        chart = self._chart(news)
        if chart.type not in ("", "application"):
            raise Refused(f"{chart.type} charts are not installable")
        namespace, name = news["namespace"], news["name"]
        try:
            command = ["install", name, chart.reference, *chart.options, *install_options(news)]
            self._helm().run(command, namespace=namespace, values=news.get("values") or {})
        except HelmError as error:
            made = find_release(api, namespace, name)
            if made is None or "cannot re-use a name" in str(error):
                raise
            failure = f'Helm release "{id}" was created, but failed to initialize completely. '
            raise PartialFailure(
                State(id, release_state(news, made)), [failure + _investigate(id, error)]
            ) from None
        return State(id, release_state(news, _expect(find_release(api, namespace, name), id)))

    def read(
        self, id: str, inputs: Properties, outputs: Properties
    ) -> tuple[State, Properties] | None:
        if self.provider.unreachable:
            return unreachable.read(self.provider, id, inputs, outputs)
        namespace, name = manifests.split_id(id)
        found = find_release(
            self.provider.reachable_api(), namespace or self.provider.namespace, name
        )
        if found is None:
            return None
        known = {
            key: value for key, value in outputs.items() if key not in ("status", "resourceNames")
        }
        return State(id, release_state(known or inputs, found)), inputs or imported_inputs(found)

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
        if preview:
            return State(id, preview_state(news))
        api = self._reachable("update")
        namespace, name = old_outputs.get("namespace") or news["namespace"], news["name"]
        chart, values = self._chart(news), news.get("values") or {}
        before = find_release(api, namespace, name)
        helm = self._helm()
        try:
            if news.get("lint"):
                helm.run(["lint", chart.reference], namespace=namespace, values=values)
            command = ["upgrade", name, chart.reference, *chart.options, *upgrade_options(news)]
            helm.run(command, namespace=namespace, values=values)
        except HelmError as error:
            after = find_release(api, namespace, name)
            if after is None or (before is not None and after["version"] == before["version"]):
                raise  # Helm did not even begin
            failure = f'Helm release "{id}" failed to initialize completely. '
            raise PartialFailure(
                State(id, release_state(news, after)), [failure + _investigate(id, error)]
            ) from None
        return State(id, release_state(news, _expect(find_release(api, namespace, name), id)))

    def delete(
        self, id: str, old_inputs: Properties, old_outputs: Properties, *, timeout: float
    ) -> None:
        self._reachable("delete")
        release = old_outputs or old_inputs
        command = ["uninstall", release["name"]]
        if release.get("atomic") or not release.get("skipAwait"):
            command += ["--wait", "--timeout", f"{release.get('timeout') or DEFAULT_SECONDS}s"]
        self._helm().run(command, namespace=release["namespace"])

    def _helm(self) -> Helm:
        return Helm(self.provider.target, self.provider.settings.helm, self.provider.cancelled)

    def _chart(self, release: Properties) -> Chart:
        return load_chart(release, self._helm().look)

    def _reachable(self, verb: str) -> Any:
        if self.provider.unreachable:
            raise Refused(
                f"can't {verb} Helm Release with unreachable cluster: {self.provider.unreachable}"
            )
        return self.provider.reachable_api()


def _checked(news: Properties) -> Properties:
    """Refuse what is no property of a release, or not imitated."""
    given = {key: value for key, value in news.items() if key not in NO_INPUTS}
    if news.get("valueYamlFiles"):
        raise Refused(
            "'valueYamlFiles' must not be set in the sandbox. Use: values", "valueYamlFiles"
        )
    repository = given.get("repositoryOpts")
    if isinstance(repository, dict) and (repository.get("username") or repository.get("password")):
        why = "must not hold credentials in the sandbox: Helm takes them on its command line only"
        raise Refused(f"'repositoryOpts' {why}", "repositoryOpts")
    return Schema(required={"chart": str}, optional=PROPERTIES).check(given)


def _without_empty(release: Properties) -> Properties:
    """Leave out what says the same as its absence, as the genuine provider does."""
    return {
        key: value
        for key, value in release.items()
        if value is UNKNOWN or key == "maxHistory" or value not in ("", 0, {}, [])
    }


def _investigate(id: str, error: HelmError) -> str:
    return (
        "Use Helm CLI to investigate: failed to become available within allocated timeout. "
        f"Error: Helm Release {id}: {error}"
    )


def _expect(found: dict[str, Any] | None, id: str) -> dict[str, Any]:
    if found is None:
        raise Refused(f'Helm said that it made the release "{id}", but it is not in the cluster')
    return found
