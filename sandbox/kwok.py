"""
What kwokctl is told about a cluster: programs, ports, arguments and stages.

Pure text; `clusters.py` runs it. Each setting that is not obvious was needed once: kwokctl listens
everywhere, picks ports that collide, downloads a kubectl, and drops its built-in stages unless told
otherwise. Source: kwok v0.8.0, pkg/apis/config/v1alpha1/kwokctl_configuration_types.go
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

KUBERNETES_VERSION = "v1.35.4"
"""The Kubernetes version of every cluster here: that of sandbox/toolchain/kubernetes/go.mod."""

PORTS = (
    "etcdPort",
    "etcdPeerPort",
    "kubeApiserverPort",
    "kubeControllerManagerPort",
    "kubeSchedulerPort",
    "kwokControllerPort",
)
"""The ports of a cluster's processes, by the name of kwokctl's option."""

# The API server refuses to start on a machine without a default route, unless it is told an
# address.
ADVERTISED_ADDRESS = "192.0.2.1"

# Documentation ranges (RFC 5737), each without its network, first and broadcast addresses.
LOAD_BALANCER_RANGES = ("192.0.2", "198.51.100", "203.0.113")
ADDRESSES_IN_A_RANGE = 253

# A socket that does not exist; its name is in the error of whoever wants to reach a pod.
NOWHERE = "/the-sandbox-runs-no-containers"

STAGE = Path(__file__).parent / "stages" / "load_balancer.yaml"


def load_balancer_addresses() -> list[str]:
    """List the addresses that load balancers may get, in the order they are given out."""
    return [
        f"{network}.{host}"
        for host in range(2, 2 + ADDRESSES_IN_A_RANGE)
        for network in LOAD_BALANCER_RANGES
    ]


def kwokctl_configuration(
    *,
    programs: Path,
    built_in_stages: Path,
    ports: Mapping[str, int],
    load_balancer_address: str,
    tokens: Path,
    egress: Path,
    server_names: Sequence[str] = (),
) -> str:
    """Make the YAML documents with which kwokctl creates one cluster."""
    stages = [file.read_text() for file in sorted(built_in_stages.glob("*.yaml"))]
    document = {
        "apiVersion": "config.kwok.x-k8s.io/v1alpha1",
        "kind": "KwokctlConfiguration",
        "options": {
            **_options(programs),
            **ports,
            # Names that the API server's certificate holds besides those it always does.
            **({"kubeApiserverCertSANs": [*server_names]} if server_names else {}),
        },
        "componentsPatches": _patches(tokens, egress),
    }
    own = STAGE.read_text().replace("ADDRESS", load_balancer_address)
    return "\n---\n".join([yaml.safe_dump(document, sort_keys=False), *stages, own])


def _options(programs: Path) -> dict[str, Any]:
    return {
        "runtime": "binary",
        "kubeVersion": KUBERNETES_VERSION,
        # The default is every interface, etcd without authentication included.
        "bindAddress": "127.0.0.1",
        "etcdBinary": str(programs / "etcd"),
        "kubeApiserverBinary": str(programs / "kube-apiserver"),
        "kubeControllerManagerBinary": str(programs / "kube-controller-manager"),
        "kubeSchedulerBinary": str(programs / "kube-scheduler"),
        "kwokControllerBinary": str(programs / "kwok"),
        # Else it takes a kubectl from PATH, or downloads one.
        "kubectlBinary": str(programs / "kubectl"),
    }


def tokens_file(token: str) -> str:
    """
    Make the API server's list of bearer tokens: one, of an administrator.

    Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/
    """
    return f'{token},kubernetes-admin,kubernetes-admin,"system:masters"\n'


def egress_file(*, reaches_pods: bool) -> str:
    """
    Make the API server's way to pods, Services and nodes: direct, or one that leads nowhere.

    No container runs here. Without this, calls to webhooks and to Prometheus leave the machine for
    addresses of a private range, where anything or nothing may answer.
    Source: https://kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity/
    """
    nowhere = {"proxyProtocol": "HTTPConnect", "transport": {"uds": {"udsName": NOWHERE}}}
    document = {
        "apiVersion": "apiserver.k8s.io/v1beta1",
        "kind": "EgressSelectorConfiguration",
        "egressSelections": [] if reaches_pods else [{"name": "cluster", "connection": nowhere}],
    }
    return yaml.safe_dump(document, sort_keys=False)


def _patches(tokens: Path, egress: Path) -> list[dict[str, Any]]:
    """Make the arguments that kwokctl does not set: quiet, and without electing a leader."""
    alone = {"key": "leader-elect", "value": "false"}
    arguments = {
        "etcd": [
            {"key": "log-level", "value": "warn"},
            # A sandbox that lost power is started anew; without this every write waits for the
            # disk.
            {"key": "unsafe-no-fsync", "value": "true"},
        ],
        "kube-apiserver": [
            {"key": "advertise-address", "value": ADVERTISED_ADDRESS},
            {"key": "token-auth-file", "value": str(tokens)},
            {"key": "egress-selector-config-file", "value": str(egress)},
        ],
        "kube-controller-manager": [alone],
        "kube-scheduler": [alone],
    }
    return [{"name": name, "extraArgs": extra} for name, extra in arguments.items()]
