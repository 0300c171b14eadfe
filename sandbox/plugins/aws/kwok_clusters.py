"""
Which genuine API server stands for which EKS cluster.

A cluster of the sandbox has the EKS cluster's own name. EKS names are unique in a region only; a
second one of the same name elsewhere is refused loudly.
"""

import base64

from sandbox import clusters
from sandbox.home import SandboxError
from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.contract import Refused
from sandbox.plugins.values import Properties


def check_free(cloud: Cloud, name: str) -> None:
    """Refuse a name that another cluster of the sandbox has."""
    if clusters.read_cluster(cloud.home, name) is not None:
        raise Refused(
            f"the sandbox's cluster {name!r} must be free (it belongs to kind or to an EKS cluster "
            "in another region). The sandbox keeps one cluster of a name. Choose another name"
        )


def start(cloud: Cloud, name: str, version: str) -> None:
    """Start the API server of a cluster that EKS just accepted."""
    try:
        clusters.create_cluster(cloud.home, name, kubernetes_version=version)
    except SandboxError as error:
        raise Refused(f"EKS cluster {name} did not start: {error}") from error


def stop(cloud: Cloud, name: str) -> None:
    """End the API server."""
    clusters.delete_cluster(cloud.home, name)


def access(cloud: Cloud, name: str) -> Properties:
    """Tell where the API server is and who vouches for it; nothing if it does not run."""
    running = clusters.read_cluster(cloud.home, name)
    if running is None:
        return {}
    authority = base64.b64encode(running.ca_pem.encode()).decode()
    return {"endpoint": running.server, "certificateAuthority": {"data": authority}}
