"""
A resource that removes a link's mirrors when it is removed.

Linkerd does not remove them; see orphans.py. This is a dynamic resource, so plain `pulumi up` and
`pulumi destroy` do it, also when the program no longer contains the link. Pulumi's hooks would need
`--run-program` to destroy. The state contains the source's kubeconfig, as a secret, because the
program is not available then.

Pulumi starts `pulumi-resource-pulumi-python` for it, which comes with the Python language host, and
imports this module by its name, which is in the state. If the name changes, an `up` that keeps the
link writes the new one into the state, in place; only a link that is removed by the first run after
that needs the old one. So module and class must not be renamed after a release. What only the
removal needs is imported there.
"""

from collections.abc import Callable
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider, UpdateResult

# Type of the resource in states: a promise, since another one would replace it.
MIRROR_CLEANUP_TYPE = "pulumi-python:dynamic/linkmesh:MirrorSweep"

# What the state knows this module and class by.
_PROVIDER = "__provider"


class _CleanupProvider(ResourceProvider):
    """The provider of `MirrorCleanup`: only its removal does something."""

    # The state contains only a reference to this class, and no secret.
    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult(id_=str(props["target"]), outs=dict(props))

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        replaces = [] if _olds.get("target") == _news.get("target") else ["target"]
        changed = [key for key in ("kubeconfig", _PROVIDER) if _olds.get(key) != _news.get(key)]
        return DiffResult(changes=bool(replaces or changed), replaces=replaces)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        return UpdateResult(outs=dict(_news))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        from .cleanup import remove_orphans

        remove_orphans(str(_props["kubeconfig"]), str(_props["target"]))


class MirrorCleanup(Resource, module="linkmesh", name="MirrorSweep"):
    """
    Removes the mirrors of a target from a source when it is removed.

    Its type token, `MirrorSweep`, is a promise: another one would replace the resource.
    """

    def __init__(
        self,
        name: str,
        *,
        target: str,
        kubeconfig: pulumi.Input[str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        """
        Register the resource.

        Args:
            target: name of the cluster whose mirrors are removed.
            kubeconfig: kubeconfig of an administrator of the source; treated as a secret.
        """
        super().__init__(
            _CleanupProvider(),
            name,
            {"target": target, "kubeconfig": pulumi.Output.secret(kubeconfig)},
            pulumi.ResourceOptions.merge(
                opts, pulumi.ResourceOptions(additional_secret_outputs=["kubeconfig"])
            ),
        )


_register: Callable[..., pulumi.Resource] = MirrorCleanup


def register_cleanup_as(register: Callable[..., pulumi.Resource]) -> None:
    """
    Let this process register another resource instead, with the arguments of `MirrorCleanup`.

    The plugin for other languages does: their programs have no Python for dynamic resources.
    """
    global _register
    _register = register


def mirror_cleanup(
    name: str, *, target: str, kubeconfig: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> pulumi.Resource:
    """Register the resource that removes the mirrors of a target from a source."""
    return _register(name, target=target, kubeconfig=kubeconfig, opts=opts)
