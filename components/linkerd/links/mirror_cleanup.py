"""
A resource whose removal removes a link's mirrors.

Linkerd leaves them; see `leftovers`. This is a dynamic resource, so that plain `pulumi up` and
`pulumi destroy` do it, also when the program no longer names the link. Pulumi's own hooks would
need `--run-program` to destroy. The state holds the source's kubeconfig, a secret, since nothing
else is at hand when the program is gone.

Pulumi starts `pulumi-resource-pulumi-python` for it, which comes with the Python language host, and
imports this module by its name: so it must not move, and what it needs later is imported late.
"""

from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider, UpdateResult


class _Sweeping(ResourceProvider):
    """What Pulumi calls: nothing happens but at the end."""

    # Only a reference to this class is in the state, and no secret.
    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult(id_=str(props["target"]), outs=dict(props))

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        replaces = [] if _olds.get("target") == _news.get("target") else ["target"]
        changes = bool(replaces) or _olds.get("kubeconfig") != _news.get("kubeconfig")
        return DiffResult(changes=changes, replaces=replaces)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        return UpdateResult(outs=dict(_news))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        from .cleanup import sweep

        sweep(str(_props["kubeconfig"]), str(_props["target"]))


class MirrorSweep(Resource, module="linkmesh", name="MirrorSweep"):
    """Removes the mirrors of a target from a source, when it is itself removed."""

    def __init__(
        self,
        name: str,
        *,
        target: str,
        kubeconfig: pulumi.Input[str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        """
        Register it.

        Args:
            target: name of the cluster whose mirrors go.
            kubeconfig: an administrator's of the source; treated as a secret.
        """
        super().__init__(
            _Sweeping(),
            name,
            {"target": target, "kubeconfig": pulumi.Output.secret(kubeconfig)},
            pulumi.ResourceOptions.merge(
                opts, pulumi.ResourceOptions(additional_secret_outputs=["kubeconfig"])
            ),
        )
