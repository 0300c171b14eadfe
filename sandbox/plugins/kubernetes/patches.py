"""
Patch resources, such as `ServicePatch`: some fields of an object that somebody else makes.

The fields are applied on the server under the resource's own manager; a conflict with another
manager is an error unless the annotation pulumi.com/patchForce says otherwise. Deleting gives the
fields up and never deletes the object. As everywhere in server-side apply, a patch of an object
that does not exist makes it, also one that gives fields up: whoever does that to an object that is
gone is refused if its kind has required fields, and otherwise leaves an empty one.
"""

from __future__ import annotations

from sandbox.plugins.framework import Naming, Properties, Refused
from sandbox.plugins.kubernetes import changing, manifests, unreachable
from sandbox.plugins.kubernetes.api import ApiError, NoSuchKind
from sandbox.plugins.kubernetes.immutable import IDENTITY, Path
from sandbox.plugins.kubernetes.manifests import Object
from sandbox.plugins.kubernetes.objects import KubernetesObject


class KubernetesPatch(KubernetesObject):
    """One type of patch resource."""

    is_patch = True

    def named(self, news: Properties, olds: Properties | None, naming: Naming) -> Properties:
        # A made-up name would be that of no object.
        return news

    def check(self, news: Properties, olds: Properties | None) -> Properties:
        if not manifests.name_of(news):
            raise Refused("patch resources require the `.metadata.name` field to be set")
        return super().check(news, olds)

    def immutable_fields(self, news: Object) -> list[Path]:
        return [tuple(field.split(".")) for field in IDENTITY]

    def delete(
        self, id: str, old_inputs: Properties, old_outputs: Properties, *, timeout: float
    ) -> None:
        if self.provider.unreachable:
            unreachable.delete(self.provider)
            return
        api = self.provider.reachable_api()
        try:
            changing.relinquish(api, old_outputs, changing.manager_of(old_inputs, old_outputs))
        except NoSuchKind:
            return
        except ApiError as error:
            required = [
                cause for cause in error.causes if cause.get("reason") == "FieldValueRequired"
            ]
            if not required:
                raise
            raise Refused(
                "this Patch resource is currently managing a required field, so it can't be "
                "deleted directly. "
                "Either set the `retainOnDelete` resource option, or transfer ownership of the "
                "field before "
                f"deleting: {required[0].get('field')}"
            ) from None
