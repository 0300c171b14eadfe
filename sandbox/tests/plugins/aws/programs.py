"""A program's resources against the imitated provider: the engine's calls, without an engine."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.aws.provider import TYPES
from sandbox.plugins.aws.resource import AwsResource
from sandbox.plugins.contract import Naming, Refused, State
from sandbox.plugins.diff import Diff
from sandbox.plugins.values import Properties
from sandbox.tests.plugins.aws.world import WORLD

TOKENS = {kind.__name__: token for token, kind in TYPES.items()}


@dataclass
class Made:
    """A resource of the program."""

    kind: str
    asked: Properties
    """What the program gave."""
    inputs: Properties
    state: State

    @property
    def id(self) -> str:
        """Its id."""
        return self.state.id

    def __getitem__(self, output: str) -> Any:
        return self.state.outputs[output]


@dataclass
class Program:
    """One region's resources, in order of creation; those of `WORLD` are known by name."""

    cloud: Cloud
    made: dict[str, Made] = field(default_factory=dict)

    def make(self, name: str, /, **inputs: Any) -> Made:
        """Make a resource of the world, after those that it needs; None leaves an input out."""
        for each in WORLD[name].after:
            self.one(each)
        return self.add(WORLD[name].kind, name, **{**WORLD[name].inputs, **inputs})

    def one(self, name: str) -> Made:
        """Give a resource of the world; make it if there is none."""
        return self.made.get(name) or self.make(name)

    def add(self, kind: str, name: str, /, **inputs: Any) -> Made:
        """Name, check and create a resource."""
        resource, naming = self.resource(kind), self.naming(kind, name)
        checked = resource.check(resource.named(self.resolved(inputs), None, naming))
        assert resource.create(checked, preview=True).id == ""
        state = resource.create(checked, preview=False)
        self.made[name] = Made(kind, inputs, checked, state)
        return self.made[name]

    def refuses(self, reason: str, name: str, /, **inputs: Any) -> None:
        """See that another resource like one of the world is refused."""
        for each in WORLD[name].after:
            self.one(each)
        with pytest.raises(Refused, match=reason):
            self.add(WORLD[name].kind, "other", **{**WORLD[name].inputs, **inputs})

    def change(self, name: str, /, **inputs: Any) -> Made:
        """Check and update a resource in place; refuse if it would be replaced."""
        made, news, diff = self._compared(name, inputs)
        assert diff.changes, "nothing would be changed"
        assert not any(change.replace for change in diff.changes), diff
        before, resource = (made.state, made.inputs), self.resource(made.kind)
        resource.update(*before, news, preview=True)
        state = resource.update(*before, news, preview=False)
        self.made[name] = Made(made.kind, {**made.asked, **inputs}, news, state)
        return self.made[name]

    def replaces(self, name: str, /, **inputs: Any) -> list[str]:
        """Name the properties whose change would replace the resource."""
        return [change.path for change in self._compared(name, inputs)[2].changes if change.replace]

    def drift(self, name: str) -> list[str] | None:
        """Refresh; name the properties that differ from the program, or None if it is gone."""
        made = self.one(name)
        resource = self.resource(made.kind)
        found = resource.read(made.state, made.inputs)
        if found is None:
            return None
        return [change.path for change in resource.diff(found[1], made.inputs).changes]

    def delete(self, name: str) -> None:
        """Delete one resource."""
        made = self.made[name]
        resource = self.resource(made.kind)
        resource.delete(made.state)
        del self.made[name]

    def destroy(self) -> None:
        """Delete everything in reverse."""
        for name in reversed(list(self.made)):
            self.delete(name)

    def resolved(self, value: Any) -> Any:
        """Put ids and outputs in the place of `@name` and `@name.output`."""
        if isinstance(value, Mapping):
            pairs = ((key, self.resolved(each)) for key, each in value.items())
            return {key: each for key, each in pairs if each is not None}
        if isinstance(value, list):
            return [self.resolved(each) for each in value]
        if not isinstance(value, str) or not value.startswith("@"):
            return value
        name, _, output = value[1:].partition(".")
        return self.one(name)[output] if output else self.one(name).id

    def naming(self, kind: str, name: str) -> Naming:
        """Give what the engine says about a name."""
        return Naming(urn=f"urn:pulumi:s::p::{TOKENS[kind]}::{name}", name=name, seed=os.urandom(8))

    def resource(self, kind: str) -> AwsResource:
        """Give a type of resource."""
        return TYPES[TOKENS[kind]](self.cloud)

    def _compared(self, name: str, inputs: Properties) -> tuple[Made, Properties, Diff]:
        made = self.one(name)
        resource = self.resource(made.kind)
        asked, naming = self.resolved({**made.asked, **inputs}), self.naming(made.kind, name)
        news = resource.check(resource.named(asked, made.inputs, naming))
        return made, news, resource.diff(made.inputs, news)
