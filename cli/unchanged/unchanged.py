"""Decides for each stack of an environment whether a run of it would change something."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from linkmesh.environment import Plan
from linkmesh.environment.parts import APPS, LINKS, ROUTES, kind_of
from linkmesh.environment.plan import share

from .. import BEGAN
from ..runs.project import Project
from . import digest, records, states, surroundings
from .records import Record
from .states import State

# No other stack reads their outputs.
_UNREAD = (LINKS, APPS, ROUTES)


class Unchanged:
    """Which stacks of an environment are as they were deployed, and so is all they depend on."""

    def __init__(
        self,
        project: Project,
        name: str,
        plan: Plan,
        policy_packs: Sequence[str] = (),
        *,
        runs_all: bool = False,
        began: float = BEGAN,
    ) -> None:
        """
        Begin a command.

        Args:
            policy_packs: folders of the policy packs that check a preview.
            runs_all: whether all stacks run; what is deployed is recorded all the same.
            began: when the plan was made, in seconds since the epoch, or before that.
        """
        self._project = project
        self._name = name
        self._plan = plan
        self._policy_packs = policy_packs
        self._runs_all = runs_all
        self._began = began
        # Of this command: stacks that it runs are looked at again.
        self._states: dict[str, State] = {}
        self._outputs: dict[str, str] = {}
        self._settings: dict[str, str | None] = {}

    def is_unchanged(self, part: str) -> bool:
        """Return whether a run of a stack would change nothing, and say nothing."""
        self._settings[part] = self._settings_of(part)
        if self._runs_all:
            return False
        known = records.read(self._project.folder, self._stack(part))
        if known is None or (self._policies and self._policies not in known.policies):
            return False
        return self._deployed_from(part) == known.deployed_from

    def deployed(self, part: str) -> None:
        """Remember what a stack was deployed from, after it was."""
        self._states.pop(part, None)
        self._outputs.pop(part, None)
        found = self._deployed_from(part)
        if found is not None and not self._is_mixed(part):
            outputs = "" if kind_of(part) in _UNREAD else self._outputs_of(part)
            record = Record(deployed_from=found, state=self._state(part).digest, outputs=outputs)
            records.write(self._project.folder, self._stack(part), record)

    def passed(self, part: str) -> None:
        """Remember that a preview of a stack changed nothing, and that no policy complained."""
        known = records.read(self._project.folder, self._stack(part))
        if self._policies and known and self._deployed_from(part) == known.deployed_from:
            policies = tuple(sorted({*known.policies, self._policies}))
            records.write(
                self._project.folder, self._stack(part), replace(known, policies=policies)
            )

    def _is_mixed(self, part: str) -> bool:
        """Return whether a program, which reads on its own, may have read something else."""
        is_edited = surroundings.changed_after(self._began, self._project.folder)
        return is_edited or self._settings_of(part) != self._settings.get(part)

    def _settings_of(self, part: str) -> str | None:
        return surroundings.of_stack(self._project.folder, self._stack(part))

    def _deployed_from(self, part: str) -> str | None:
        """Return the digest of all that a run depends on; None if that cannot be compared."""
        state = self._state(part)
        settings = self._settings_of(part)
        read = {name: self._read_part(name) for name in state.references}
        is_due = state.renewal is not None and state.renewal <= datetime.now(UTC)
        is_known = state.is_whole and not state.reads_others and not is_due
        if not is_known or settings is None or None in read.values():
            return None
        try:
            described = digest.of_value(share(self._plan, part))
        except TypeError:
            return None
        outputs = {name: self._outputs_of(each) for name, each in read.items() if each}
        return digest.of_value([self._surroundings, described, settings, state.digest, outputs])

    @cached_property
    def _policies(self) -> str:
        """Digest of the policies that check a preview; empty if there are none."""
        return digest.of_files(_files(self._policy_packs)) if self._policy_packs else ""

    @cached_property
    def _surroundings(self) -> str:
        return surroundings.of_project(self._project.folder, self._project.engine())

    def _state(self, part: str) -> State:
        if part not in self._states:
            self._states[part] = states.state(self._project.reads.state(self._stack(part)))
        return self._states[part]

    def _outputs_of(self, part: str) -> str:
        """Return the digest of a stack's outputs; reads them if its state is another one."""
        if part not in self._outputs:
            known = records.read(self._project.folder, self._stack(part))
            if known is not None and known.outputs and known.state == self._state(part).digest:
                self._outputs[part] = known.outputs
            else:
                outputs = self._project.reads.outputs(self._stack(part))
                self._outputs[part] = digest.of_value(outputs)
        return self._outputs[part]

    def _read_part(self, reference: str) -> str | None:
        """Return which part a reference is to; None if it is to a stack of something else."""
        project, _, stack = reference.partition("/")[2].rpartition("/")
        part = stack.removeprefix(f"{self._name}.")
        return part if part != stack and project == self._project.name else None

    def _stack(self, part: str) -> str:
        return f"{self._name}.{part}"


def _files(policy_packs: Sequence[str]) -> Iterator[Path]:
    """Find what policy packs consist of, without the environments in which they run."""
    for pack in policy_packs:
        yield from sorted(path for path in Path(pack).iterdir() if not path.name.startswith("."))
