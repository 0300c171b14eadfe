"""The images of all charts, and how one argument moves them. Rendered in test_registry.py."""

import pytest

from linkmesh.linkerd.installation.images import (
    cni_images,
    control_plane_images,
    edge,
    image_copies,
    multicluster_images,
    registry_problems,
    viz_images,
)
from linkmesh.versions import LINKERD_EDGE


def test_images_have_the_release_of_the_charts_version() -> None:
    assert edge("2026.6.3") == LINKERD_EDGE
    assert edge("2025.4.4") == "edge-25.4.4"
    assert "cr.l5d.io/linkerd/tap:edge-26.8.3" in image_copies("registry.test", "2026.8.3")


def test_without_a_registry_no_value_is_set() -> None:
    makers = (control_plane_images, multicluster_images, viz_images, cni_images)

    assert [maker(None) for maker in makers] == [{}, {}, {}, {}]


def test_the_images_for_a_registry_are_listed() -> None:
    copies = image_copies("registry.test/mesh")

    assert copies["cr.l5d.io/linkerd/proxy:edge-26.6.3"] == "registry.test/mesh/proxy:edge-26.6.3"
    assert copies["registry.k8s.io/pause:3.2"] == "registry.test/mesh/pause:3.2"
    assert copies["prom/prometheus:v2.55.1"] == "registry.test/mesh/prometheus:v2.55.1"
    assert len(copies) == 10


@pytest.mark.parametrize("registry", [None, "registry.test", "registry.test:5000/a/b", "localhost"])
def test_a_host_with_or_without_a_path_is_a_registry(registry: str | None) -> None:
    assert registry_problems(registry) == []


@pytest.mark.parametrize(
    "registry", ["", "https://registry.test", "registry.test/", "registry.test/a:1.0", "A.test"]
)
def test_anything_else_is_an_error(registry: str) -> None:
    assert registry_problems(registry) == [
        f"registry must be a host, and a path if there is one (got {registry!r}). It becomes the "
        "beginning of every image's name. Use: 'registry.example.com/linkerd'"
    ]
