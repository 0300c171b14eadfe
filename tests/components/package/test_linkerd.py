"""Linkerd's parts of the package: certificates, control plane, extensions, a namespace."""

from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from linkmesh.linkerd.identities import gateway_identity
from linkmesh.linkerd.installation.control_plane import LinkerdControlPlane
from linkmesh.linkerd.installation.control_plane_args import LinkerdControlPlaneArgs
from linkmesh.linkerd.installation.profiles import InstallProfile
from linkmesh.package.linkerd import IssuerCertificate
from tests import engine
from tests.components.clusters import on_a_cluster
from tests.components.package.constructed import KUBECONFIG, PROVIDER, constructed, refused, secret

ON_WEST: dict[str, Any] = {"cluster": "west", "kubeconfig": secret(KUBECONFIG)}
ISSUER = secret({"certificatePem": "CERTIFICATE", "privateKeyPem": "KEY"})
RELEASE = "kubernetes:helm.sh/v3:Release"


def test_a_trust_anchor_lives_as_many_days_as_asked() -> None:
    notes = constructed("TrustAnchor", lifetimeDays=400.0)

    certificate = notes.one("tls:index/selfSignedCert:SelfSignedCert")
    assert certificate.inputs["validityPeriodHours"] == 400 * 24
    assert notes.outputs == {
        "certificatePem": "CERTIFICATE it-certificate",
        "privateKeyPem": engine.Secret("KEY it-key"),
        "expiry": "2036-11-20T00:00:00Z",
    }


def test_a_lifetime_that_is_too_short_is_told_in_days() -> None:
    assert refused("TrustAnchor", lifetimeDays=1.0)[""].startswith(
        "lifetime of a trust anchor must be at least 365 days (got 1 day"
    )


def test_an_anchor_signs_an_issuer() -> None:
    anchor = secret({"certificatePem": "ANCHOR", "privateKeyPem": "KEY"})
    notes = constructed("IdentityIssuer", trustAnchor=anchor, generation=2.0)

    signed = notes.one("tls:index/locallySignedCert:LocallySignedCert")
    assert signed.inputs["caPrivateKeyPem"] == engine.Secret("KEY")
    assert notes.one("tls:index/privateKey:PrivateKey").name == "it-2-key"
    assert isinstance(notes.outputs["privateKeyPem"], engine.Secret)


def test_a_control_plane_is_that_of_python() -> None:
    def in_python(west: Any) -> None:
        certificate: pulumi.Output[Any] = pulumi.Output.secret("CERTIFICATE")
        args = LinkerdControlPlaneArgs(
            cluster=west,
            trust_anchors_pem="ANCHOR",
            issuer=IssuerCertificate(
                certificate_pem=certificate, private_key_pem=pulumi.Output.secret("KEY")
            ),
            profile=InstallProfile.SMALL,
        )
        LinkerdControlPlane("it", args)

    notes = constructed(
        "LinkerdControlPlane", **ON_WEST, issuer=ISSUER, trustAnchorsPem="ANCHOR", profile="small"
    )

    expected = on_a_cluster(in_python)
    for type_ in (RELEASE, "kubernetes:core/v1:Secret"):
        assert {each.name: each.inputs for each in notes.of(type_)} == {
            each.name: each.inputs for each in expected.of(type_)
        }
    assert notes.outputs["namespace"] == "linkerd"


def test_its_own_provider_has_the_name_of_the_component_and_a_secret_kubeconfig() -> None:
    notes = constructed("LinkerdViz", **ON_WEST)

    assert notes.one("pulumi:providers:kubernetes").name == "it-kubernetes"
    assert isinstance(notes.one("pulumi:providers:kubernetes").inputs["kubeconfig"], engine.Secret)
    assert notes.one(RELEASE).provider.split("::")[-2] == "it-kubernetes"


def test_a_provider_in_the_options_replaces_its_own() -> None:
    def program() -> None:
        shared = kubernetes.Provider("shared", kubeconfig=KUBECONFIG)
        given = {"cluster": "west", "kubeconfig": KUBECONFIG, "namespace": "shop"}
        options = pulumi.ResourceOptions(providers={"kubernetes": shared})
        PROVIDER.construct("it", "linkmesh:index:MeshedNamespace", given, options)

    notes = engine.run(program)

    assert notes.one("pulumi:providers:kubernetes").name == "shared"
    assert notes.one("kubernetes:core/v1:Namespace").provider.split("::")[-2] == "shared"


@pytest.mark.parametrize(
    ("given", "got"),
    [({}, "neither"), ({"issuer": ISSUER, "certManager": {"name": "linkerd"}}, "both")],
)
def test_there_is_one_issuer(given: dict[str, Any], got: str) -> None:
    problems = refused("LinkerdControlPlane", **ON_WEST, trustAnchorsPem="ANCHOR", **given)

    assert problems == {
        "": f"issuer must be given, or certManager (got {got}). Proxies get their certificates "
        "from one issuer. Use: the outputs of an IdentityIssuer"
    }


def test_an_extension_has_a_gateway_and_targets() -> None:
    gateway = {"sourceRanges": ["198.51.100.10/32"]}
    notes = constructed(
        "LinkerdMulticluster",
        **ON_WEST,
        loadBalancerGateway=gateway,
        targets=[{"name": "east"}],
        trustDomain="mesh.test",
    )

    values = notes.one(RELEASE).inputs["values"]
    assert values["gateway"]["loadBalancerSourceRanges"] == ["198.51.100.10/32"]
    assert [each["link"]["ref"]["name"] for each in values["controllers"]] == ["east"]
    assert notes.outputs["gateway"] == {
        "address": "192.0.2.10",
        "identity": gateway_identity("mesh.test"),
        "port": 4143,
        "probePort": 4191,
    }


def test_an_extension_without_a_gateway_has_none_to_give() -> None:
    notes = constructed("LinkerdMulticluster", **ON_WEST, targets=[{"name": "east"}])

    assert set(notes.outputs) == {"namespace"}


def test_a_gateway_is_reached_in_one_way() -> None:
    both: dict[str, Any] = {"nlbGateway": {}, "loadBalancerGateway": {}}

    assert refused("LinkerdMulticluster", **ON_WEST, **both) == {
        "": "gateway must be given in one way (got nlbGateway and loadBalancerGateway). A cluster "
        "has one gateway. Use: nlbGateway"
    }


def test_rules_of_a_gateway_name_its_property() -> None:
    ports = {"address": "192.0.2.1", "port": 80.0, "probePort": 30191.0}

    assert refused("LinkerdMulticluster", **ON_WEST, nodePortGateway=ports) == {
        "nodePortGateway": "port and probePort of node ports must be two ports from 30000 to 32767 "
        "(got 80 and 30191). Kubernetes accepts no others. Use: port=30143, probePort=30191"
    }


def test_a_namespace_is_meshed() -> None:
    notes = constructed("MeshedNamespace", **ON_WEST, namespace="shop")

    metadata = notes.one("kubernetes:core/v1:Namespace").inputs["metadata"]
    assert metadata == {
        "name": "shop",
        "labels": {"app.kubernetes.io/managed-by": "linkmesh"},
        "annotations": {"linkerd.io/inject": "enabled"},
    }
