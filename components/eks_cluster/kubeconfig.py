"""The administrator's kubeconfig, which asks the AWS CLI for a token."""

import json


def exec_kubeconfig(
    *, name: str, region: str, endpoint: str, authority: str, role: str | None = None
) -> str:
    """
    Make a kubeconfig that asks the AWS CLI for a token on each use, so that no token is stored.

    Args:
        role: ARN of an IAM role that is assumed first.
    Source: https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html
    """
    arguments = ["eks", "get-token", "--cluster-name", name, "--region", region]
    login = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": [*arguments, "--role-arn", role] if role else arguments,
        "interactiveMode": "Never",
    }
    cluster = {"server": endpoint, "certificate-authority-data": authority}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": cluster}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "current-context": name,
        "users": [{"name": name, "user": {"exec": login}}],
    }
    return json.dumps(config, sort_keys=True)
