"""
A full mesh through the genuine engine, and removal from it: a member of a federated service, an
export, a link and a cluster go, in an order in which Linkerd itself would leave mirrors behind, and
nothing of them is left on any cluster.

One story, in order, in an environment of its own: three clusters, each of which calls both
others. A run is killed in between, and the next one continues.
"""

import random
import re
from collections.abc import Iterator
from itertools import permutations

import pytest

from tests.environments.conftest import Sandbox, eventually
from tests.environments.kills import Killed, killed

pytestmark = pytest.mark.sandbox(long=True)

NAME = "removal"

DESCRIPTION = '''"""Three clusters, each of which calls both others."""

from typing import Any

from linkmesh.environment import Eks, Environment, Export, InstallProfile, Linkerd, LinkMode
from linkmesh.environment import NatGateways, Yelb, mesh

SMALL: dict[str, Any] = {"nat": NatGateways.SINGLE, "instance_types": ["t3.large"], "disk_gib": 30}

ENVIRONMENT = Environment(
    clusters=[
        Eks("ash", region="eu-west-1", cidr="10.20.0.0/16", **SMALL),
        Eks("elm", region="eu-west-1", cidr="10.21.0.0/16", **SMALL),
        Eks("oak", region="eu-west-1", cidr="10.22.0.0/16", **SMALL),
    ],
    links=mesh("ash", "elm", "oak"),
    linkerd=Linkerd(profile=InstallProfile.SMALL, viz=False),
    exports=[
        Export("yelb-appserver", namespace="yelb", of="elm"),
        Export("yelb-appserver", namespace="yelb", of="oak"),
        Export("redis-server", namespace="yelb", of="elm", mode=LinkMode.FEDERATED),
        Export("redis-server", namespace="yelb", of="oak", mode=LinkMode.FEDERATED),
    ],
    application=Yelb(ui="ash", appserver="elm", database="elm", copies=["oak"]),
    admins=["arn:aws:iam::000000000000:root"],
    operators=["198.51.100.10/32"],
)
'''

# Lines of it that a test takes out.
_FEDERATED = '        Export("redis-server", namespace="yelb", of="{}", mode=LinkMode.FEDERATED),'
FEDERATED_ON_ELM = _FEDERATED.format("elm")
FEDERATED_ON_OAK = _FEDERATED.format("oak")

CLUSTERS = ("ash", "elm", "oak")

# The members of the federated service besides the caller.
BOTH = "redis-server@elm,redis-server@oak"

# What a target grants to a source.
ACCESS = "remote-access"

# Whatever a link, an export or a mirror consists of.
KINDS = (
    *("services", "endpoints", "secrets", "serviceaccounts", "roles", "rolebindings", "leases"),
    *("deployments", "clusterroles", "clusterrolebindings", "links.multicluster.linkerd.io"),
)


@pytest.fixture(scope="module", autouse=True)
def _up(sandbox: Sandbox) -> Iterator[None]:
    sandbox.described(NAME).write_text(DESCRIPTION, encoding="utf-8")
    sandbox.mesh("up", NAME)
    yield
    sandbox.described(NAME).unlink()


def change(sandbox: Sandbox, *changes: tuple[str, str]) -> None:
    """Change the description."""
    described = sandbox.described(NAME)
    text = described.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    described.write_text(text, encoding="utf-8")


def mirrors(sandbox: Sandbox, cluster: str) -> set[str]:
    """Name the mirrors on a cluster."""
    found = sandbox.objects(
        cluster, "services", "-n", "yelb", "-l", "mirror.linkerd.io/mirrored-service=true"
    )
    return {each["metadata"]["name"] for each in found}


def members(sandbox: Sandbox, cluster: str) -> str:
    """Tell which clusters' pods a federated service on a cluster reaches, besides its own."""
    key = "multicluster.linkerd.io/remote-discovery"
    [found] = [
        each["metadata"]["annotations"].get(key, "")
        for each in sandbox.objects(cluster, "services", "-n", "yelb")
        if each["metadata"]["name"] == "redis-server-federated"
    ]
    return str(found)


def named_after(sandbox: Sandbox, other: str, cluster: str) -> list[str]:
    """Name what is on a cluster and carries another one's name, in its own or in its labels."""
    found = []
    for each in sandbox.objects(cluster, ",".join(KINDS), "-A"):
        metadata = each["metadata"]
        words = {*metadata["name"].split("-"), *metadata.get("labels", {}).values()}
        if other in words:
            found.append(f"{each['kind']}/{metadata.get('namespace', '')}/{metadata['name']}")
    return found


def test_up_ends_when_every_mirror_is_there(sandbox: Sandbox) -> None:
    assert {cluster: mirrors(sandbox, cluster) for cluster in CLUSTERS} == {
        "ash": {"yelb-appserver-elm", "yelb-appserver-oak", "redis-server-federated"},
        "elm": {"yelb-appserver-oak", "redis-server-federated"},
        "oak": {"yelb-appserver-elm", "redis-server-federated"},
    }
    # The service is there with its first member; the others join a moment later.
    assert eventually(lambda: members(sandbox, "ash") == BOTH)


def test_all_six_links_and_the_mirrors_are_healthy(sandbox: Sandbox) -> None:
    output = sandbox.healthy(NAME)

    for source, target in permutations(CLUSTERS, 2):
        assert re.search(rf"^{source} +{target} +\S+ +ok", output, re.MULTILINE), output
    mirror = r"^yelb-appserver-oak\.yelb +ash +[1-9]\d* ready +ok"
    assert re.search(mirror, output, re.MULTILINE), output


def test_each_cluster_runs_a_controller_for_each_other_one(sandbox: Sandbox) -> None:
    label = "mirror.linkerd.io/cluster-name"
    for name in CLUSTERS:
        found = sandbox.objects(
            name, "deployments", "-n", "linkerd-multicluster", "-l", "component=controller"
        )

        assert {each["metadata"]["labels"][label] for each in found} == {*CLUSTERS} - {name}


def test_a_member_leaves_and_joins_with_a_plain_up_of_its_stack(sandbox: Sandbox) -> None:
    up = ("up", "--stack", f"{NAME}.apps.oak", "--yes", "--skip-preview")
    with_member = f"{FEDERATED_ON_ELM}\n{FEDERATED_ON_OAK}\n"
    change(sandbox, (with_member, f"{FEDERATED_ON_ELM}\n"))
    sandbox.pulumi(*up)
    left = eventually(lambda: members(sandbox, "ash") == "redis-server@elm")
    change(sandbox, (f"{FEDERATED_ON_ELM}\n", with_member))
    sandbox.pulumi(*up)

    assert left
    assert eventually(lambda: members(sandbox, "ash") == BOTH)


def test_a_killed_up_is_continued_by_the_next_one(sandbox: Sandbox) -> None:
    """An export and a link go in one run, so that Linkerd's controller goes before its mirrors."""
    change(
        sandbox,
        ('        Export("yelb-appserver", namespace="yelb", of="oak"),\n', ""),
        (
            'links=mesh("ash", "elm", "oak"),',
            'links=[link for link in mesh("ash", "elm", "oak") if str(link) != "ash -> oak"],',
        ),
    )
    # Something of the link has been removed by then.
    assert killed(sandbox, ["up", NAME], random.Random(NAME), 1, Killed.ALL)
    sandbox.mesh("up", NAME)

    left = named_after(sandbox, "oak", "ash")
    assert [each for each in left if ACCESS not in each] == [], "oak still calls ash, so ash grants"
    assert members(sandbox, "ash") == "redis-server@elm"
    assert mirrors(sandbox, "elm") == {"redis-server-federated"}


def test_other_links_stay_as_they_are(sandbox: Sandbox) -> None:
    assert mirrors(sandbox, "ash") == {"yelb-appserver-elm", "redis-server-federated"}
    assert members(sandbox, "elm") == "redis-server@oak"
    assert [each for each in named_after(sandbox, "ash", "oak") if ACCESS in each] == []
    assert [each for each in named_after(sandbox, "oak", "ash") if ACCESS in each]


def test_a_cluster_is_not_removed_without_prune(sandbox: Sandbox) -> None:
    change(
        sandbox,
        ('        Eks("oak", region="eu-west-1", cidr="10.22.0.0/16", **SMALL),\n', ""),
        (
            'links=[link for link in mesh("ash", "elm", "oak") if str(link) != "ash -> oak"],',
            'links=mesh("ash", "elm"),',
        ),
        (f"{FEDERATED_ON_OAK}\n", ""),
        (', copies=["oak"]', ""),
    )
    done = sandbox.mesh("up", NAME, check=False)

    assert done.returncode == 2
    assert "mesh up removal --prune" in done.stderr
    assert "oak" in sandbox.clusters


def test_nothing_is_left_of_a_removed_cluster(sandbox: Sandbox) -> None:
    sandbox.mesh("up", NAME, "--prune")

    assert sandbox.clusters == ["ash", "elm"]
    assert named_after(sandbox, "oak", "ash") == []
    assert named_after(sandbox, "oak", "elm") == []
    assert members(sandbox, "ash") == "redis-server@elm"


def test_a_namespace_is_deleted_after_what_other_stacks_have_in_it(sandbox: Sandbox) -> None:
    change(
        sandbox,
        ('        Export("yelb-appserver", namespace="yelb", of="elm"),\n', ""),
        (f"{FEDERATED_ON_ELM}\n", ""),
        ('    application=Yelb(ui="ash", appserver="elm", database="elm"),\n', ""),
    )
    sandbox.mesh("up", NAME)

    for cluster in ("ash", "elm"):
        left = [each["metadata"]["name"] for each in sandbox.objects(cluster, "namespaces")]
        assert "yelb" not in left


def test_destroy_leaves_no_cluster_and_an_empty_account(sandbox: Sandbox) -> None:
    sandbox.mesh("destroy", NAME)

    assert sandbox.clusters == []
    assert sandbox.left_in(["eu-west-1"]) == []
