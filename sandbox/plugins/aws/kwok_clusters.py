"""
Which genuine API server stands for which EKS cluster.

A cluster of the sandbox has the EKS cluster's own name. EKS names are unique in a region only; a
second one of the same name elsewhere is refused loudly. Notes say which cluster belongs to whom, so
that one left over from an emulation that forgot everything is recognized as ours.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox import clusters
from sandbox.home import SandboxError
from sandbox.plugins.aws import notes
from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.contract import Refused
from sandbox.plugins.values import Properties

KIND = "kwok-cluster"


def start(cloud: Cloud, name: str, version: str) -> None:
    """Start the API server of a cluster that EKS just accepted."""
    _check_free(cloud, name)
    notes.write(cloud, KIND, name, {"cluster": name})
    try:
        clusters.create_cluster(cloud.home, name, kubernetes_version=version)
    except SandboxError as error:
        notes.forget(cloud, KIND, name)
        raise Refused(f"EKS cluster {name} did not start: {error}") from error


def stop(cloud: Cloud, name: str) -> None:
    """End the API server."""
    if notes.read(cloud, KIND, name):
        with _refusing(name):
            clusters.delete_cluster(cloud.home, name)
        notes.forget(cloud, KIND, name)


def access(cloud: Cloud, name: str) -> Properties:
    """Tell where the API server is and who vouches for it; nothing if it does not run."""
    running = clusters.read_cluster(cloud.home, name) if notes.read(cloud, KIND, name) else None
    if running is None:
        return {}
    authority = base64.b64encode(running.ca_pem.encode()).decode()
    return {"endpoint": running.server, "certificateAuthority": {"data": authority}}


def add_nodes(cloud: Cloud, name: str, nodes: list[clusters.Node]) -> None:
    """Let nodes join."""
    with _refusing(name):
        clusters.add_nodes(cloud.home, name, nodes)


def remove_nodes(cloud: Cloud, name: str, nodes: list[str]) -> None:
    """Take nodes away with their pods."""
    if access(cloud, name):
        with _refusing(name):
            clusters.remove_nodes(cloud.home, name, nodes)


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    """Turn what is wrong with the sandbox into a refusal."""
    try:
        yield
    except SandboxError as error:
        raise Refused(f"EKS cluster {name}: {error}") from error


def _check_free(cloud: Cloud, name: str) -> None:
    if clusters.read_cluster(cloud.home, name) is None:
        return
    if notes.read(cloud, KIND, name):
        clusters.delete_cluster(cloud.home, name)
        return
    raise Refused(
        f"the sandbox's cluster {name!r} must be free (it belongs to kind or to an EKS cluster in "
        "another region). The sandbox keeps one cluster of a name. Choose another name"
    )
