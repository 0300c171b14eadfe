"""The resource `MirrorSweep` of the package: its removal removes the mirrors of a link."""

from collections.abc import Mapping
from typing import Any

import pulumi
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.rpc import deserialize_properties, unwrap_rpc_secret

from .schema import PACKAGE

TYPE = f"{PACKAGE}:index:MirrorSweep"


class MirrorSweep(pulumi.CustomResource):
    """Removes the mirrors of a target from a source when it is removed; the plugin serves it."""

    def __init__(
        self,
        name: str,
        *,
        target: str,
        kubeconfig: pulumi.Input[str],
        opts: pulumi.ResourceOptions,
        version: str,
    ) -> None:
        """
        Register the resource.

        Args:
            target: name of the cluster whose mirrors are removed.
            kubeconfig: kubeconfig of an administrator of the source; treated as a secret.
            version: that of the plugin, which the engine starts for the removal.
        """
        own = pulumi.ResourceOptions(version=version, additional_secret_outputs=["kubeconfig"])
        super().__init__(
            TYPE,
            name,
            {"target": target, "kubeconfig": pulumi.Output.secret(kubeconfig)},
            pulumi.ResourceOptions.merge(opts, own),
        )


def is_another(olds: Mapping[str, Any], news: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return which properties replace the resource, and which only change it."""
    changed = [key for key in ("target", "kubeconfig") if olds.get(key) != news.get(key)]
    return [key for key in changed if key == "target"], [key for key in changed if key != "target"]


def remove(properties: Struct) -> None:
    """Remove the mirrors of a link that is gone; the engine sends the kubeconfig as a secret."""
    from ..linkerd.links.cleanup import remove_orphans

    given = {
        key: unwrap_rpc_secret(each) for key, each in deserialize_properties(properties).items()
    }
    remove_orphans(str(given["kubeconfig"]), str(given["target"]))
