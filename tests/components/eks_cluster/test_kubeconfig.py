"""The kubeconfig: how it gets a token, and that it contains none."""

import json
from typing import Any

from linkmesh.eks_cluster import exec_kubeconfig


def kubeconfig(**overrides: str) -> dict[str, Any]:
    """Make and read the kubeconfig of one cluster."""
    ordinary = {
        "name": "west",
        "region": "eu-west-1",
        "endpoint": "https://west.eks.test",
        "authority": "Q0E=",
    }
    read: dict[str, Any] = json.loads(exec_kubeconfig(**{**ordinary, **overrides}))
    return read


def test_it_holds_no_token_but_asks_for_one() -> None:
    [user] = kubeconfig()["users"]

    assert user["user"] == {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1beta1",
            "command": "aws",
            "args": ["eks", "get-token", "--cluster-name", "west", "--region", "eu-west-1"],
            "interactiveMode": "Never",
        }
    }


def test_a_role_is_assumed_first_if_one_is_named() -> None:
    role = "arn:aws:iam::111122223333:role/operators"
    [user] = kubeconfig(role=role)["users"]

    assert user["user"]["exec"]["args"][-2:] == ["--role-arn", role]


def test_it_names_the_cluster_everywhere() -> None:
    config = kubeconfig()

    assert config["current-context"] == "west"
    assert config["contexts"] == [{"name": "west", "context": {"cluster": "west", "user": "west"}}]
    assert config["clusters"][0]["cluster"] == {
        "server": "https://west.eks.test",
        "certificate-authority-data": "Q0E=",
    }
