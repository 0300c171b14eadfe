"""
Which fields of Kubernetes objects cannot be changed in place, as the genuine provider's table has
them.

A rule is a path of keys; "*" stands for every element of a list. A rule holds for a change at its
path, above it (if the changed value contains the path) and below it. Secrets and ConfigMaps count
as immutable unless the provider was told otherwise, so that whoever uses them gets a new one under
a new name.
Source: pulumi-kubernetes provider/pkg/provider/diff.go
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sandbox.plugins.kubernetes.manifests import Object, is_secret

Path = tuple[str | int, ...]

IDENTITY = ("metadata.name", "metadata.namespace")

_SELECTOR = ("spec.selector",)
_STATEFUL_SET = (
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
)
_JOB = ("spec.completions", "spec.parallelism", "spec.selector", "spec.template")
_VOLUMES = (
    "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker "
    "gcePersistentDisk glusterfs "
    "hostPath iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos "
    "vsphereVolume"
)
_POD = (
    "affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases "
    "hostIPC hostNetwork "
    "hostPID hostname imagePullSecrets nodeName nodeSelector overhead preemptionPolicy priority "
    "priorityClassName "
    "readinessGates restartPolicy runtimeClassName schedulerName securityContext serviceAccount "
    "serviceAccountName "
    "shareProcessNamespace subdomain terminationGracePeriodSeconds volumes"
)
_CONTAINER = (
    "args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe "
    "resources securityContext "
    "stdin stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices "
    "volumeMounts workingDir"
)

RULES: dict[tuple[str, str], Sequence[str]] = {
    ("apps/v1", "DaemonSet"): _SELECTOR,
    ("apps/v1", "Deployment"): _SELECTOR,
    ("apps/v1", "StatefulSet"): _STATEFUL_SET,
    ("batch/v1", "Job"): _JOB,
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"): ("roleRef",),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"): ("roleRef",),
    ("storage.k8s.io/v1", "StorageClass"): ("parameters", "provisioner"),
    ("v1", "PersistentVolume"): [f"spec.{field}" for field in _VOLUMES.split()],
    ("v1", "PersistentVolumeClaim"): (
        "spec.accessModes",
        "spec.selector",
        "spec.storageClassName",
        "spec.volumeName",
    ),
    ("v1", "Pod"): [
        *(f"spec.{field}" for field in _POD.split()),
        *(f"spec.containers.*.{field}" for field in _CONTAINER.split()),
        *(f"spec.initContainers.*.{field}" for field in _CONTAINER.split()),
    ],
    ("v1", "ResourceQuota"): ("spec.scopes",),
    ("v1", "Secret"): ("type",),
    ("v1", "Service"): ("spec.clusterIP",),
}


def immutable_fields(
    obj: Object, *, secrets_change: bool = False, config_maps_change: bool = False
) -> list[Path]:
    """List the fields of this object whose change replaces it."""
    frozen = obj.get("immutable") is True
    kind = (str(obj.get("apiVersion")), str(obj.get("kind")))
    rules: Sequence[str] = RULES.get(kind, ())
    if is_secret(obj) and (frozen or not secrets_change):
        rules = ("type", "stringData", "data")
    elif kind == ("v1", "ConfigMap") and (frozen or not config_maps_change):
        rules = ("binaryData", "data")
    return [tuple(rule.split(".")) for rule in (*IDENTITY, *rules)]


def touches(rule: Path, path: Path, value: Any) -> bool:
    """Tell whether a change of `path` to `value` (None: deleted) touches what a rule names."""
    for position, step in enumerate(rule):
        if position < len(path):
            if step != path[position] and not (step == "*" and isinstance(path[position], int)):
                return False
        elif step == "*":
            rest = rule[position + 1 :]
            return isinstance(value, list) and any(touches(rest, (), each) for each in value)
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return False
    return True
