"""
The credentials with which a mirror controller reaches its target: the kubeconfig of a Secret, as
pods read it.

Only what works inside a pod is taken: an address, a certificate authority in the text, and a token.
"""

import base64
import binascii
import ssl

import yaml

from sandbox.mirror import names
from sandbox.mirror.api import Api
from sandbox.mirror.link import CREDENTIALS_TYPE, Object, RefusedError


def target_api(secret: Object) -> Api:
    """Make the client that a Secret's kubeconfig describes."""
    name = secret["metadata"]["name"]
    if secret.get("type") != CREDENTIALS_TYPE:
        raise RefusedError(f"Secret {name} must have the type {CREDENTIALS_TYPE}")
    text = (secret.get("data") or {}).get("kubeconfig")
    if not text:
        raise RefusedError(f"Secret {name} must have the key kubeconfig")
    try:
        config = yaml.safe_load(base64.b64decode(text))
        context = _named(config["contexts"], config["current-context"])["context"]
        cluster = _named(config["clusters"], context["cluster"])["cluster"]
        user = _named(config["users"], context["user"])["user"]
    except (KeyError, TypeError, binascii.Error, yaml.YAMLError) as error:
        # The text is secret, and such an error may quote it.
        raise RefusedError(
            f"Secret {name} must hold a kubeconfig ({type(error).__name__})"
        ) from None
    _check(name, cluster, user)
    server, verified = names.api_server(cluster["server"])
    authority = cluster.get("certificate-authority-data")
    pem = base64.b64decode(authority).decode() if authority else None
    context = ssl.create_default_context(cadata=pem)
    return Api(server, context, token=user["token"], name=verified)


def _check(name: str, cluster: Object, user: Object) -> None:
    strange = set(cluster) - {"server", "certificate-authority-data"} | set(user) - {"token"}
    if strange:
        raise RefusedError(
            f"the kubeconfig of Secret {name} must have no {', '.join(sorted(strange))}. A pod has"
            " neither files nor programs for it, or it is not imitated"
        )
    if not user.get("token") or not str(cluster.get("server", "")).startswith("https://"):
        raise RefusedError(
            f"the kubeconfig of Secret {name} must have a server (https) and a token"
        )


def _named(entries: list[Object], name: str) -> Object:
    for entry in entries:
        if entry["name"] == name:
            return entry
    raise KeyError(name)
