"""`Mesh` for other languages."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from ..cluster import SKIP_AWAIT
from ..composition.args import MeshArgs, Workloads
from ..composition.member import Member
from ..composition.mesh import Mesh
from ..composition.outputs import MeshCluster
from ..environment import Existing
from .crossing import Crossing, Given, fields, owning
from .mesh_inputs import MeshInputs, MeshService, no_kubeconfig
from .shapes import properties_of


@dataclass(frozen=True, kw_only=True)
class MeshExport:
    """A service as other clusters call it."""

    service: str
    """Name of the Service on its own cluster."""

    namespace: str
    """Its namespace, the same on every cluster."""

    of: str
    """The cluster it is on."""

    callers: Sequence[str]
    """The clusters that may call it."""

    mirror: str
    """Name of the Service that callers call."""

    host: str
    """Host name that pods of callers call, e.g. `orders-cloud.shop.svc.cluster.local`."""


@dataclass(frozen=True, kw_only=True)
class MeshOutputs:
    """What a program in another language reads of a `Mesh`."""

    kubeconfigs: pulumi.Output[Mapping[str, str]]
    """Kubeconfig of each cluster's administrator, by the cluster's name; a secret."""

    exports: Sequence[MeshExport]
    """Each export, in the order of the description."""

    expiries: pulumi.Output[Mapping[str, str]]
    """
    When each certificate expires (RFC 3339), by its name.

    `anchor`; of each cluster `<cluster>-issuer`, `<cluster>-webhook-<name>` and
    `<cluster>-webhook-authority`, and for one on EKS `<cluster>-api-server`.
    """


def _make(name: str, given: Given, opts: pulumi.ResourceOptions) -> Mesh:
    of_args = {each.field for each in properties_of(MeshArgs, _NOT_ARGUMENTS)}
    inputs = MeshInputs(**{key: given[key] for key in given if key not in of_args})
    if problems := [*inputs.problems()]:
        raise ValueError("\n".join(problems))
    anchor = inputs.trust_anchor
    described: dict[str, Any] = {key: given[key] for key in given if key in of_args}

    def args(mesh: Mesh) -> MeshArgs:
        return MeshArgs(
            clusters=[*inputs.eks, *inputs.kind, *_members(inputs)],
            trust_anchors={_signing(given): anchor} if anchor else {},
            workloads=_services(inputs.services, mesh) if inputs.services else None,
            **described,
        )

    return owning(Mesh, name, args, opts)


# What of `MeshArgs` crosses in another form, or not at all.
_NOT_ARGUMENTS = frozenset({"clusters", "workloads", "trust_anchors"})


def _signing(given: Given) -> int:
    return int(given["trust"].signing) if "trust" in given else 1


def _members(inputs: MeshInputs) -> Iterator[Member]:
    for member in inputs.members:
        given = {
            each.name: getattr(member, each.name)
            for each in dataclasses.fields(Existing)
            if each.name != "gateway_service"
        }
        yield Member(
            **given,
            gateway_service=member.node_ports or member.load_balancer,
            kubeconfig=_kubeconfig(inputs, member.name),
        )


def _kubeconfig(inputs: MeshInputs, name: str) -> pulumi.Input[str]:
    if isinstance(inputs.kubeconfigs, Mapping):
        return pulumi.Output.secret(inputs.kubeconfigs[name])
    whole: pulumi.Output[Mapping[str, str]] = pulumi.Output.all(inputs.kubeconfigs).apply(
        lambda known: known[0]
    )
    return pulumi.Output.secret(whole.apply(lambda known: _one_kubeconfig(known, name)))


def _one_kubeconfig(known: Mapping[str, str], name: str) -> str:
    if name not in known:
        raise pulumi.RunError(no_kubeconfig(name))
    return known[name]


def _services(services: Sequence[MeshService], parent: Mesh) -> Workloads:
    """Make Services without their pods, so that nothing waits for pods."""

    def make(clusters: Mapping[str, MeshCluster]) -> list[pulumi.Resource]:
        return [_service(each, clusters[each.cluster], parent) for each in services]

    return make


def _service(
    described: MeshService, cluster: MeshCluster, parent: Mesh
) -> kubernetes.core.v1.Service:
    target = described.target_port or described.port
    return kubernetes.core.v1.Service(
        f"{described.cluster}-{described.namespace}-{described.name}-service",
        metadata={
            "name": described.name,
            "namespace": described.namespace,
            "annotations": {SKIP_AWAIT: "true"},
        },
        spec={
            "selector": dict(described.selector),
            "ports": [{"port": described.port, "target_port": target}],
        },
        opts=pulumi.ResourceOptions.merge(cluster.opts, pulumi.ResourceOptions(parent=parent)),
    )


def _result(mesh: Mesh) -> MeshOutputs:
    kubeconfigs = {name: cluster.kubeconfig for name, cluster in mesh.clusters.items()}
    return MeshOutputs(
        kubeconfigs=pulumi.Output.secret(pulumi.Output.all(**kubeconfigs)),
        exports=[
            MeshExport(
                service=planned.described.service,
                namespace=planned.described.namespace,
                of=planned.described.of,
                callers=planned.callers,
                mirror=export.mirror,
                host=export.host(),
            )
            for planned, export in zip(mesh.plan.exports, mesh.exports, strict=True)
        ],
        expiries=pulumi.Output.all(**mesh.expiries),
    )


CROSSINGS = {
    "Mesh": Crossing(
        component=Mesh,
        inputs=fields(MeshInputs, MeshArgs, without=[*_NOT_ARGUMENTS]),
        outputs=properties_of(MeshOutputs),
        make=_make,
        result=_result,
    )
}
