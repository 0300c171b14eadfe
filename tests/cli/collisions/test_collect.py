"""What is read from an existing cluster, and who made it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from linkmesh.cli.collisions.collect import observe, read
from linkmesh.cli.collisions.evaluate import Presence
from linkmesh.cli.collisions.kubeconfigs import next_kubeconfigs
from linkmesh.environment import Existing, Kind
from tests import engine
from tests.components.environment.described import planned

CRD = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/httproutes.gateway.networking.k8s.io"
DESTINATION = "/apis/apps/v1/namespaces/linkerd/deployments/linkerd-destination"


def namespace(name: str, *managers: str) -> dict[str, Any]:
    """Make a namespace that some field managers have written."""
    fields = [{"manager": manager} for manager in managers]
    return {"metadata": {"name": name, "managedFields": fields}}


def presence(objects: Mapping[str, Mapping[str, Any]], *services: tuple[str, str]) -> Presence:
    """Read a cluster that has some objects, by their paths."""
    return read(objects.get, services)


def test_namespaces_of_pulumi_are_told_from_others() -> None:
    listed = [
        namespace("shop", "kubectl-create"),
        namespace("yelb", "pulumi-kubernetes-4f3a"),
        namespace("old"),
    ]

    found = presence({"/api/v1/namespaces": {"items": listed}})

    assert found.namespaces == {"shop": False, "yelb": True, "old": False}


def test_a_linkerd_of_others_has_a_version() -> None:
    listed = {"items": [namespace("linkerd", "Go-http-client")]}
    deployment = {"metadata": {"labels": {"app.kubernetes.io/version": "edge-26.6.3"}}}

    assert presence({"/api/v1/namespaces": listed}).linkerd is None
    found = presence({"/api/v1/namespaces": listed, DESTINATION: deployment})
    assert found.linkerd == "edge-26.6.3"


def test_a_linkerd_of_our_own_is_not_that_of_others() -> None:
    listed = {"items": [namespace("linkerd", "pulumi-kubernetes-1")]}

    found = presence({"/api/v1/namespaces": listed, DESTINATION: {"metadata": {}}})

    assert found.linkerd is None


@pytest.mark.parametrize(("release", "is_linkerds"), [("linkerd-crds", True), ("traefik", False)])
def test_types_of_the_gateway_api_have_a_version_and_an_owner(
    release: str, is_linkerds: bool
) -> None:
    annotations = {
        "gateway.networking.k8s.io/bundle-version": "v1.4.0",
        "meta.helm.sh/release-name": release,
    }

    found = presence({CRD: {"metadata": {"annotations": annotations}}})

    assert (found.gateway_api, found.gateway_api_is_linkerds) == ("1.4.0", is_linkerds)


def test_types_without_annotations_are_of_an_unknown_version() -> None:
    assert presence({CRD: {"metadata": {}}}).gateway_api == ""
    assert presence({}).gateway_api is None


def test_exported_services_are_looked_for() -> None:
    path = "/api/v1/namespaces/shop/services/orders"

    found = presence({path: {}, path.replace("orders", "api"): {"metadata": {}}}, ("shop", "api"))

    assert found.services == {("shop", "api")}


def test_a_cluster_that_does_not_answer_is_not_read() -> None:
    found = observe(engine.KUBECONFIG.replace("127.0.0.1:6443", "127.0.0.1:1"), [])

    assert found.error


SITE = planned(Kind("local"), Existing("onprem"), Existing("lab"))


def test_kubeconfigs_are_read_from_the_files_of_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kubeconfig"
    file.write_text("KUBECONFIG")
    monkeypatch.setenv("LINKMESH_KUBECONFIG_ONPREM", str(file))
    monkeypatch.setenv("LINKMESH_KUBECONFIG_LAB", str(tmp_path / "missing"))

    assert next_kubeconfigs("demo", SITE, tmp_path) == {"onprem": "KUBECONFIG"}


def test_a_relative_path_is_seen_from_the_folder_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "kubeconfig").write_text("KUBECONFIG")
    monkeypatch.chdir(tmp_path / "below")
    monkeypatch.setenv("LINKMESH_KUBECONFIG_ONPREM", "kubeconfig")
    monkeypatch.delenv("LINKMESH_KUBECONFIG_LAB", raising=False)

    assert next_kubeconfigs("demo", SITE, tmp_path) == {"onprem": "KUBECONFIG"}


def test_a_setting_comes_before_a_variable_as_in_the_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kubeconfig"
    file.write_text("OF THE VARIABLE")
    (tmp_path / "Pulumi.demo.onprem.yaml").write_text(
        "config:\n  linkmesh:kubeconfig:\n    secure: v1:abc\n"
    )
    pulumi = tmp_path / "pulumi"
    pulumi.write_text('#!/bin/sh\ntest "$3" = linkmesh:kubeconfig && printf "OF THE SETTING"\n')
    pulumi.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("LINKMESH_KUBECONFIG_ONPREM", str(file))
    monkeypatch.delenv("LINKMESH_KUBECONFIG_LAB", raising=False)

    assert next_kubeconfigs("demo", SITE, tmp_path) == {"onprem": "OF THE SETTING"}


def test_a_setting_that_cannot_be_decrypted_is_left_to_its_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.demo.onprem.yaml").write_text(
        "config:\n  linkmesh:kubeconfig:\n    secure: v1:abc\n"
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("ONPREM", "LAB"):
        monkeypatch.delenv(f"LINKMESH_KUBECONFIG_{name}", raising=False)

    assert next_kubeconfigs("demo", SITE, tmp_path) == {}
