"""Decides what on an existing cluster collides with the plan, and what the way out is."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from linkmesh.environment import ClusterPlan, Plan
from linkmesh.linkerd.labels import (
    CNI_NAMESPACE,
    CONTROL_PLANE_NAMESPACE,
    MULTICLUSTER_NAMESPACE,
    VIZ_NAMESPACE,
)
from linkmesh.support import gateway_api_problems

Service = tuple[str, str]
"""Namespace and name."""


@dataclass(frozen=True, kw_only=True)
class Presence:
    """What was found on an existing cluster."""

    namespaces: Mapping[str, bool] = field(default_factory=dict)
    """Its namespaces, and whether Pulumi made or patched each."""

    linkerd: str | None = None
    """Version of the Linkerd that others installed; empty if unknown, None if there is none."""

    gateway_api: str | None = None
    """Version of the Gateway API's CRDs; empty if unknown, None if there are none."""

    gateway_api_is_linkerds: bool = False
    """Whether these belong to the Helm release of Linkerd's CRDs."""

    services: frozenset[Service] = frozenset()
    """The exported Services that are there."""

    error: str = ""
    """Why the cluster was not read; empty if it was."""


@dataclass(frozen=True, kw_only=True)
class Collision:
    """Something that would fail, and the way out."""

    text: str
    """What is there or is not, and what would happen."""

    use: str
    """What to do."""

    def __str__(self) -> str:
        return f"{self.text} Use: {self.use}"


def collisions(plan: Plan, name: str, found: Presence) -> list[Collision]:
    """List what on a cluster collides with the plan."""
    planned = plan.clusters[name]
    return [
        *_namespaces(planned, found),
        *_linkerd(planned, found),
        *_extensions(plan, planned, found),
        *_gateway_api(planned, found),
        *_services(plan, name, found),
    ]


def _namespaces(planned: ClusterPlan, found: Presence) -> Iterator[Collision]:
    for name in planned.made_namespaces:
        if found.namespaces.get(name) is False:
            there = [*planned.adopted_namespaces, name]
            yield Collision(
                text=f"namespace {name!r} is on {planned.name!r} already. linkmesh would make it, "
                "and fail.",
                use=_existing(planned, f"namespaces={_listed(there)}"),
            )
    for name in planned.adopted_namespaces:
        if name not in found.namespaces:
            yield Collision(
                text=f"namespace {name!r} must be on {planned.name!r}, as its description says (it "
                "is not). No mirror or export could be in it.",
                use=f"create it first, or leave it out of namespaces of {planned.name!r}",
            )


def _linkerd(planned: ClusterPlan, found: Presence) -> Iterator[Collision]:
    if planned.has_linkerd:
        if found.linkerd is None:
            yield Collision(
                text=f"Linkerd must be on {planned.name!r}, as its description says (it is not).",
                use=f"install it first, or leave has_linkerd of {planned.name!r} out",
            )
    elif found.linkerd is not None:
        yield Collision(
            text=f"Linkerd {found.linkerd or 'of an unknown version'} is on {planned.name!r} "
            "already. linkmesh would install another one, and fail.",
            use=f"{_existing(planned, 'has_linkerd=True')}, with the trust anchor of that Linkerd "
            "(docs/guides/install.md), or remove it: linkerd uninstall | kubectl delete -f -",
        )
    elif found.namespaces.get(CONTROL_PLANE_NAMESPACE) is False:
        yield _leftover(planned, CONTROL_PLANE_NAMESPACE)


def _extensions(plan: Plan, planned: ClusterPlan, found: Presence) -> Iterator[Collision]:
    linkerd = plan.environment.linkerd
    made = {
        MULTICLUSTER_NAMESPACE: True,
        VIZ_NAMESPACE: linkerd.viz and not planned.has_linkerd,
        CNI_NAMESPACE: linkerd.cni and not planned.has_linkerd,
    }
    for name, is_made in made.items():
        if is_made and found.namespaces.get(name) is False:
            yield _leftover(planned, name)


def _leftover(planned: ClusterPlan, namespace: str) -> Collision:
    return Collision(
        text=f"namespace {namespace!r} is on {planned.name!r} already. linkmesh installs its own "
        "extension there, and would fail.",
        use=f"remove what is in it as it was installed, then: kubectl delete namespace {namespace}",
    )


def _gateway_api(planned: ClusterPlan, found: Presence) -> Iterator[Collision]:
    said, there = planned.gateway_api, found.gateway_api
    if planned.has_linkerd:
        return
    if said is None and there is not None and not found.gateway_api_is_linkerds:
        version = there or "VERSION"
        yield Collision(
            text=f"the Gateway API's CRDs {there or 'of an unknown version'} are on "
            f"{planned.name!r} already. Helm would refuse to take them over."
            + "".join(f" {each}" for each in _unsupported(planned, there)),
            use=_existing(planned, f'gateway_api="{version}"'),
        )
    elif said is not None and there is None:
        yield Collision(
            text=f"the Gateway API's CRDs {said} must be on {planned.name!r}, as its description "
            "says (they are not). Linkerd's policy controller would not start.",
            use=f"install them first, or leave gateway_api of {planned.name!r} out",
        )
    elif said is not None and there and there != said:
        yield Collision(
            text=f"the Gateway API's CRDs on {planned.name!r} must be {said}, as its description "
            f"says (got {there})." + "".join(f" {each}" for each in _unsupported(planned, there)),
            use=_existing(planned, f'gateway_api="{there}"'),
        )


def _unsupported(planned: ClusterPlan, version: str | None) -> list[str]:
    return gateway_api_problems(version, planned.linkerd_version) if version else []


def _services(plan: Plan, name: str, found: Presence) -> Iterator[Collision]:
    """Find exports of Services that are not there, and that the environment does not make."""
    yelb = plan.environment.application
    made = yelb.services if yelb else set()
    for planned in plan.exports:
        export = planned.described
        key = (export.namespace, export.service)
        if export.of != name or export.is_labelled or (name, *key) in made:
            continue
        if key not in found.services:
            [(label, value)] = planned.label.items()
            yield Collision(
                text=f"Service {export.namespace}/{export.service} must be on {name!r} to be "
                "exported (it is not). A label is added to it; it is not created.",
                use="deploy it first, or is_labelled=True in its Export, and let its owner label "
                f"it {label}={value}",
            )


def _existing(planned: ClusterPlan, argument: str) -> str:
    return f'Existing("{planned.name}", {argument})'


def _listed(names: Sequence[str]) -> str:
    return json.dumps([*names])
