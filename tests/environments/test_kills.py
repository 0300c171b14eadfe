"""
`mesh up` is killed again and again on its way, and ends in the same state as an undisturbed run.

One story, in order. LINKMESH_KILLS=<seed> repeats the moments of an earlier run, and
LINKMESH_KILL_TIMES=10 has more of them.
"""

import os
import random
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.environments.conftest import Sandbox
from tests.environments.kills import Killed, deployed, killed, objects, resources

pytestmark = pytest.mark.sandbox(long=True)

NAME = "killed"

DESCRIPTION = '''"""Two kind clusters, of which one calls the other."""

from linkmesh import Alias, Environment, Export, InstallProfile, Kind, Linkerd, Yelb, chain

ENVIRONMENT = Environment(
    clusters=[Kind("ash", workers=1), Kind("elm", workers=1)],
    links=chain("ash", "elm"),
    linkerd=Linkerd(profile=InstallProfile.SMALL, viz=False),
    exports=[Export("yelb-appserver", namespace="yelb", of="elm")],
    aliases=[Alias("yelb-appserver", namespace="yelb", on="ash", of="elm", port=4567)],
    application=Yelb(ui="ash", appserver="elm", database="elm"),
)
'''

CLUSTERS = ["ash", "elm"]
TIMES = int(os.environ.get("LINKMESH_KILL_TIMES", "4"))

Undisturbed = tuple[int, dict[str, Any], dict[str, set[str]]]


@pytest.fixture(scope="module")
def undisturbed(sandbox: Sandbox) -> Iterator[Undisturbed]:
    """Bring it up once, return what there is then, and remove it without a trace."""
    sandbox.described(NAME).write_text(DESCRIPTION, encoding="utf-8")
    sandbox.mesh("up", NAME)
    found = resources(sandbox, NAME), deployed(sandbox, NAME), everything(sandbox)
    forget(sandbox)
    yield found
    sandbox.described(NAME).unlink()


def everything(sandbox: Sandbox) -> dict[str, set[str]]:
    """Name every object on each cluster."""
    return {cluster: objects(sandbox, cluster) for cluster in CLUSTERS}


def forget(sandbox: Sandbox) -> None:
    """Delete clusters and states, as if nothing had ever been deployed."""
    for cluster in sandbox.clusters:
        sandbox.delete_cluster(cluster)
    shutil.rmtree(sandbox.home.state / ".pulumi")
    for file in sandbox.project.glob(f"Pulumi.{NAME}.*.yaml"):
        file.unlink()


def test_up_that_was_killed_at_random_moments_ends_as_if_it_had_not_been(
    sandbox: Sandbox, undisturbed: Undisturbed
) -> None:
    count, resources_then, objects_then = undisturbed
    seed = int(os.environ.get("LINKMESH_KILLS") or random.randrange(10**6))
    chance = random.Random(seed)
    print(f"LINKMESH_KILLS={seed}")
    for place in range(TIMES):
        moment = chance.randint(count * place // TIMES, count * (place + 1) // TIMES)
        what = chance.choice([*Killed])
        there = resources(sandbox, NAME)
        # Never before it has done anything, unless it is the first.
        after = max(moment - there, min(there, 1))
        was_killed = killed(sandbox, ["up", NAME], chance, after, what)
        print(f"at {there + after} of {count}: {what.value}{'' if was_killed else ' had ended'}")
    sandbox.mesh("up", NAME)

    sandbox.healthy(NAME)
    assert deployed(sandbox, NAME) == resources_then
    assert everything(sandbox) == objects_then


def test_destroy_that_was_killed_is_continued_and_leaves_nothing(sandbox: Sandbox) -> None:
    chance = random.Random(0)
    half = resources(sandbox, NAME) // 2
    assert killed(sandbox, ["destroy", NAME], chance, half, Killed.ALL)
    sandbox.mesh("destroy", NAME)

    assert sandbox.clusters == []
