"""
An imitation of Pulumi's Kubernetes provider, over the genuine API servers and the genuine Helm.

`provider` takes the configuration, `objects` makes plain resources, `patches` the `...Patch` ones,
`release` Helm releases. `api` is the only module that calls an API server, `helm` the only one that
runs Helm. What the genuine provider leaves to chance is imitated strictly (replacements, conflicts,
waiting), since the same programs run against it. Source: pulumi/pulumi-kubernetes, provider/pkg
"""

from sandbox.plugins.framework import serve
from sandbox.plugins.kubernetes.provider import KubernetesProvider


def main() -> None:
    """Serve the plugin."""
    serve(KubernetesProvider())
