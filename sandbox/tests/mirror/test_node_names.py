"""The names of kind's nodes lead where Docker's would: to the node, and to its API server."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.home import Home
from sandbox.mirror import node_names

NODE: dict[str, Any] = {
    "status": {
        "addresses": [
            {"type": "InternalIP", "address": "198.18.0.1"},
            {"type": "Hostname", "address": "back-control-plane"},
        ]
    }
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Write down a kind cluster, and one that is none."""
    home = Home(tmp_path)
    for name, names in (("back", ["back-control-plane"]), ("cloud", [])):
        home.cluster(name).mkdir(parents=True)
        record = {"ready": True, "server_names": names, "ports": {"kubeApiserverPort": 4711}}
        (home.cluster(name) / "cluster.json").write_text(json.dumps(record))
    return home


def test_the_api_server_is_at_the_loopback_port_and_has_the_nodes_name(home: Home) -> None:
    led = node_names.api_server(home, "https://back-control-plane:6443")

    assert led == ("https://127.0.0.1:4711", "back-control-plane")


@pytest.mark.parametrize(
    "url",
    ["https://back-control-plane:443", "https://other-control-plane:6443", "https://cloud:6443"],
)
def test_any_other_url_leads_nowhere_else(home: Home, url: str) -> None:
    assert node_names.api_server(home, url) == (url, None)


def test_only_names_of_control_planes_are_asked_for() -> None:
    assert node_names.is_node("https://back-control-plane:6443")
    assert not node_names.is_node("https://cloud.test:6443")
    assert not node_names.is_node("no url")


def test_a_node_has_its_internal_address_and_no_other() -> None:
    assert node_names.node_addresses(NODE) == ["198.18.0.1"]
    assert node_names.node_addresses({}) == []


def test_a_name_that_no_cluster_has_is_not_resolved(home: Home) -> None:
    assert node_names.addresses(home, "other-control-plane") == []
