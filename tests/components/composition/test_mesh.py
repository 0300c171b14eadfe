"""A whole environment in one program: what the program gives, and what it gets."""

import functools
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from linkmesh.composition.args import MeshArgs
from linkmesh.composition.member import Member
from linkmesh.composition.mesh import Mesh
from linkmesh.composition.outputs import MeshCluster, called_export
from linkmesh.environment import Export, Kind, LinkMode, NodePorts, chain, hub
from linkmesh.existing_cluster import ExistingCluster, ExistingClusterArgs
from linkmesh.linkerd.installation.gateway_args import LoadBalancerGateway
from linkmesh.linkerd.proxies.meshed_namespace import MeshedNamespace, MeshedNamespaceArgs
from tests import engine
from tests.components.eks_cluster.described import waits_for
from tests.components.environment.described import ADMINS, OPERATORS, on_aws
from tests.project import PROJECT

RELEASE = "kubernetes:helm.sh/v3:Release"
LINK = "linkmesh:index:Link"
EXPORTED = "linkmesh:index:ExportedService"


def office(**overrides: Any) -> Member:
    """Bring a cluster that exists, and calls others."""
    ordinary: dict[str, Any] = {"kubeconfig": engine.KUBECONFIG, "egress": ["198.51.100.20/32"]}
    return Member("office", **{**ordinary, **overrides})


def arguments(*clusters: Any, **overrides: Any) -> MeshArgs:
    """Make the arguments of a mesh that has administrators and operators."""
    ordinary: dict[str, Any] = {"admins": ADMINS, "operators": OPERATORS}
    return MeshArgs(clusters=clusters, **{**ordinary, **overrides})


def orders(clusters: Mapping[str, MeshCluster]) -> Sequence[pulumi.Resource]:
    """Make the Service of an export, on a cluster of the mesh."""
    return [
        kubernetes.core.v1.Service(
            "orders", metadata={"name": "orders", "namespace": "shop"}, opts=clusters["cloud"].opts
        )
    ]


def shop(**overrides: Any) -> MeshArgs:
    """Let the office call the orders of a cluster in the cloud."""
    return arguments(
        office(),
        on_aws("cloud", block=40),
        links=chain("office", "cloud"),
        exports=[Export("orders", namespace="shop", of="cloud")],
        **overrides,
    )


def deployed(args: MeshArgs) -> engine.Notes:
    """Run a program that makes a mesh and nothing else."""

    def program() -> None:
        Mesh("test", args)

    return engine.run(program)


@functools.cache
def made() -> engine.Notes:
    """Run a program that uses all that a mesh gives."""

    def program() -> None:
        mesh = Mesh("shop", shop(workloads=orders))
        found = mesh.exported("orders", namespace="shop", on="office")
        pulumi.export("url", mesh.url("orders", namespace="shop", on="office", port=80))
        pulumi.export("host", found.host())
        pulumi.export("expiries", mesh.expiries)
        for name, cluster in mesh.clusters.items():
            pulumi.export(f"{name}-kubeconfig", cluster.kubeconfig)
            pulumi.export(f"{name}-api-server", cluster.api_server)
            # Another component on the same cluster.
            args = MeshedNamespaceArgs(cluster=cluster, namespace="own")
            MeshedNamespace(f"{name}-own", args)

    return engine.run(program)


def after(type_: str, name: str) -> set[str]:
    """Name all that a resource waits for, itself or as a part of its component."""
    notes = made()
    noted = notes.one(type_, name)
    component = next((each for each in notes.resources if each.name == noted.within), noted)
    return {before for one in (noted, component) for _, before in waits_for(notes, one)}


def problem_of(mesh: MeshArgs, **call: Any) -> str:
    """Return the message about a service that cannot be called."""

    def program() -> None:
        with pytest.raises(ValueError, match="service") as error:
            Mesh("shop", mesh).exported(**call)
        pulumi.export("message", str(error.value))

    return str(engine.run(program).outputs["message"])


def test_the_program_knows_names_hosts_and_urls_of_exports() -> None:
    assert made().outputs["host"] == "orders-cloud.shop.svc.cluster.local"
    assert made().outputs["url"] == "http://orders-cloud.shop.svc.cluster.local:80"


def test_the_program_gets_the_kubeconfig_of_each_cluster_as_a_secret() -> None:
    assert made().outputs["office-kubeconfig"] == engine.Secret(engine.KUBECONFIG)
    assert isinstance(made().outputs["cloud-kubeconfig"], engine.Secret)
    assert made().outputs["cloud-api-server"] == "https://cloud.eks.test"


def test_the_expiry_of_every_certificate_is_an_output() -> None:
    webhooks = ("proxyInjector", "profileValidator", "policyValidator", "tap", "tapInjector")

    assert made().outputs["expiries"] == {
        "anchor": "2036-11-20T00:00:00Z",
        "cloud-api-server": "2036-11-20T00:00:00Z",
        **{
            f"{name}-{what}": end
            for name in ("office", "cloud")
            for what, end in {
                "issuer": "2027-11-23T00:00:00Z",
                "webhook-authority": "2036-11-20T00:00:00Z",
                **{f"webhook-{webhook}": "2027-11-23T00:00:00Z" for webhook in webhooks},
            }.items()
        },
    }


def test_a_cluster_of_a_mesh_can_be_given_to_other_components() -> None:
    provider = made().one("kubernetes:core/v1:Namespace", "office-own").provider

    assert provider.split("::")[-2] == "office-kubernetes"


def test_workloads_wait_for_linkerd_and_their_namespace_and_exports_for_workloads() -> None:
    assert {"cloud-linkerd-control-plane", "cloud-shop"} <= after(
        "kubernetes:core/v1:Service", "orders"
    )
    assert "orders" in after("kubernetes:core/v1:ServicePatch", "cloud-shop-orders")


def test_a_link_waits_for_both_ends_and_an_export_for_the_link() -> None:
    link = after("kubernetes:multicluster.linkerd.io/v1alpha3:Link", "office-cloud-link")

    assert {"office-multicluster-release", "cloud-multicluster-release"} <= link
    assert "cloud-access-office-token" in link
    assert "office-cloud-link" in after("kubernetes:core/v1:ServicePatch", "cloud-shop-orders")


def test_an_export_waits_only_for_the_links_of_its_own_cluster() -> None:
    """With all links, what exports wait for would grow with the square of the clusters."""
    spokes = ("one", "two")
    args = arguments(
        *(Kind(name) for name in ("front", *spokes)),
        links=hub("front", spokes=spokes),
        exports=[Export("api", namespace="shop", of=name) for name in spokes],
    )
    notes = deployed(args)

    assert "front-one-link" in notes.one(EXPORTED, "one-shop-api").after
    assert "front-two-link" not in notes.one(EXPORTED, "one-shop-api").after


def test_operators_and_the_office_may_call_the_gateway() -> None:
    gateway = made().one(RELEASE, "cloud-multicluster-release").inputs["values"]["gateway"]

    assert gateway["loadBalancerSourceRanges"] == [*OPERATORS, "198.51.100.20/32"]


def test_resources_on_aws_have_the_tag_of_the_mesh() -> None:
    provider = made().one("pulumi:providers:aws", "network-eu-west-1")

    assert provider.inputs["defaultTags"] == '{"tags": {"linkmesh:environment": "shop"}}'


def test_charts_come_from_where_the_arguments_say() -> None:
    args = shop(
        charts="/srv/charts",
        aws_charts="/srv/aws-charts",
        chart_values={"linkerd-control-plane": {"webhookFailurePolicy": "Ignore"}},
    )
    releases = deployed(args).of(RELEASE)

    assert {each.inputs["chart"].rpartition("/")[0] for each in releases} == {
        "/srv/charts",
        "/srv/aws-charts",
    }
    for name in ("office", "cloud"):
        [values] = [
            each.inputs["values"]
            for each in releases
            if each.name == f"{name}-linkerd-control-plane"
        ]
        assert values["webhookFailurePolicy"] == "Ignore"


def test_a_cluster_that_the_program_made_is_used_as_it_is() -> None:
    def program() -> None:
        own = ExistingCluster("own", ExistingClusterArgs(kubeconfig=engine.KUBECONFIG))
        gateway = LoadBalancerGateway(load_balancer_class="example.com/internal")
        member = Member("own", cluster=own, gateway=gateway)
        args = arguments(
            office(),
            member,
            links=chain("office", "own"),
            exports=[Export("api", namespace="shop", of="own")],
        )
        mesh = Mesh("test", args)
        pulumi.export("same", mesh.clusters["own"].cluster is own)

    notes = engine.run(program)
    values = notes.one(RELEASE, "own-multicluster-release").inputs["values"]

    assert notes.outputs["same"] is True
    assert [each.name for each in notes.of("pulumi:providers:kubernetes")] == [
        "own-kubernetes",
        "office-kubernetes",
    ]
    assert values["gateway"]["loadBalancerClass"] == "example.com/internal"


def test_a_gateway_of_a_member_that_is_not_called_is_not_made() -> None:
    args = arguments(office(gateway=LoadBalancerGateway()))
    notes = deployed(args)

    values = notes.one(RELEASE, "office-multicluster-release").inputs["values"]
    assert values["gateway"] == {"enabled": False}


def test_a_service_that_is_not_exported_to_a_cluster_has_no_name_there() -> None:
    call = {"service": "orders", "namespace": "shop"}

    assert problem_of(shop(), **call, on="cloud") == (
        "service shop/orders must be exported to 'cloud' (it is exported to office). No name there "
        "leads to it. Use a link from 'cloud', and: "
        'Export("orders", namespace="shop", of=...)'
    )
    assert problem_of(shop(), service="stock", namespace="shop", on="office").startswith(
        "service shop/stock must be exported to 'office' (it is exported to no cluster)."
    )
    assert problem_of(shop(), **call, on="office", of="office").startswith(
        "service shop/orders of 'office' must be exported to 'office' (it is exported to office)."
    )


def test_a_service_of_several_clusters_is_asked_for_with_its_cluster() -> None:
    spokes = ("one", "two")
    args = arguments(
        *(Kind(name) for name in ("front", *spokes)),
        links=hub("front", spokes=spokes),
        exports=[Export("api", namespace="shop", of=name) for name in spokes],
    )
    urls: list[str] = []

    def program() -> None:
        mesh = Mesh("test", args)
        urls.append(mesh.url("api", namespace="shop", on="front", of="two", port=80, scheme="grpc"))

    engine.run(program)

    assert urls == ["grpc://api-two.shop.svc.cluster.local:80"]
    assert problem_of(args, service="api", namespace="shop", on="front") == (
        "service shop/api must be of one cluster (got one, two). Each has a name of its own on "
        "'front'. Use: of=\"one\""
    )


def test_a_federated_service_has_one_name() -> None:
    spokes = ("one", "two")
    args = arguments(
        *(on_aws(name, block=10 * place + 10) for place, name in enumerate(("front", *spokes))),
        links=hub("front", spokes=spokes),
        exports=[
            Export("api", namespace="shop", of=name, mode=LinkMode.FEDERATED) for name in spokes
        ],
    )
    urls: list[str] = []

    def program() -> None:
        urls.append(Mesh("test", args).url("api", namespace="shop", on="front", port=80))

    engine.run(program)

    assert urls == ["http://api-federated.shop.svc.cluster.local:80"]


def test_a_program_without_eks_never_loads_the_sdk_of_aws() -> None:
    program = (
        "import sys; from linkmesh import Kind, Mesh, MeshArgs, Member; "
        "MeshArgs(clusters=[Kind('local'), Member('office', kubeconfig='')]); "
        "print([name for name in sys.modules if name in ('pulumi_aws', 'pulumi_kind')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


def test_a_member_is_described_with_what_is_on_it() -> None:
    member = office(
        namespaces=["shop"], cluster_domain="corp.local", gateway_service=NodePorts("192.0.2.10")
    )
    args = arguments(
        Kind("local"),
        member,
        links=chain("local", "office", both_ways=False),
        exports=[Export("orders", namespace="shop", of="office", is_labelled=True)],
    )
    notes = deployed(args)
    link = notes.one("kubernetes:multicluster.linkerd.io/v1alpha3:Link", "local-office-link")

    assert notes.one("kubernetes:core/v1:NamespacePatch", "office-shop").within == "office-shop"
    assert link.inputs["spec"]["targetClusterDomain"] == "corp.local"
    assert link.inputs["spec"]["gatewayAddress"] == "192.0.2.10"
    assert (
        notes.of("kubernetes:core/v1:ServicePatch")[0].name == "office-multicluster-linkerd-gateway"
    )


def test_a_service_in_two_modes_is_called_in_one_of_them() -> None:
    exports = [
        Export("orders", namespace="shop", of="east", mode=mode)
        for mode in (LinkMode.GATEWAY, LinkMode.FEDERATED)
    ]
    clusters = (on_aws("west", block=10), on_aws("east", block=20))
    args = arguments(*clusters, links=chain("west", "east"), exports=exports)

    def called(**more: Any) -> int:
        return called_export(args.plan, "orders", namespace="shop", on="west", **more)

    with pytest.raises(ValueError, match="one mode") as error:
        called()
    assert str(error.value) == (
        "service shop/orders of 'east' must be called in one mode (it is exported in 2). Each has "
        "a name of its own on 'west'. Use: mode=LinkMode.FEDERATED"
    )
    assert [called(mode=mode) for mode in (LinkMode.GATEWAY, LinkMode.FEDERATED)] == [0, 1]
