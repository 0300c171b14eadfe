"""
Plain Kubernetes resources: any kind that the API server serves, custom ones too.

Create is a POST, so that an existing object is an error; update is a server-side apply under the
resource's own field manager; a preview asks the server for a dry run, and shows the inputs where it
cannot (no cluster, no kind, no namespace yet, unknown values). State holds the live object. The
genuine provider keeps the inputs in it once more, as `__inputs`; the engine gives them to us
anyway, and there they are marked secret.
Source: pulumi-kubernetes provider/pkg/provider/provider.go, provider/pkg/await/await.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.plugins.framework import (
    Diff,
    Naming,
    PartialFailure,
    Properties,
    Refused,
    Resource,
    State,
    has_unknown,
)
from sandbox.plugins.kubernetes import (
    changing,
    manifests,
    normalizing,
    ownership,
    unreachable,
    waiting,
)
from sandbox.plugins.kubernetes.api import Api, ApiError, NoSuchKind, Unreachable
from sandbox.plugins.kubernetes.comparing import compare_objects
from sandbox.plugins.kubernetes.immutable import Path, immutable_fields
from sandbox.plugins.kubernetes.kinds import Kind
from sandbox.plugins.kubernetes.manifests import (
    FIELD_MANAGER,
    INITIAL_API_VERSION,
    Object,
    name_of,
)
from sandbox.plugins.kubernetes.spelling import from_engine, to_engine

if TYPE_CHECKING:
    from sandbox.plugins.kubernetes.provider import KubernetesProvider


class KubernetesObject(Resource):
    """One type of resource that stands for an object."""

    is_patch = False

    def __init__(self, provider: KubernetesProvider, token: str, kind: Kind) -> None:
        self.provider = provider
        self.token = token
        self.kind = kind

    def named(self, news: Properties, olds: Properties | None, naming: Naming) -> Properties:
        return manifests.with_name(news, olds, naming)

    def check(self, news: Properties, olds: Properties | None) -> Properties:
        if olds and self.provider.settings.skip_update_unreachable and self.provider.unreachable:
            return olds
        manifests.refuse_wrong(news, self.token)
        news = manifests.without_server_fields(news)
        if self.provider.is_namespaced(self.kind):
            news = manifests.with_namespace(news, self.provider.namespace)
        return news

    def diff(
        self, id: str, old_inputs: Properties, old_outputs: Properties, news: Properties
    ) -> Diff:
        seen = _live(old_outputs)
        return compare_objects(
            seen if name_of(seen) else from_engine(old_inputs),
            from_engine(old_inputs),
            from_engine(news),
            namespaced=self.provider.is_namespaced(self.kind),
            immutable=self.immutable_fields(news),
        )

    def immutable_fields(self, news: Object) -> list[Path]:
        """List the fields whose change replaces the object."""
        return immutable_fields(
            news,
            secrets_change=self.provider.settings.enable_secret_mutable,
            config_maps_change=self.provider.settings.enable_config_map_mutable,
        )

    def can_preview(self, news: Properties) -> bool:
        """Tell whether the API server can say what would become of these inputs."""
        return not has_unknown(news) and self.provider.is_served(self.kind)

    def create(self, urn: str, news: Properties, *, preview: bool, timeout: float) -> State:
        if preview and (self.is_patch or not self.can_preview(news)):
            return State("", news)
        manager = changing.manager_of(news, {})
        api, obj = self.provider.reachable_api(), from_engine(news)
        try:
            made = changing.create(
                api, obj, manager, self._forces(news), patch=self.is_patch, preview=preview
            )
        except (ApiError, NoSuchKind, Unreachable) as error:
            if preview and changing.is_survivable(error):
                return State("", news)
            raise Refused(changing.not_created(urn, self.kind, error)) from None
        if preview:
            made.pop("status", None)
            return State("", _outputs(made, manager, {}))
        failure = (
            f'resource "{urn}" was successfully created, but the Kubernetes API server reported '
            "that it failed "
            "to fully initialize or become live"
        )
        live = self._awaited(api, obj, made, None, timeout, manager, {}, failure)
        return State(manifests.object_id(live), _outputs(live, manager, {}))

    def read(
        self, id: str, inputs: Properties, outputs: Properties
    ) -> tuple[State, Properties] | None:
        if self.provider.unreachable:
            return unreachable.read(self.provider, id, inputs, outputs)
        asked = from_engine(inputs)
        namespace, name = manifests.split_id(id)
        api = self.provider.reachable_api()
        try:
            space = namespace or manifests.namespace_of(asked) or self.provider.namespace
            found = api.find(self.kind.api_version, self.kind.plain, space, name)
        except NoSuchKind:
            return None
        if found is None:
            return None
        live = ownership.without_managers(found)
        seen = to_engine(normalizing.live_inputs(live, asked))
        state = State(id, _outputs(live, changing.manager_of(inputs, outputs), outputs))
        if inputs:
            try:
                waiting.judge_once(api, asked, found)
            except waiting.NotReady as error:
                raise PartialFailure(state, [str(error), *error.reasons], seen) from None
        return state, seen

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
        if preview and not self.can_preview(news):
            return State(id, news)
        api, obj = self.provider.reachable_api(), from_engine(news)
        before, manager = (
            changing.manager_of(old_inputs, old_outputs),
            changing.manager_of(news, old_outputs),
        )
        failure = (
            f'the Kubernetes API server reported that "{id}" failed to fully initialize '
            "or become live"
        )
        previous: Object | None = None
        try:
            previous = api.get(
                obj["apiVersion"], obj["kind"], *manifests.place_of(_live(old_outputs))
            )
            forces = self._forces(news)
            made = changing.update(
                api, obj, previous, manager, forces, patch=self.is_patch, preview=preview
            )
        except (ApiError, NoSuchKind, Unreachable) as error:
            if preview and changing.is_survivable(error):
                return State(id, news)
            if previous is None or isinstance(error, NoSuchKind | Unreachable):
                raise Refused(changing.not_updated(id, error)) from None
            # As the genuine provider does: the new inputs are kept, and tried again at the next
            # update.
            state = State(id, _outputs(ownership.without_managers(previous), manager, old_outputs))
            raise PartialFailure(
                state, [f"{failure}: {changing.explained(error, manager)}"]
            ) from None
        if preview:
            return State(id, _outputs(made, manager, old_outputs))
        live = self._awaited(api, obj, made, previous, timeout, manager, old_outputs, failure)
        if before != manager:
            changing.relinquish(api, live, before)
        return State(id, _outputs(live, manager, old_outputs))

    def delete(
        self, id: str, old_inputs: Properties, old_outputs: Properties, *, timeout: float
    ) -> None:
        if self.provider.unreachable:
            unreachable.delete(self.provider)
            return
        live, asked = _live(old_outputs), from_engine(old_inputs)
        api = self.provider.reachable_api()
        try:
            api.delete(live, propagation=waiting.propagation_of(asked))
            waiting.await_gone(api, asked, live, timeout=timeout, cancelled=self.provider.cancelled)
        except NoSuchKind:
            return  # with its definition went the object
        except ApiError as error:
            if error.status != 404:
                raise
        except waiting.NotReady as error:
            raise Refused(str(error)) from None
        if manifests.is_definition(live):
            api.forget_kinds()

    def _awaited(
        self,
        api: Api,
        obj: Object,
        made: Object,
        previous: Object | None,
        timeout: float,
        manager: str,
        old_outputs: Properties,
        failure: str,
    ) -> Object:
        """Wait until the object is ready; keep it as it is if it never is."""
        if manifests.is_definition(made):
            api.forget_kinds()
        try:
            live = waiting.await_ready(
                api,
                obj,
                made,
                previous=previous,
                timeout=timeout,
                cancelled=self.provider.cancelled,
            )
        except waiting.NotReady as error:
            state = State(
                manifests.object_id(error.live), _outputs(error.live, manager, old_outputs)
            )
            raise PartialFailure(state, [f"{failure}: {error}", *error.reasons]) from None
        return live

    def _forces(self, news: Properties) -> bool:
        asked = manifests.annotation(news, manifests.PATCH_FORCE) == "true"
        return asked or self.provider.settings.enable_patch_force


def _live(outputs: Properties) -> Object:
    """Give the live object that the state holds."""
    return from_engine({key: value for key, value in outputs.items() if not key.startswith("__")})


def _outputs(live: Object, manager: str, old_outputs: Properties) -> Properties:
    """Make the state of a live object."""
    first = old_outputs.get(INITIAL_API_VERSION) or live.get("apiVersion")
    bare = to_engine(ownership.without_managers(live))
    return {**bare, FIELD_MANAGER: manager, INITIAL_API_VERSION: first}
