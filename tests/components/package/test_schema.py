"""The schema of the package: what it promises to SDKs, and that it changes only on purpose."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from linkmesh.package import catalogue
from linkmesh.package.schema import FILE, names_in, names_of, schema, text

SCHEMA: dict[str, Any] = json.loads(FILE.read_text())
RESOURCES = {token.rpartition(":")[2]: each for token, each in SCHEMA["resources"].items()}
TYPES = {token.rpartition(":")[2]: each for token, each in SCHEMA["types"].items()}


def properties() -> Iterator[tuple[str, dict[str, Any]]]:
    """Find each property of each component and type, with its place."""
    for name, each in RESOURCES.items():
        for kind in ("inputProperties", "properties"):
            yield from ((f"{name}.{key}", value) for key, value in each[kind].items())
    for name, each in TYPES.items():
        yield from ((f"{name}.{key}", value) for key, value in each.get("properties", {}).items())


def test_the_schema_that_is_checked_in_is_that_of_the_code() -> None:
    assert FILE.read_text() == text(), "run: python -m linkmesh.package.schema, and review the diff"


def test_it_has_no_version_of_its_own() -> None:
    assert "version" not in schema()


def test_it_has_every_component_under_the_type_token_of_python() -> None:
    assert set(RESOURCES) == set(catalogue.NAMES)
    assert {token.rpartition(":")[0] for token in SCHEMA["resources"]} == {"linkmesh:index"}


def test_everything_has_a_description() -> None:
    things = [*RESOURCES.items(), *TYPES.items(), *properties()]
    things += [
        (f"{name}={member['name']}", member)
        for name, each in TYPES.items()
        for member in each.get("enum", ())
    ]

    assert [name for name, each in things if not each["description"]] == []


def test_no_description_has_names_or_words_of_python() -> None:
    found = {
        name: word
        for name, each in [*RESOURCES.items(), *TYPES.items(), *properties()]
        for word in re.findall(r"\bNone\b|\bTrue\b|\bFalse\b|Example:", each["description"])
    }

    assert found == {}


def test_credentials_are_secret_and_nothing_else() -> None:
    assert sorted(name for name, each in properties() if each.get("secret")) == [
        "EksCluster.kubeconfig",
        "ExportedService.kubeconfig",
        "ExternalTrustAnchor.privateKeyPem",
        "IdentityIssuer.privateKeyPem",
        "IssuerCertificate.privateKeyPem",
        "Link.kubeconfig",
        "LinkAccess.kubeconfig",
        "LinkAccessGrant.token",
        "LinkerdControlPlane.kubeconfig",
        "LinkerdMulticluster.kubeconfig",
        "LinkerdViz.kubeconfig",
        "Mesh.kubeconfigs",
        "Mesh.kubeconfigs",
        "MeshedNamespace.kubeconfig",
        "TrustAnchor.privateKeyPem",
    ]


@pytest.mark.parametrize(
    ("component", "required"),
    [
        ("Mesh", []),
        ("Network", ["cidrBlock", "region"]),
        ("TrustAnchor", []),
        ("IdentityIssuer", ["trustAnchor"]),
        ("LinkerdControlPlane", ["cluster", "kubeconfig"]),
        ("LinkAccess", ["cluster", "kubeconfig", "source"]),
        ("Link", ["cluster", "grant", "kubeconfig", "target"]),
        ("ExportedService", ["cluster", "kubeconfig", "namespace", "service"]),
    ],
)
def test_what_is_required_is_what_has_no_default(component: str, required: list[str]) -> None:
    assert RESOURCES[component]["requiredInputs"] == required


def test_choices_are_enums_with_the_values_of_python() -> None:
    assert [(each["name"], each["value"]) for each in TYPES["NatGateways"]["enum"]] == [
        ("None", "none"),
        ("Single", "one"),
        ("OnePerAz", "per zone"),
    ]
    assert [each["value"] for each in TYPES["AliasProtocol"]["enum"]] == ["HTTP", "GRPC", "TCP"]


def test_a_default_is_part_of_the_description() -> None:
    nodes = TYPES["Eks"]["properties"]["nodes"]["description"]

    assert nodes == "How many nodes; three for Linkerd's high availability.\n\nDefault: 3."


def test_structure_is_plain_and_values_are_inputs() -> None:
    mesh = RESOURCES["Mesh"]["inputProperties"]

    assert mesh["exports"]["plain"]
    assert mesh["exports"]["items"]["plain"]
    assert "plain" not in mesh["kubeconfigs"]
    assert "plain" not in mesh["trustAnchor"]


def test_an_object_has_plain_properties_or_inputs_only() -> None:
    # A YAML program sends an object with one output in it as one output, names and all.
    kinds = {
        name: {bool(one.get("plain")) for one in each.get("properties", {}).values()}
        for name, each in TYPES.items()
        if name not in catalogue.OUTPUTS_ONLY
    }

    assert [name for name, found in kinds.items() if len(found) > 1] == []


def test_the_schema_alone_gives_the_names_of_python() -> None:
    crossings = [catalogue.crossing(name) for name in catalogue.NAMES]
    in_python = {key: value for key, value in names_of(crossings).items() if key != value}

    # A length of time is a number of days elsewhere.
    assert in_python.items() - names_in(SCHEMA).items() == {
        ("lifetime", "lifetimeDays"),
        ("renewal", "renewalDays"),
    }
