"""A cluster's part: what is made from the description, the neighbours' outputs and the settings."""

import functools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
import pytest

from linkmesh.environment import (
    Existing,
    Export,
    Injection,
    Kind,
    Linkerd,
    NatGateways,
    NodePorts,
    chain,
)
from linkmesh.linkerd.identity.cert_manager import CertManagerIssuer
from linkmesh.linkerd.identity.trust_rotation import TrustState
from linkmesh.stacks import cluster
from linkmesh.stacks.outputs import Stacks
from linkmesh.stacks.rotation import serialized_trust
from linkmesh.stacks.settings import Settings
from linkmesh.subnets import subnet_plan
from tests import engine
from tests.components.environment.described import OPERATORS, on_aws, planned
from tests.stacks.contracts import exported

RELEASE = "kubernetes:helm.sh/v3:Release"
ACCESS = "linkmesh:index:LinkAccess"
SETTINGS = Settings(
    charts="/srv/charts",
    aws_charts="/srv/aws-charts",
    chart_values={"linkerd-crds": {"installGatewayAPI": False}},
)
DESCRIBED = planned(
    Kind("local"),
    on_aws("west", block=10, nat=NatGateways.SINGLE),
    on_aws("east", block=20, nodes=4, protect=True),
    links=chain("local", "west", "east"),
    exports=[Export("db", namespace="data", of="east")],
    injection=Injection.PER_NAMESPACE,
)


@functools.cache
def deployed(name: str) -> engine.Notes:
    """Deploy one cluster's part."""

    def program() -> None:
        cluster.deploy(DESCRIBED, name, Stacks.of("test"), SETTINGS, {"team": "mesh"})

    return engine.run(program, stack=f"test.{name}", stacks=exported("test", DESCRIBED))


def test_an_eks_cluster_is_made_as_described_on_its_network() -> None:
    notes = deployed("east")
    made, nodes = notes.one("aws:eks/cluster:Cluster"), notes.one("aws:eks/nodeGroup:NodeGroup")
    provider = notes.one("pulumi:providers:aws")

    assert made.inputs["deletionProtection"] is True
    assert made.inputs["vpcConfig"]["subnetIds"] == [f"subnet-east-control-{z}" for z in "abc"]
    assert nodes.inputs["scalingConfig"]["desiredSize"] == 4
    assert nodes.inputs["subnetIds"] == [f"subnet-east-{zone}" for zone in "abc"]
    assert json.loads(provider.inputs["defaultTags"]) == {"tags": {"team": "mesh"}}


def test_the_nat_addresses_of_a_source_may_call_the_api_server() -> None:
    made = deployed("east").one("aws:eks/cluster:Cluster")

    assert made.inputs["vpcConfig"]["publicAccessCidrs"] == [*OPERATORS, "203.0.113.7/32"]


def test_a_kind_cluster_is_made_without_anything_on_aws() -> None:
    types = {noted.type for noted in deployed("local").resources}

    assert "kind:index/cluster:Cluster" in types
    assert not any(type_.startswith(("aws:", "pulumi:providers:aws")) for type_ in types)


def test_the_clusters_own_issuer_signs_its_proxies() -> None:
    issuer = deployed("local").one("kubernetes:core/v1:Secret", "local-linkerd-identity-issuer")

    assert issuer.inputs["stringData"] == engine.Secret(
        {"tls.crt": "ISSUER of local", "tls.key": "ISSUER KEY of local", "ca.crt": "ANCHOR"}
    )


@pytest.mark.parametrize(
    ("chart", "values", "path"),
    [
        ("linkerd-control-plane", {"clusterDomain": "corp.local"}, "clusterDomain"),
        ("linkerd-multicluster", {"gateway": {"serviceType": "NodePort"}}, "gateway.serviceType"),
        ("linkerd-viz", {"identityTrustDomain": "corp.local"}, "identityTrustDomain"),
    ],
)
def test_extra_values_that_contradict_what_others_know_are_one_message(
    chart: str, values: dict[str, Any], path: str
) -> None:
    settings = replace(SETTINGS, chart_values={chart: values})

    with pytest.raises(pulumi.RunError) as error:
        engine.run(
            lambda: cluster.deploy(DESCRIBED, "west", Stacks.of("test"), settings, {}),
            stack="test.west",
            stacks=exported("test", DESCRIBED),
        )

    first, problem, where = str(error.value).splitlines()
    assert first == "Linkerd cannot be installed like this:"
    assert problem.startswith(f"value {path} of chart {chart} must be ")
    assert where.startswith("Extra values of charts are those of linkmesh:chartValues, or")


def amid_a_rotation() -> engine.Notes:
    """Deploy a cluster after the second step of a new anchor."""
    stacks = exported("test", DESCRIBED)
    stacks["organization/linkmesh/test.trust"]["trust"]["state"] = serialized_trust(
        TrustState(anchors=(1, 2), signing=2, issuers=2)
    )
    return engine.run(
        lambda: cluster.deploy(DESCRIBED, "west", Stacks.of("test"), SETTINGS, {}),
        stack="test.west",
        stacks=stacks,
    )


def test_pods_roll_with_trust_the_control_plane_with_its_issuer_too() -> None:
    notes = amid_a_rotation()
    rolled = {
        noted.name: noted.inputs["values"]["podAnnotations"]
        for noted in notes.of(RELEASE)
        if "podAnnotations" in noted.inputs["values"]
    }
    data_plane = {
        "linkmesh.io/linkerd": "edge-26.6.3",
        "linkmesh.io/trust": "anchors-1-2-signing-2",
    }

    assert rolled == {
        "west-linkerd-control-plane": {**data_plane, "linkmesh.io/issuers": "issuers-2"},
        "west-multicluster-release": data_plane,
        "west-viz-release": data_plane,
    }
    assert notes.outputs["cluster"]["dataPlane"] == data_plane


def test_a_clusters_ports_are_exported_as_they_are() -> None:
    outputs = {name: deployed(name).outputs["cluster"] for name in DESCRIBED.names}

    assert {(outputs[name]["gatewayPort"], outputs[name]["probePort"]) for name in outputs} == {
        (4143, 4191)
    }


def test_a_controller_probes_a_kind_cluster_at_its_node_port() -> None:
    described = planned(Kind("front"), Kind("back"), links=chain("front", "back"))

    def notes(name: str) -> engine.Notes:
        def program() -> None:
            cluster.deploy(described, name, Stacks.of("test"), SETTINGS, {})

        return engine.run(program, stack=f"test.{name}", stacks=exported("test", described))

    values = notes("front").one(RELEASE, "front-multicluster-release").inputs["values"]
    [controller] = values["controllers"]
    assert controller["gateway"] == {"probe": {"port": 30191}}
    assert notes("back").outputs["cluster"]["probePort"] == 30191


def test_the_expiry_of_every_webhook_certificate_is_an_output() -> None:
    assert deployed("west").outputs["webhooks"] == {
        "version": 1,
        "expiry": dict.fromkeys(
            ("proxyInjector", "profileValidator", "policyValidator", "tap", "tapInjector"),
            "2027-11-23T00:00:00Z",
        ),
        "authority": "2036-11-20T00:00:00Z",
    }


def test_tokens_that_were_rotated_win_over_the_description() -> None:
    notes = engine.run(
        lambda: cluster.deploy(
            DESCRIBED, "east", Stacks.of("test"), replace(SETTINGS, token_generations=(2, 3)), {}
        ),
        stack="test.east",
        stacks=exported("test", DESCRIBED),
    )

    assert {noted.name for noted in notes.of("kubernetes:core/v1:Secret")} >= {
        "east-access-west-token-2",
        "east-access-west-token-3",
    }
    assert notes.outputs["access_west"].value["generation"] == 3


def test_with_cert_manager_no_issuer_of_ours_is_read_or_made() -> None:
    described = planned(
        on_aws("west"), linkerd=Linkerd(cert_manager=CertManagerIssuer(name="linkerd-trust-anchor"))
    )
    stacks = exported("test", described)
    trust = stacks["organization/linkmesh/test.trust"]
    stacks["organization/linkmesh/test.trust"] = {"trust": trust["trust"]}
    notes = engine.run(
        lambda: cluster.deploy(described, "west", Stacks.of("test"), SETTINGS, {}),
        stack="test.west",
        stacks=stacks,
    )

    asked = notes.one("kubernetes:cert-manager.io/v1:Certificate").inputs["spec"]
    values = notes.one(RELEASE, "west-linkerd-control-plane").inputs["values"]
    assert asked["issuerRef"]["name"] == "linkerd-trust-anchor"
    assert values["identity"]["externalCA"] is True
    assert values["identityTrustAnchorsPEM"] == "ANCHOR"


def test_every_eks_cluster_has_a_load_balancer_controller_from_where_the_settings_say() -> None:
    for name in ("west", "east"):
        release = deployed(name).one(RELEASE, f"{name}-load-balancers-release")

        assert release.inputs["chart"] == "/srv/aws-charts/aws-load-balancer-controller"
        assert release.inputs["values"]["vpcId"] == f"vpc-{name}"
    assert not deployed("local").of("linkmesh:index:LoadBalancerController")


def test_orphaned_load_balancers_do_not_block_the_network() -> None:
    """Pain 4: the gateway goes before the controller that takes its load balancer away."""
    extension = deployed("east").one("linkmesh:index:LinkerdMulticluster")

    assert "east-load-balancers-release" in extension.after


def test_an_eks_cluster_exports_what_people_need() -> None:
    outputs = deployed("east").outputs["eks"]

    assert outputs["version"] == 1
    assert outputs["supportEnd"] == "2027-03-27"
    assert set(outputs) == {
        "version",
        "supportEnd",
        "certificateAuthorityExpiry",
        "securityGroupId",
        "clusterRole",
        "nodeRole",
    }


def test_all_four_charts_come_from_where_the_settings_say() -> None:
    charts = {
        noted.inputs["chart"]
        for noted in deployed("west").of(RELEASE)
        if "linkerd" in noted.inputs["chart"]
    }

    assert charts == {
        "/srv/charts/linkerd-crds",
        "/srv/charts/linkerd-control-plane",
        "/srv/charts/linkerd-multicluster",
        "/srv/charts/linkerd-viz",
    }


def test_extra_values_of_the_settings_reach_their_chart() -> None:
    crds = deployed("west").one(RELEASE, "west-linkerd-crds")

    assert crds.inputs["values"] == {"installGatewayAPI": False}


def test_extensions_wait_for_the_control_plane() -> None:
    for extension in ("LinkerdMulticluster", "LinkerdViz"):
        component = deployed("west").one(f"linkmesh:index:{extension}")

        assert "west-linkerd-control-plane" in component.after


def test_a_cluster_has_a_controller_for_each_that_it_calls() -> None:
    controllers = {
        name: deployed(name)
        .one(RELEASE, f"{name}-multicluster-release")
        .inputs["values"]["controllers"]
        for name in DESCRIBED.names
    }

    assert controllers == {
        "local": [{"link": {"ref": {"name": "west"}}}],
        "west": [{"link": {"ref": {"name": "east"}}}],
        "east": [],
    }


def test_only_a_cluster_that_is_called_has_a_gateway() -> None:
    gateways = {name: deployed(name).outputs["cluster"] for name in DESCRIBED.names}

    assert gateways["local"]["gatewayAddress"] == ""
    assert gateways["local"]["gatewayIdentity"] == ""
    assert gateways["west"]["gatewayAddress"] == "192.0.2.10"
    assert gateways["east"]["gatewayIdentity"] == (
        "linkerd-gateway.linkerd-multicluster.serviceaccount.identity.linkerd.cluster.local"
    )


def test_a_gateway_is_as_open_as_its_callers_need() -> None:
    gateways = {
        name: deployed(name)
        .one(RELEASE, f"{name}-multicluster-release")
        .inputs["values"]["gateway"]
        for name in ("west", "east")
    }
    scheme = "service.beta.kubernetes.io/aws-load-balancer-scheme"

    assert gateways["west"]["loadBalancerSourceRanges"] == OPERATORS
    assert gateways["west"]["serviceAnnotations"][scheme] == "internet-facing"
    assert gateways["east"]["loadBalancerSourceRanges"] == ["10.10.0.0/16"]
    assert gateways["east"]["serviceAnnotations"][scheme] == "internal"
    assert gateways["east"]["loadBalancerClass"] == "service.k8s.aws/nlb"


def test_each_source_is_granted_an_access_after_the_extension_is_there() -> None:
    [access] = deployed("east").of(ACCESS)

    assert access.name == "east-access-west"
    assert "east-multicluster-release" in access.after
    assert deployed("local").of(ACCESS) == []
    assert deployed("east").outputs["access_west"] == engine.Secret(
        {
            "version": 1,
            "account": "linkerd-service-mirror-remote-access-west",
            "token": "TOKEN east-access-west-token",
            "generation": 1,
        }
    )


def test_sources_may_read_what_the_check_compares_only_if_the_description_says_so() -> None:
    def resources(*, allows: bool) -> set[str]:
        described = planned(
            on_aws("west", block=10),
            on_aws("east", block=20),
            links=chain("west", "east"),
            linkerd=Linkerd(allows_check=allows),
        )
        notes = engine.run(
            lambda: cluster.deploy(described, "east", Stacks.of("test"), SETTINGS, {}),
            stack="test.east",
            stacks=exported("test", described),
        )
        role = notes.one(
            "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "east-access-west-role"
        )
        return {each for rule in role.inputs["rules"] for each in rule["resources"]}

    assert "configmaps" in resources(allows=True)
    assert "configmaps" not in resources(allows=False)


def test_namespaces_of_exports_are_meshed_on_both_ends() -> None:
    namespaces = {
        name: [noted.name for noted in deployed(name).of("linkmesh:index:MeshedNamespace")]
        for name in DESCRIBED.names
    }

    assert namespaces == {"local": [], "west": ["west-data"], "east": ["east-data"]}


def test_the_kubeconfig_is_exported_as_a_secret() -> None:
    assert deployed("local").outputs["kubeconfig"] == engine.Secret(engine.KUBECONFIG)
    assert isinstance(deployed("west").outputs["kubeconfig"], engine.Secret)


def test_nothing_else_is_exported() -> None:
    assert set(deployed("west").outputs) == {
        "cluster",
        "eks",
        "kubeconfig",
        "webhooks",
        "access_local",
    }


def test_the_api_server_on_aws_may_ask_for_metrics_and_that_of_kind_is_unknown() -> None:
    policy = "kubernetes:policy.linkerd.io/v1alpha1:NetworkAuthentication"

    [networks] = deployed("west").of(policy)

    assert networks.inputs["spec"]["networks"] == [
        {"cidr": block} for block in subnet_plan("10.10.0.0/16").control_plane
    ]
    assert deployed("local").of(policy) == []


SITE = planned(
    Kind("local"),
    Existing(
        "onprem",
        namespaces=["shop"],
        gateway_api="1.3.0",
        cluster_domain="corp.local",
        gateway_service=NodePorts("192.0.2.10"),
    ),
    Existing("office", has_linkerd=True),
    links=[*chain("local", "onprem"), *chain("local", "office")],
    exports=[
        Export("orders", namespace="shop", of="onprem", headless=True),
        Export("mail", namespace="mail", of="office"),
    ],
)
LINKERD_THERE: dict[str, dict[str, Any]] = {
    "linkerd": {"metadata": {"name": "linkerd", "uid": "uid-of-linkerd"}},
    "linkerd/linkerd-config": {
        "data": {"values": '{"linkerdVersion": "edge-26.6.3", "clusterDomain": "cluster.local"}'}
    },
    "linkerd/linkerd-identity-trust-roots": {"data": {"ca-bundle.crt": "ANCHOR"}},
}


def existing(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> engine.Notes:
    """Deploy the part of an existing cluster; its issuer is exported only if linkmesh makes it."""
    file = tmp_path / "kubeconfig"
    file.write_text(engine.KUBECONFIG)
    monkeypatch.setenv(f"LINKMESH_KUBECONFIG_{name.upper()}", str(file))
    stacks = exported("test", SITE)
    del stacks["organization/linkmesh/test.trust"]["issuer_office"]
    return engine.run(
        lambda: cluster.deploy(SITE, name, Stacks.of("test"), SETTINGS, {}),
        stack=f"test.{name}",
        stacks=stacks,
        reads=LINKERD_THERE,
    )


def test_what_is_on_an_existing_cluster_is_not_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    notes = existing("onprem", monkeypatch, tmp_path)
    made = [each.inputs["metadata"]["name"] for each in notes.of("kubernetes:core/v1:Namespace")]
    [adopted] = notes.of("kubernetes:core/v1:NamespacePatch")
    values = {each.name: each.inputs["values"] for each in notes.of(RELEASE)}

    assert "shop" not in made
    assert adopted.inputs["metadata"]["name"] == "shop"
    assert values["onprem-linkerd-crds"] == {"installGatewayAPI": False}
    assert values["onprem-linkerd-control-plane"]["clusterDomain"] == "corp.local"
    assert values["onprem-viz-release"]["clusterDomain"] == "corp.local"
    assert values["onprem-multicluster-release"]["gateway"]["serviceType"] == "NodePort"
    assert notes.outputs["cluster"]["gatewayAddress"] == "192.0.2.10"
    assert notes.outputs["cluster"]["gatewayPort"] == 30143
    assert notes.outputs["cluster"]["probePort"] == 30191


def test_only_the_extension_is_installed_beside_a_linkerd_of_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    notes = existing("office", monkeypatch, tmp_path)

    assert [each.name for each in notes.of(RELEASE)] == ["office-multicluster-release"]
    assert [each.name for each in notes.of(ACCESS)] == ["office-access-local"]
    assert notes.of("kubernetes:core/v1:Secret") != []
    assert "office-linkerd-identity-issuer" not in [each.name for each in notes.resources]
    assert notes.outputs["cluster"]["linkerdNamespaceUid"] == "uid-of-linkerd"
    assert notes.outputs["webhooks"]["expiry"] == {}


def test_a_source_mirrors_pods_of_a_headless_service_of_one_target_only() -> None:
    controllers = {
        each["link"]["ref"]["name"]: each
        for each in engine.run(
            lambda: cluster.deploy(SITE, "local", Stacks.of("test"), SETTINGS, {}),
            stack="test.local",
            stacks=exported("test", SITE),
        )
        .one(RELEASE, "local-multicluster-release")
        .inputs["values"]["controllers"]
    }

    assert controllers["onprem"]["enableHeadlessServices"] is True
    assert "enableHeadlessServices" not in controllers["office"]
