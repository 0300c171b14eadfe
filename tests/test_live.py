"""docs/live.md describes `laptop` correctly, and `make live` checks before it runs."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from linkmesh import kind_network, versions
from linkmesh.cli.doctor import needs
from linkmesh.environment import Kind
from linkmesh.linkerd.installation import charts, images
from linkmesh.stacks import load
from linkmesh.yelb import TIERS
from tests.project import PROJECT

PAGE = (PROJECT / "docs" / "live.md").read_text()
MAKEFILE = (PROJECT / "Makefile").read_text()
LAPTOP = load("laptop")


def test_every_cluster_is_of_kind_and_has_its_name_on_the_page() -> None:
    assert all(isinstance(cluster, Kind) for cluster in LAPTOP.environment.clusters)
    for name in LAPTOP.names:
        assert f"`{name}`" in PAGE


def test_stacks_links_and_mirrors_are_what_is_expected_at_the_end() -> None:
    expected = PAGE[PAGE.index("Expected at the end") :]
    words = {10: "ten"}

    assert f"each of the {words[len(LAPTOP.parts)]} stacks" in expected
    for link in LAPTOP.links:
        assert f"`{link}`" in expected
    for mirror in LAPTOP.mirrors:
        assert re.search(rf"`{mirror.service}`\s+on\s+`{mirror.cluster}`", expected)


def test_the_ways_between_clusters_are_those_of_the_code() -> None:
    ways = PAGE[PAGE.index("| who calls |") :]

    assert kind_network.api_server("<cluster>") in ways
    assert f"`{kind_network.node_address('<cluster>')}:{kind_network.GATEWAY_PORT}`" in ways
    assert f"`probe-<cluster>:{kind_network.PROBE_PORT}`" in ways


def test_every_image_is_named_with_where_it_comes_from() -> None:
    linkerd = [
        f"{images.REGISTRY}/{name}:{versions.LINKERD_EDGE}" for name in ("controller", "proxy")
    ]

    for image in [versions.KIND_NODE_IMAGE, *(tier.image for tier in TIERS.values()), *linkerd]:
        assert f"`{image}`" in PAGE
    assert versions.LINKERD_CHARTS.split("/")[2] in PAGE
    assert charts.CONTROL_PLANE.version == versions.LINKERD_CHART


def test_the_page_lists_what_the_doctor_checks() -> None:
    wanted = needs.needs_of("laptop", LAPTOP, PROJECT)

    assert wanted.has_kind
    assert f"`pulumi` {needs.PULUMI} or newer" in PAGE
    assert f"since Kubernetes {versions.KUBERNETES} does not start on v1" in " ".join(PAGE.split())


def test_a_person_uses_the_state_that_make_live_made() -> None:
    folder = re.search(r"^LIVE := (\S+)$", MAKEFILE, re.MULTILINE)
    shown = re.search(r'PULUMI_BACKEND_URL="file://\$PWD/(\S+)"', PAGE)

    assert folder
    assert shown
    assert folder.group(1) == shown.group(1)
    assert "PULUMI_CONFIG_PASSPHRASE-laptop}" in MAKEFILE
    assert "PULUMI_CONFIG_PASSPHRASE=laptop" in PAGE


def live(tmp_path: Path, *, docker: str) -> subprocess.CompletedProcess[str]:
    """Run `make live` where Docker is a script, and programs are only printed."""
    for name, does in {"docker": docker, "pulumi": "", "kubectl": ""}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    return subprocess.run(
        ["make", "--no-print-directory", "--old-file=setup", "live", "PY=echo", f"LIVE={tmp_path}"],
        cwd=PROJECT,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_make_live_brings_it_up_and_checks_it(tmp_path: Path) -> None:
    done = live(tmp_path, docker="echo 2")

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "-m linkmesh.cli up laptop",
        "-m linkmesh.cli status laptop",
    ]


@pytest.mark.parametrize(
    ("docker", "why"),
    [
        ("exit 1", "docker must answer"),
        ("echo 1", f"Kubernetes {versions.KUBERNETES} does not start on v1"),
    ],
)
def test_make_live_stops_if_docker_cannot_run_it(docker: str, why: str, tmp_path: Path) -> None:
    done = live(tmp_path, docker=docker)

    assert done.returncode != 0
    assert why in done.stderr
    assert done.stdout == ""
