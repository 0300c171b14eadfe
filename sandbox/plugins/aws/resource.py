"""
What every imitated AWS resource does alike: schema, tags, regions, previews, and reading for drift.

A type says which properties it takes and how it is made, observed, changed and removed; the
observation gives the outputs after each step, so they are what the account says and not what the
program asked for. Properties that hold sets are sorted, and policies are written in one form, since
the genuine provider sees no difference there either.
"""

from __future__ import annotations

import json
import os
from abc import abstractmethod
from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from sandbox.plugins.aws.cloud import AwsRefused, Cloud, check_region
from sandbox.plugins.framework import (
    DEFAULTS,
    UNKNOWN,
    Change,
    Diff,
    Naming,
    PartialFailure,
    Properties,
    Refused,
    Resource,
    Schema,
    State,
    has_unknown,
    keeps_given_name,
)

TAGS = {"tags": {"*": str}}
REGION = {"region": str}


class AwsResource(Resource):
    """One type of AWS resource."""

    schema: ClassVar[Schema]
    sets: ClassVar[Collection[str]] = ()
    """Paths of lists whose order means nothing, with dots."""
    policies: ClassVar[Collection[str]] = ()
    """Properties that hold a JSON document."""
    assumed: ClassVar[Collection[str]] = ()
    """Properties that AWS fills in; an import does not take them for the program's wish."""
    prefix_property: ClassVar[str] = ""
    """Instead of `auto_named`: the property with the beginning of a name."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud

    @abstractmethod
    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it and return its id."""

    @abstractmethod
    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it: every output that AWS knows, or None. `known` are inputs or former outputs."""

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change it in place; `olds` are the former outputs."""

    @abstractmethod
    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it; `olds` are the former outputs."""

    def refuse(self, news: Properties) -> None:
        """Refuse what the provider refuses without asking AWS. Values may be UNKNOWN."""

    def problems(self, cloud: Cloud, id: str, outputs: Properties) -> list[str]:
        """Say why the resource exists but is not in order."""
        return []

    def unsettled(self, olds: Properties, news: Properties) -> Collection[str]:
        """Name the outputs that an update changes; olds are the former inputs."""
        return ()

    def named(self, news: Properties, olds: Properties | None, naming: Naming) -> Properties:
        """Leave a name to its prefix, if the program gives one."""
        if self.prefix_property and news.get(self.prefix_property) is not None:
            return news
        return super().named(news, olds, naming)

    def check(self, news: Properties, olds: Properties | None) -> Properties:
        """Check names and shapes, bring sets and policies in order, add the provider's tags."""
        checked = self.schema.check(news)
        for path in self.sets:
            _sort(checked, path.split("."))
        for name in self.policies:
            if isinstance(text := checked.get(name), str):
                checked[name] = canonical_json(name, text)
        if isinstance(region := checked.get("region"), str):
            check_region(region)
        if "tags" in self.schema.optional:
            checked["tagsAll"] = self._all_tags(checked.get("tags", {}))
        self.refuse(checked)
        return checked

    def diff(
        self, id: str, old_inputs: Properties, old_outputs: Properties, news: Properties
    ) -> Diff:
        """Compare inputs; whatever moves to another region is replaced."""
        diff = self.schema.diff(old_inputs, news)
        changes = [change for change in diff.changes if change.path != "region"]
        was, will = old_outputs.get("region"), news.get("region", self.cloud.region)
        if was is not None and will is not UNKNOWN and was != will:
            changes.append(Change("region", "update", replace=True))
        same_name = self.auto_named and keeps_given_name(old_inputs, news, self.auto_named)
        return Diff(changes, delete_before_replace=bool(same_name))

    def create(self, urn: str, news: Properties, *, preview: bool, timeout: float) -> State:
        """Make and observe it."""
        if preview:
            return State("", {**self._place(), **self.schema.preview(news)})
        cloud = self._at(news)
        id = self.make(cloud, news)
        return self._observed(cloud, id, news)

    def read(
        self, id: str, inputs: Properties, outputs: Properties
    ) -> tuple[State, Properties] | None:
        """Observe it; inputs follow what was found, so that the next preview shows the drift."""
        cloud = self._at(outputs or inputs)
        observed = self.observe(cloud, id, outputs or inputs)
        if observed is None:
            return None
        observed |= self._place(cloud)
        if "tags" in self.schema.optional:
            own = {
                key: value
                for key, value in observed.get("tagsAll", {}).items()
                if self.cloud.default_tags.get(key) != value or key in inputs.get("tags", {})
            }
            observed["tags"] = own if own or "tags" in inputs else None
        takes = {*self.schema.required, *self.schema.optional, "tagsAll", DEFAULTS}
        names = {name for name in inputs if name in takes} or takes - {"region", *self.assumed}
        found = {name: observed.get(name, inputs.get(name)) for name in names}
        return State(id, {**inputs, **observed}), {
            name: _like(inputs.get(name), value)
            for name, value in found.items()
            if value is not None
        }

    def update(
        self,
        id: str,
        old_inputs: Properties,
        old_outputs: Properties,
        news: Properties,
        *,
        preview: bool,
        timeout: float,
    ) -> State:
        """Change and observe it."""
        if preview:
            kept = {name: old_outputs.get(name) for name in self.schema.computed}
            unsettled = dict.fromkeys(self.unsettled(old_inputs, news), UNKNOWN)
            return State(id, {**self._place(), **kept, **news, **unsettled})
        cloud = self._at(news)
        self.change(cloud, id, old_outputs, news)
        return self._observed(cloud, id, news)

    def delete(
        self, id: str, old_inputs: Properties, old_outputs: Properties, *, timeout: float
    ) -> None:
        """Delete it; gone already is no error."""
        try:
            self.remove(self._at(old_outputs), id, old_outputs)
        except AwsRefused as refused:
            if not refused.means_gone:
                raise

    def physical_name(self, news: Properties, *, limit: int | None = None) -> str:
        """Give the name, completing a prefix as AWS' provider does."""
        name = news.get(self.auto_named)
        if name is None:
            name = f"{news[self.prefix_property]}{os.urandom(13).hex()}"
        if limit is not None and len(name) > limit:
            raise Refused(
                f"'{self.auto_named}' must have at most {limit} characters (got {name!r}, "
                f"{len(name)}). AWS refuses longer ones. Choose a shorter name",
                self.auto_named,
            )
        return str(name)

    def _at(self, properties: Mapping[str, Any]) -> Cloud:
        return self.cloud.at(properties.get("region"))

    def _place(self, cloud: Cloud | None = None) -> Properties:
        return {"region": (cloud or self.cloud).region} if "region" in self.schema.optional else {}

    def _all_tags(self, tags: Any) -> Any:
        if tags is UNKNOWN:
            return UNKNOWN
        reserved = [key for key in tags if key.startswith("aws:")]
        if reserved:
            raise Refused(f"a tag must not begin with aws: (got {reserved[0]!r}).", "tags")
        return {**self.cloud.default_tags, **tags}

    def _observed(self, cloud: Cloud, id: str, news: Properties) -> State:
        observed = self.observe(cloud, id, news)
        if observed is None:
            raise Refused(f"{type(self).__name__} {id} must exist (it was deleted meanwhile)")
        state = State(id, {**news, **observed, **self._place(cloud)})
        if reasons := self.problems(cloud, id, state.outputs):
            raise PartialFailure(state, reasons)
        return state


def canonical_json(name: str, text: str) -> str:
    """Write a JSON document in one form; refuse what is none."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise Refused(f"'{name}' must be a JSON document (got: {error}).", name) from error
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def given(properties: Properties, names: Mapping[str, str]) -> Properties:
    """Pick the properties that are set, under the names that AWS' API has for them."""
    return {
        there: properties[here] for here, there in names.items() if properties.get(here) is not None
    }


def _like(before: Any, found: Any) -> Any:
    """Give what was found, cut to the keys that the program set where it is an object."""
    if isinstance(before, dict) and isinstance(found, dict) and before:
        return {
            key: _like(before.get(key), value)
            for key, value in found.items()
            if key in before or all(isinstance(each, str) for each in before.values())
        }
    return found


def _sort(holder: Any, keys: list[str]) -> None:
    if not isinstance(holder, dict):
        return
    key, *rest = keys
    if rest:
        if isinstance(inner := holder.get(key), dict):
            holder[key] = dict(inner)
            _sort(holder[key], rest)
    elif isinstance(values := holder.get(key), list) and not has_unknown(values):
        holder[key] = sorted(values)
