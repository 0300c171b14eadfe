"""
The provider: its arguments, when another cluster means that everything is replaced, and which types
it has.

A kubeconfig says nothing about a cluster's identity, so the genuine provider compares the entry of
the active cluster, and takes an unknown one for a change. `clusterIdentifier`, set and unchanged,
cancels such replacements. The API server is called no sooner than a resource needs it. Arguments
that would make something else than objects in a cluster are refused. Source: pulumi-kubernetes
provider/pkg/provider/provider.go DiffConfig, Configure
"""

from __future__ import annotations

import json
import threading
from functools import cached_property
from typing import Literal

from sandbox.plugins.framework import UNKNOWN, Change, Diff, Properties, Provider, Refused, Resource
from sandbox.plugins.kubernetes import kubeconfig
from sandbox.plugins.kubernetes.api import Api, ApiError, NoSuchKind, Unreachable
from sandbox.plugins.kubernetes.comparing import compare_inputs
from sandbox.plugins.kubernetes.kinds import CLUSTER_SCOPED, Kind
from sandbox.plugins.kubernetes.kubeconfig import KubeconfigError, Target
from sandbox.plugins.kubernetes.objects import KubernetesObject
from sandbox.plugins.kubernetes.patches import KubernetesPatch
from sandbox.plugins.kubernetes.release import HelmRelease
from sandbox.plugins.kubernetes.settings import Settings, checked_arguments
from sandbox.plugins.kubernetes.transport import HttpTransport

VERSION = "4.34.2"
"""As the SDK in requirements.txt."""

RELEASE = "kubernetes:helm.sh/v3:Release"

UNREADABLE = "failed to parse kubeconfig data in `kubernetes:config:kubeconfig`- {error}"
NO_KUBECONFIG = (
    "unable to load Kubernetes client configuration from kubeconfig file. Make sure you have: \n\n"
    " \t • set up the provider as per "
    "https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/ \n\n {error}"
)

# Other groups of the SDK's tokens that are no kinds of an API server: charts, YAML files,
# kustomizations.
NOT_KINDS = ("helm.sh", "yaml", "kustomize")

CLUSTER_ARGUMENTS = ("kubeconfig", "context", "cluster")
"""The arguments that decide which cluster is called."""


class KubernetesProvider(Provider):
    """One process for one provider resource, so one cluster."""

    name = "kubernetes"
    version = VERSION

    def __init__(self) -> None:
        super().__init__()
        self.settings = Settings()
        self.target: Target | None = None
        self._trouble = ""
        self._lock = threading.Lock()

    def check_config(self, news: Properties) -> Properties:
        return checked_arguments(news)

    def diff_config(self, olds: Properties, news: Properties) -> Diff:
        return diff_arguments(olds, news)

    def configure(self, config: Properties) -> None:
        self.settings = Settings.of(config)
        given = self.settings.kubeconfig
        try:
            self.target = kubeconfig.select(
                kubeconfig.parse(given) if given else kubeconfig.ambient(),
                context=self.settings.context,
                cluster=self.settings.cluster,
                namespace=self.settings.namespace,
            )
        except (KubeconfigError, OSError) as error:
            self._trouble = (UNREADABLE if given else NO_KUBECONFIG).format(error=error)

    @property
    def namespace(self) -> str:
        """The namespace of objects that name none."""
        return self.target.namespace if self.target else self.settings.namespace or "default"

    @property
    def unreachable(self) -> str:
        """Say why the cluster cannot be called; empty if it can."""
        with self._lock:
            return self._trouble or self._reached

    @cached_property
    def api(self) -> Api:
        """The API server, reachable or not."""
        assert self.target is not None, "asked for only when the kubeconfig could be read"
        return Api(HttpTransport(self.target))

    @cached_property
    def _reached(self) -> str:
        try:
            version = self.api.version()
        except (Unreachable, ApiError) as error:
            return f"unable to load schema information from the API server: {error}"
        if version < (1, 13):
            raise Refused(
                f"minimum supported cluster version is v1.13. found v{version[0]}.{version[1]}"
            )
        return ""

    def reachable_api(self) -> Api:
        """Give the API server, or refuse what needs it."""
        if self.unreachable:
            raise Unreachable(f"configured Kubernetes cluster is unreachable: {self.unreachable}")
        return self.api

    def is_served(self, kind: Kind) -> bool:
        """Tell whether a cluster can be asked about objects of this kind."""
        if self.unreachable:
            return False
        try:
            self.api.served(kind.api_version, kind.plain)
        except (NoSuchKind, Unreachable, ApiError):
            return False
        return True

    def is_namespaced(self, kind: Kind) -> bool:
        """Tell whether objects of this kind lie in a namespace; one not known yet does."""
        if kind.built_in:
            return kind.plain not in CLUSTER_SCOPED
        if self.is_served(kind):
            return self.api.served(kind.api_version, kind.plain).namespaced
        return True

    def resource(self, token: str) -> Resource:
        if token == RELEASE:
            return HelmRelease(self)
        kind = Kind.of_token(token)
        if kind is None or kind.group in NOT_KINDS:
            raise self.unknown_type(token)
        return (KubernetesPatch if kind.is_patch else KubernetesObject)(self, token, kind)


def diff_arguments(olds: Properties, news: Properties) -> Diff:
    """Say what changes in the provider, and whether it then stands for another cluster."""
    found = compare_inputs(olds, news, [])
    changed = {change.path.partition(".")[0].partition("[")[0] for change in found.changes}
    if not changed:
        return Diff()
    replacing = set()
    if (
        "clusterIdentifier" in changed
        and olds.get("clusterIdentifier")
        and news.get("clusterIdentifier") is not None
    ):
        replacing.add("clusterIdentifier")
    pinned = "clusterIdentifier" not in changed and news.get("clusterIdentifier") is not None
    unknown = next((key for key in CLUSTER_ARGUMENTS if news.get(key) is UNKNOWN), None)
    if unknown is not None:
        changed, replacing = {unknown, *replacing}, {unknown, *replacing}
    elif _another_cluster(olds, news):
        replacing |= changed.intersection(CLUSTER_ARGUMENTS)
    if pinned:
        replacing = set()
    return Diff(
        [Change(key, _kind(olds, news, key), replace=key in replacing) for key in sorted(changed)]
    )


def _another_cluster(olds: Properties, news: Properties) -> bool:
    clusters = []
    for arguments in (olds, news):
        given = arguments.get("kubeconfig") or ""
        try:
            config = (
                kubeconfig.parse(given if isinstance(given, str) else json.dumps(given))
                if given
                else {}
            )
        except (KubeconfigError, OSError) as error:
            raise Refused(f"failed to parse kubeconfig: {error}") from None
        clusters.append(
            kubeconfig.active_cluster(
                config, context=arguments.get("context"), cluster=arguments.get("cluster")
            )
        )
    return None not in clusters and clusters[0] != clusters[1]


def _kind(olds: Properties, news: Properties, key: str) -> Literal["add", "update", "delete"]:
    if olds.get(key) is None:
        return "add"
    return "delete" if news.get(key) is None else "update"
