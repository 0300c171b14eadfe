"""The state of a rotation comes from the stacks' configuration, and from what was deployed."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pulumi import automation

from linkmesh.cli.rotation.plan import steps
from linkmesh.cli.rotation.state import RotationError, is_at, read, store_progress, store_step
from linkmesh.cli.runs.project import Project
from linkmesh.environment import Kind, chain
from linkmesh.linkerd.identity.trust_rotation import TrustState
from linkmesh.stacks.rotation import ROTATION, TRUST_STATE, Rotated, Rotation, serialized_trust
from tests.components.environment.described import on_aws, planned

DESCRIBED = planned(Kind("local"), on_aws("west"), links=chain("local", "west"))
FIRST = Rotation(what=Rotated.ANCHOR, trust=TrustState(), tokens={"west": (1,)}, step=1)


@dataclass
class Stacks:
    """Deployed stacks with their configuration."""

    config: dict[str, dict[str, str]] = field(default_factory=dict)
    existing: tuple[str, ...] = tuple(f"demo.{part}" for part in DESCRIBED.parts)

    @property
    def project(self) -> Project:
        """The project as commands see it."""
        workspace = SimpleNamespace(
            get_all_config=lambda stack: {
                key: automation.ConfigValue(value)
                for key, value in self.config.get(stack, {}).items()
            },
            set_all_config=lambda stack, noted: self.config.setdefault(stack, {}).update(
                {key: one.value for key, one in noted.items()}
            ),
            remove_config=lambda stack, key: self.config[stack].pop(key),
        )
        outputs: dict[str, Any] = {"trust": {"state": serialized_trust(TrustState())}}
        return cast(
            Project,
            SimpleNamespace(
                workspace=workspace,
                reads=SimpleNamespace(existing=lambda: set(self.existing)),
                outputs=lambda _: outputs,
            ),
        )


def test_without_settings_the_state_is_what_is_described_and_deployed() -> None:
    found = read(Stacks().project, "demo", DESCRIBED)

    assert (found.trust, found.deployed, found.rotation) == (TrustState(), TrustState(), None)
    assert found.tokens == {"west": (1,)}


def test_a_stored_step_is_read_back() -> None:
    stacks = Stacks()
    planned = steps(DESCRIBED, FIRST)

    store_step(stacks.project, "demo", FIRST, planned[0])
    found = read(stacks.project, "demo", DESCRIBED)

    assert found.rotation == FIRST
    assert found.trust == planned[0].trust != FIRST.trust
    assert is_at(found, planned[0])
    assert not is_at(found, planned[1])


def test_after_the_last_step_only_the_trust_stays_noted() -> None:
    stacks = Stacks()
    planned = steps(DESCRIBED, FIRST)
    store_step(stacks.project, "demo", FIRST, planned[0])

    store_progress(stacks.project, "demo", Rotation(**{**vars(FIRST), "step": 2}), len(planned))
    assert ROTATION in stacks.config["demo.trust"]

    store_progress(
        stacks.project, "demo", Rotation(**{**vars(FIRST), "step": len(planned) + 1}), len(planned)
    )
    assert set(stacks.config["demo.trust"]) == {TRUST_STATE}


def test_an_environment_that_is_not_deployed_has_no_state() -> None:
    with pytest.raises(RotationError, match=r"demo\.links.* is not"):
        read(Stacks(existing=("demo.trust",)).project, "demo", DESCRIBED)
