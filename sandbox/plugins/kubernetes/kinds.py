"""
What a type token stands for: `kubernetes:apps/v1:Deployment`, and what is known of kinds by heart.
"""

from __future__ import annotations

from dataclasses import dataclass

# Groups without a dot or under k8s.io are Kubernetes' own, except those of projects that live there
# too.
FOREIGN_GROUPS = ("gateway.networking.k8s.io", "snapshot.storage.k8s.io", "metrics.k8s.io")

# Kinds of Kubernetes' own groups that belong to no namespace, for when no server can be asked.
# Source: kubernetes v1.35 api/discovery/aggregated_v2.json
CLUSTER_SCOPED = {
    "APIService",
    "CSIDriver",
    "CSINode",
    "CertificateSigningRequest",
    "ClusterRole",
    "ClusterRoleBinding",
    "ComponentStatus",
    "CustomResourceDefinition",
    "DeviceClass",
    "FlowSchema",
    "IPAddress",
    "IngressClass",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "ResourceSlice",
    "RuntimeClass",
    "ServiceCIDR",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
    "VolumeAttributesClass",
}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a type token stands for."""

    group: str
    version: str
    kind: str
    """As in the token: a patch resource's ends in Patch."""

    @classmethod
    def of_token(cls, token: str) -> Kind | None:
        """Read `kubernetes:apps/v1:Deployment`; None if it has another shape."""
        package, _, rest = token.partition(":")
        group_version, _, kind = rest.partition(":")
        group, slash, version = group_version.partition("/")
        if package != "kubernetes" or not slash or not kind or "/" in version:
            return None
        return cls(group="" if group == "core" else group, version=version, kind=kind)

    @property
    def api_version(self) -> str:
        """As in a manifest: v1, apps/v1."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def plain(self) -> str:
        """The kind of the object itself."""
        return self.kind.removesuffix("Patch") if self.is_patch else self.kind

    @property
    def is_patch(self) -> bool:
        """Tell whether it is the token of a patch resource."""
        return self.kind.endswith("Patch") and self.kind != "Patch"

    @property
    def built_in(self) -> bool:
        """Tell whether Kubernetes itself defines it, so that the provider knows its shape."""
        return is_built_in(self.api_version)


def is_built_in(api_version: str) -> bool:
    """Tell whether a group and version is Kubernetes' own."""
    group, slash, _ = api_version.partition("/")
    return not slash or (
        ("." not in group or group.endswith(".k8s.io")) and group not in FOREIGN_GROUPS
    )
