"""
Existing clusters with something on them, through the genuine engine.

One story, in order. The cluster "plant" has the exported service in a namespace of its own, the
Gateway API's types, no load balancer and another domain; "office" has a Linkerd that its owner has
installed with Helm. All of it is there afterwards.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.environments.conftest import Sandbox, eventually, ran
from tests.environments.test_hybrid import KINDS
from tests.project import PROJECT

pytestmark = pytest.mark.sandbox

SITES = ("plant", "office")

DESCRIPTION = """
from linkmesh import Environment, Existing, Export, LinkMode, NodePorts, mesh

ENVIRONMENT = Environment(
    clusters=[Existing("plant"{plant}), Existing("office"{office})],
    links=mesh("plant", "office"),
    exports=[
        Export("orders", namespace="shop", of="plant"),
        {more}
    ],
)
"""
FLAT = """
        Export("orders", namespace="shop", of="plant", mode=LinkMode.FEDERATED),
        Export("mail", namespace="mail", of="office", mode=LinkMode.FLAT, is_labelled=True),
"""


@dataclass(frozen=True)
class Authority:
    """A certificate and its key, in PEM."""

    certificate: str
    key: str


def authority(name: str, signer: "Authority | None" = None) -> Authority:
    """Make a trust anchor, or an issuer below one."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    issuer, signing = subject, key
    if signer:
        issuer = x509.load_pem_x509_certificate(signer.certificate.encode()).subject
        loaded = serialization.load_pem_private_key(signer.key.encode(), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        signing = loaded
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(signing, hashes.SHA256())
    )
    return Authority(
        certificate.public_bytes(serialization.Encoding.PEM).decode(),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode(),
    )


def describe(sandbox: Sandbox, *, plant: str = "", office: str = "", more: str = "") -> None:
    """Write the description."""
    sandbox.described("sites").write_text(
        DESCRIPTION.format(plant=plant, office=office, more=more), encoding="utf-8"
    )


@pytest.fixture(scope="module", autouse=True)
def before(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[set[str]]:
    """Make the clusters, with what is on them; return all of it."""
    anchor = authority("root.linkerd.cluster.local")
    # `mesh doctor` compares the machine with it.
    shutil.copy(PROJECT / "requirements.txt", sandbox.project)
    with pytest.MonkeyPatch.context() as patched:
        for name in SITES:
            kubeconfig = sandbox.create_cluster(name, [f"{name}-{number}" for number in range(3)])
            patched.setenv(f"LINKMESH_KUBECONFIG_{name.upper()}", str(kubeconfig))
        fill_plant(sandbox, tmp_path_factory.mktemp("plant"))
        install_linkerd(sandbox, anchor, tmp_path_factory.mktemp("office"))
        trust(sandbox, anchor)
        yield everything(sandbox)
    for name in SITES:
        sandbox.delete_cluster(name)


def fill_plant(sandbox: Sandbox, folder: Path) -> None:
    """Put a service in a namespace of its own, and the Gateway API's types."""
    for name, namespace, service in (("plant", "shop", "orders"), ("office", "mail", None)):
        sandbox.kubectl(name, "create", "namespace", namespace)
        if service:
            run(sandbox, name, namespace, service)
    chart = f"{sandbox.variables['LINKMESH_CHARTS']}/linkerd-crds"
    shown = ("--set", "installGatewayAPI=true", "--show-only", "templates/gateway-api.yaml")
    types = sandbox.run("helm", "template", "gateway", chart, *shown).stdout
    file = folder / "gateway-api.yaml"
    file.write_text(types.replace("v1.1.1", "v1.3.0"), encoding="utf-8")
    sandbox.kubectl("plant", "apply", "--server-side", "-f", str(file))


def run(sandbox: Sandbox, cluster: str, namespace: str, service: str) -> None:
    """Run something behind a Service."""
    within = ("-n", namespace)
    sandbox.kubectl(cluster, *within, "create", "deployment", service, f"--image={service}:1")
    sandbox.kubectl(cluster, *within, "expose", "deployment", service, "--port=80")


def install_linkerd(sandbox: Sandbox, anchor: Authority, folder: Path) -> None:
    """Install Linkerd on office as its owner does."""
    issuer = authority("identity.linkerd.cluster.local", anchor)
    values = folder / "values.json"
    tls = {"crtPEM": issuer.certificate, "keyPEM": issuer.key}
    values.write_text(
        json.dumps(
            {
                "identityTrustAnchorsPEM": anchor.certificate,
                "identity": {"issuer": {"tls": tls}},
            }
        )
    )
    charts = sandbox.variables["LINKMESH_CHARTS"]
    kubeconfig = f"--kubeconfig={sandbox.home.cluster('office') / 'kubeconfig'}"
    options = ("--namespace", "linkerd", "--create-namespace", kubeconfig)
    crds = ("helm", "install", "linkerd-crds", f"{charts}/linkerd-crds")
    sandbox.run(*crds, *options, "--set", "installGatewayAPI=true")
    chart = ("helm", "install", "linkerd-control-plane", f"{charts}/linkerd-control-plane")
    sandbox.run(*chart, *options, "--values", str(values))


def trust(sandbox: Sandbox, anchor: Authority) -> None:
    """Set the anchor of that Linkerd as that of the environment."""
    provider = ("--secrets-provider", sandbox.secrets_provider)
    sandbox.pulumi("stack", "init", "sites.trust", "--no-select", *provider)
    command = ("pulumi", "config", "set", "--non-interactive", "--stack", "sites.trust")
    for key, value, secret in (
        ("anchorCertificate", anchor.certificate, "--plaintext"),
        ("anchorKey", anchor.key, "--secret"),
    ):
        sandbox.run(*command, secret, "--", f"linkmesh:{key}", value)


def everything(sandbox: Sandbox) -> set[str]:
    """Name every object on both clusters."""
    return {
        "/".join((name, each["kind"], metadata.get("namespace", ""), metadata["name"]))
        for name in SITES
        for each in sandbox.objects(name, ",".join(KINDS), "-A")
        for metadata in [each["metadata"]]
        # Helm and controllers make new ones at any time.
        if each["kind"] not in ("Endpoints", "EndpointSlice")
    }


def annotations(sandbox: Sandbox, cluster: str, namespace: str) -> dict[str, str]:
    """Read the annotations of a namespace."""
    [found] = [
        each
        for each in sandbox.objects(cluster, "namespaces")
        if each["metadata"]["name"] == namespace
    ]
    return dict(found["metadata"].get("annotations") or {})


def node_address(sandbox: Sandbox) -> str:
    """Return the address of a node of plant."""
    node = sandbox.objects("plant", "nodes")[0]
    return next(
        str(each["address"]) for each in node["status"]["addresses"] if each["type"] == "InternalIP"
    )


def test_what_collides_is_named_before_anything_is_made(sandbox: Sandbox, before: set[str]) -> None:
    describe(sandbox)

    doctor = sandbox.mesh("doctor", "sites", "--json", check=False)
    up = sandbox.mesh("up", "sites", check=False)

    collisions = {
        each["remedy"].partition(", with")[0]
        for each in json.loads(doctor.stdout)["findings"]
        if each["state"] == "collides"
    }
    assert collisions == {
        'Existing("plant", namespaces=["shop"])',
        'Existing("plant", gateway_api="1.3.0")',
        'Existing("office", has_linkerd=True)',
    }
    assert up.returncode == 2, up.stdout
    assert all(each in up.stderr for each in collisions)
    assert everything(sandbox) == before


def test_a_described_cluster_is_deployed_beside_what_is_on_it(
    sandbox: Sandbox, before: set[str]
) -> None:
    describe(
        sandbox,
        plant=f', namespaces=["shop"], gateway_api="1.3.0", cluster_domain="plant.example.com",'
        f' gateway_service=NodePorts("{node_address(sandbox)}")',
        office=', has_linkerd=True, flat_with=["plant"], namespaces=["mail"]',
        more=FLAT,
    )

    sandbox.mesh("up", "sites")

    assert before <= everything(sandbox)
    assert annotations(sandbox, "plant", "shop")["linkerd.io/inject"] == "enabled"
    assert annotations(sandbox, "office", "mail")["linkerd.io/inject"] == "enabled"
    doctor = json.loads(sandbox.mesh("doctor", "sites", "--json", check=False).stdout)
    assert "collides" not in [each["state"] for each in doctor["findings"]]


def test_sources_are_told_the_ports_and_the_domain(sandbox: Sandbox) -> None:
    [link] = sandbox.objects("office", "links.multicluster.linkerd.io", "-A")

    assert link["spec"]["gatewayAddress"] == node_address(sandbox)
    assert link["spec"]["gatewayPort"] == "30143"
    assert link["spec"]["targetClusterDomain"] == "plant.example.com"


def test_a_service_in_two_modes_has_two_names_on_its_source(sandbox: Sandbox) -> None:
    def names() -> set[str]:
        found = sandbox.objects("office", "services", "-n", "shop")
        return {each["metadata"]["name"] for each in found}

    assert eventually(lambda: names() == {"orders-plant", "orders-federated"})


def test_a_service_that_comes_later_is_mirrored_once_its_owner_labels_it(sandbox: Sandbox) -> None:
    run(sandbox, "office", "mail", "mail")
    label = "mirror.linkerd.io/exported=remote-discovery"
    sandbox.kubectl("office", "-n", "mail", "label", "service", "mail", label)

    output = sandbox.healthy("sites")

    assert "mail-office.mail" in output


@pytest.mark.parametrize("part", SITES)
def test_a_preview_is_clean(sandbox: Sandbox, part: str) -> None:
    sandbox.pulumi("preview", "--stack", f"sites.{part}", "--expect-no-changes")


def test_what_others_own_is_compared_in_each_up(sandbox: Sandbox) -> None:
    """
    Neither the trust anchor of the settings nor the Linkerd of "office" is skipped.

    One comes nearer to its end, others may have upgraded the other.
    """
    assert ran(sandbox.mesh("up", "sites").stdout) == {"trust", "office"}


def test_destroy_leaves_what_others_made(sandbox: Sandbox, before: set[str]) -> None:
    done = sandbox.mesh("destroy", "sites")

    assert done.stderr == ""
    assert before <= everything(sandbox)
    assert "linkerd.io/inject" not in annotations(sandbox, "plant", "shop")
    assert "linkerd.io/inject" not in annotations(sandbox, "office", "mail")
    assert sandbox.clusters == sorted(SITES)
