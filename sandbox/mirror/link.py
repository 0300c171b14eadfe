"""
What a mirror controller works by: its `Link`, and the arguments of its pod; pure.

Source: linkerd2, multicluster/cmd/service-mirror/main.go and controller/gen/apis/link/v1alpha3
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.mirror import selectors

Object = dict[str, Any]

PREFIX = "mirror.linkerd.io"
CREDENTIALS_TYPE = f"{PREFIX}/remote-kubeconfig"

# Copying these would keep traffic in zones of another cluster.
TOPOLOGY = ("service.kubernetes.io/topology-aware-hints", "service.kubernetes.io/topology-mode")

_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")


class RefusedError(Exception):
    """Something that the genuine controller would end or stop on, or that is not imitated."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """One link, as its controller sees it; without a target's name, the local mirror's own."""

    name: str
    namespace: str
    target: str
    domain: str = "cluster.local"
    credentials: str = ""
    gateway_address: str = ""
    gateway_port: str = ""
    gateway_identity: str = ""
    probe_path: str = ""
    probe_port: str = ""
    probe_period: str = ""
    failure_threshold: str = ""
    created: str = ""
    selector: Mapping[str, Any] | None = None
    remote_discovery: Mapping[str, Any] | None = None
    federated: Mapping[str, Any] | None = None
    excluded_labels: Sequence[str] = ()
    excluded_annotations: Sequence[str] = ()

    @classmethod
    def of(cls, manifest: Object) -> "Link":
        """Read a `Link` v1alpha3."""
        metadata, spec = manifest["metadata"], manifest.get("spec") or {}
        probe = spec.get("probeSpec") or {}
        return cls(
            name=metadata["name"],
            namespace=metadata["namespace"],
            created=metadata.get("creationTimestamp", ""),
            target=spec.get("targetClusterName", ""),
            domain=spec.get("targetClusterDomain", ""),
            credentials=spec.get("clusterCredentialsSecret", ""),
            gateway_address=spec.get("gatewayAddress", ""),
            gateway_port=spec.get("gatewayPort", ""),
            gateway_identity=spec.get("gatewayIdentity", ""),
            probe_path=probe.get("path", ""),
            probe_port=probe.get("port", ""),
            probe_period=probe.get("period", ""),
            failure_threshold=probe.get("failureThreshold", ""),
            selector=spec.get("selector"),
            remote_discovery=spec.get("remoteDiscoverySelector"),
            federated=spec.get("federatedServiceSelector"),
            excluded_labels=spec.get("excludedLabels") or (),
            excluded_annotations=spec.get("excludedAnnotations") or (),
        )

    def exports(self, labels: Mapping[str, str]) -> bool:
        """Tell whether a service is mirrored through the gateway."""
        return selectors.selects(self.selector, labels)

    def discovers(self, labels: Mapping[str, str]) -> bool:
        """Tell whether a service is mirrored flat: its pods are called directly."""
        return selectors.selects(self.remote_discovery, labels)

    def federates(self, labels: Mapping[str, str]) -> bool:
        """Tell whether a service is a member of a federated service."""
        return selectors.selects(self.federated, labels)

    def copied_labels(self, labels: Mapping[str, str]) -> dict[str, str]:
        """Choose the labels that go to the mirror; the export label never does."""
        return {
            key: value
            for key, value in labels.items()
            if not key.startswith(PREFIX) and not selectors.is_excluded(key, self.excluded_labels)
        }

    def copied_annotations(self, annotations: Mapping[str, str]) -> dict[str, str]:
        """Choose the annotations that go to the mirror; opaque ports always do."""
        return {
            key: value
            for key, value in annotations.items()
            if key == "config.linkerd.io/opaque-ports"
            or (key not in TOPOLOGY and not selectors.is_excluded(key, self.excluded_annotations))
        }


@dataclass(frozen=True, kw_only=True)
class Arguments:
    """What the container of a mirror controller was told."""

    link: str
    namespace: str
    probe_service: str = ""
    local: bool = False
    mirrors_headless: bool = False
    requeue_limit: int = 3
    federated_selector: str = ""
    excluded_labels: Sequence[str] = field(default=())
    excluded_annotations: Sequence[str] = field(default=())

    @classmethod
    def of(cls, pod: Object) -> "Arguments":
        """Read a pod's arguments, of the container that runs a mirror controller."""
        told = [container.get("args") or [] for container in pod["spec"]["containers"]]
        [arguments] = [each[1:] for each in told if each[:1] == ["service-mirror"]]
        flags: dict[str, str] = {}
        positional = []
        for argument in arguments:
            if argument.startswith("-"):
                name, separator, value = argument.lstrip("-").partition("=")
                flags[name] = value if separator else "true"
            else:
                positional.append(argument)
        if flags.get("enable-namespace-creation") == "true":
            raise RefusedError("namespaces must be made by the program; the sandbox makes none")
        return cls(
            link=positional[0] if positional else "",
            namespace=flags.get("namespace", ""),
            probe_service=flags.get("probe-service", ""),
            local=flags.get("local-mirror") == "true",
            mirrors_headless=flags.get("enable-headless-services") == "true",
            requeue_limit=int(flags.get("event-requeue-limit", "3")),
            federated_selector=flags.get("federated-service-selector", ""),
            excluded_labels=_listed(flags.get("excluded-labels", "")),
            excluded_annotations=_listed(flags.get("excluded-annotations", "")),
        )

    @property
    def lease(self) -> str:
        """Name of the Lease that the one working controller holds."""
        return "local-service-mirror-write" if self.local else f"service-mirror-write-{self.link}"

    def local_link(self) -> Link:
        """Make the link by which the local mirror joins local services to federated ones."""
        return Link(
            name="local",
            namespace=self.namespace,
            target="",
            federated=selectors.parse(self.federated_selector),
            excluded_labels=self.excluded_labels,
            excluded_annotations=self.excluded_annotations,
        )


def seconds(duration: str) -> float:
    """Read a duration such as `3s` or `1m30s`."""
    if not duration or _DURATION.sub("", duration):
        raise RefusedError(f"a duration must look like 3s or 1m30s (got {duration!r})")
    return sum(float(number) * _SECONDS[unit] for number, unit in _DURATION.findall(duration))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
