"""What `mesh doctor` finds on existing clusters."""

from pathlib import Path

import pytest

from linkmesh.cli.collisions import check
from linkmesh.cli.collisions.evaluate import Presence
from linkmesh.cli.doctor.evaluate import Finding, State, is_healthy
from linkmesh.cli.doctor.existing import existing_findings
from linkmesh.environment import Existing, Export, Kind, chain
from tests import engine
from tests.components.environment.described import planned

PLAN = planned(
    Kind("local"),
    Existing("onprem"),
    links=chain("local", "onprem"),
    exports=[Export("orders", namespace="shop", of="onprem")],
)
SERVICES = frozenset({("shop", "orders")})


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Look":
    """Give the cluster a kubeconfig."""
    file = tmp_path / "kubeconfig"
    file.write_text(engine.KUBECONFIG)
    monkeypatch.setenv("LINKMESH_KUBECONFIG_ONPREM", str(file))
    return Look(monkeypatch, tmp_path)


class Look:
    """Looks at a cluster on which something was found."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self._monkeypatch, self._folder = monkeypatch, folder

    def at(self, found: Presence) -> list[Finding]:
        """Return the findings."""
        self._monkeypatch.setattr(check, "observe", lambda *_: found)
        return [*existing_findings("demo", PLAN, self._folder)]


def test_a_cluster_on_which_nothing_collides_is_ok(look: Look) -> None:
    assert look.at(Presence(services=SERVICES)) == [
        Finding(subject="cluster onprem", state=State.OK, observed="nothing on it collides")
    ]


def test_what_collides_is_a_finding_of_its_own_with_the_way_out(look: Look) -> None:
    found = look.at(Presence(namespaces={"shop": False}))

    assert [(each.state, each.remedy) for each in found] == [
        (State.COLLIDES, 'Existing("onprem", namespaces=["shop"])'),
        (
            State.COLLIDES,
            "deploy it first, or is_labelled=True in its Export, and let its owner label it "
            "mirror.linkerd.io/exported=true",
        ),
    ]
    assert not is_healthy(found)


def test_a_cluster_that_does_not_answer_from_here_is_no_fault_of_the_machine(look: Look) -> None:
    found = look.at(Presence(error="ConnectTimeout: timed out"))

    assert [(each.state, each.observed) for each in found] == [
        (State.UNKNOWN, "does not answer from here (ConnectTimeout: timed out)")
    ]
    assert is_healthy(found)


def test_a_cluster_without_a_kubeconfig_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LINKMESH_KUBECONFIG_ONPREM", raising=False)

    assert [*existing_findings("demo", PLAN, tmp_path)] == []
