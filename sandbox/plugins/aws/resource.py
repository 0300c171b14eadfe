"""
What every imitated AWS resource does alike: schema, tags, previews, and reading for drift.

A type says which properties it takes and how it is made, observed, changed and removed; the
observation gives the outputs after each step, so they are what the account says and not what the
program asked for. Properties that hold sets are sorted, and policies are written in one form, since
the genuine provider sees no difference there either. Imports are imitated where a type says which
inputs they take, and changes in place where a type says which; tags change everywhere.
"""

import json
from abc import abstractmethod
from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.contract import Refused, Resource, State, keeps_given_name
from sandbox.plugins.diff import Diff, diff_inputs, is_below
from sandbox.plugins.schema import Schema, Text
from sandbox.plugins.values import UNKNOWN, Properties, has_unknown

TAGS = {"tags": {"*": str}}


class AwsResource(Resource):
    """One type of AWS resource."""

    schema: ClassVar[Schema]
    sets: ClassVar[Collection[str]] = ()
    """Paths of lists whose order means nothing, with dots."""
    policies: ClassVar[Collection[str]] = ()
    """Properties that hold a JSON document."""
    imports: ClassVar[Collection[str]] = ()
    """Inputs that an import takes from what is there; none: it is not imitated."""
    in_place: ClassVar[Collection[str]] = ()
    """Paths that an update changes, beside tags."""

    forgotten: ClassVar[Collection[str]] = ()
    """What ministack accepts and does not tell: it stays as Pulumi's state has it."""

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

    def foreseen(self, olds: Properties, news: Properties) -> Properties:
        """Give what a preview has beside inputs and computed outputs; olds are former outputs."""
        return {}

    def check(self, news: Properties) -> Properties:
        """Check names and shapes, bring sets and policies in order, add the provider's tags."""
        checked = self.schema.check(news)
        for path in self.sets:
            _sort(checked, path.split("."))
        for name in self.policies:
            if isinstance(text := checked.get(name), str):
                checked[name] = canonical_json(name, text)
        if "tags" in self.schema.optional:
            checked["tagsAll"] = self._all_tags(checked.get("tags", {}))
        self.refuse(checked)
        return checked

    def diff(self, old_inputs: Properties, news: Properties) -> Diff:
        """Compare inputs."""
        same_name = self.auto_named and keeps_given_name(old_inputs, news, self.auto_named)
        changes = self.schema.diff(old_inputs, news).changes
        return Diff(changes, delete_before_replace=bool(same_name))

    def create(self, news: Properties, *, preview: bool) -> State:
        """Make and observe it."""
        if preview:
            return State("", {**self.schema.preview(news), **self.foreseen({}, news)})
        id = self.make(self.cloud, news)
        return self._observed(id, news)

    def read(self, old: State, inputs: Properties) -> tuple[State, Properties] | None:
        """Observe it; inputs follow what was found, so that the next preview shows the drift."""
        if not inputs and not self.imports:
            raise Refused(
                f"{old.id} must be made by the program (got an import). Imports are not imitated. "
                "Use: the genuine provider (LINKMESH_PLUGINS)"
            )
        observed = self._look(old.id, old.outputs or inputs)
        if observed is None:
            return None
        if not inputs:
            return State(old.id, observed), {name: observed[name] for name in self.imports}
        if "tags" in inputs:
            observed["tags"] = {
                key: value
                for key, value in observed["tagsAll"].items()
                if self.cloud.default_tags.get(key) != value or key in inputs["tags"]
            }
        found = {name: observed.get(name, value) for name, value in inputs.items()}
        return State(old.id, {**inputs, **observed}), {
            name: _like(inputs[name], value) for name, value in found.items() if value is not None
        }

    def update(self, old: State, inputs: Properties, news: Properties, *, preview: bool) -> State:
        """Change and observe it."""
        self._check_in_place(inputs, news)
        if preview:
            same = {name: old.outputs.get(name) for name in self.schema.computed}
            return State(old.id, {**same, **news, **self.foreseen(old.outputs, news)})
        self.change(self.cloud, old.id, old.outputs, news)
        return self._observed(old.id, news)

    def delete(self, old: State) -> None:
        """Delete it; gone already is no error."""
        try:
            self.remove(self.cloud, old.id, old.outputs)
        except AwsRefused as refused:
            if not refused.means_gone:
                raise

    def _check_in_place(self, old_inputs: Properties, news: Properties) -> None:
        # What is unknown, since what it refers to is replaced, may turn out to be the same.
        unknown = (name for name, value in news.items() if has_unknown(value))
        may_change = {*self.in_place, *unknown, "tags", "tagsAll"}
        for change in diff_inputs(old_inputs, news).changes:
            if not is_below(change.path, may_change):
                raise Refused(
                    f"'{change.path}' of {type(self).__name__} must stay as it is in the sandbox "
                    "(it changes). That is not imitated in place. Use: a new resource, or the "
                    "genuine provider (LINKMESH_PLUGINS)",
                    change.path,
                )

    def _all_tags(self, tags: Any) -> Any:
        if tags is UNKNOWN:
            return UNKNOWN
        if reserved := [key for key in tags if key.startswith("aws:")]:
            raise Refused(f"a tag must not begin with aws: (got {reserved[0]!r}).", "tags")
        return {**self.cloud.default_tags, **tags}

    def _look(self, id: str, known: Properties) -> Properties | None:
        found = self.observe(self.cloud, id, known)
        return found and {**found, **{name: known.get(name) for name in self.forgotten}}

    def _observed(self, id: str, news: Properties) -> State:
        observed = self._look(id, news)
        if observed is None:
            raise Refused(f"{type(self).__name__} {id} must exist (it was deleted meanwhile)")
        return State(id, {**news, **observed})


def name_up_to(length: int) -> Text:
    """Make the shape of a name."""
    return Text(f".{{1,{length}}}", f"a name of at most {length} characters")


def canonical_json(name: str, text: str) -> str:
    """Write a JSON document in one form; refuse what is none."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise Refused(f"'{name}' must be a JSON document (got: {error}).", name) from error
    return one_form(document)


def one_form(document: Any) -> str:
    """Write a document so that equal ones are equal texts."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def tags_of(cloud: Cloud, service: str, arn: str) -> dict[str, str]:
    """Read the tags of a thing; in its description ministack keeps the first ones."""
    tags: dict[str, str] = cloud.call(service, "list_tags_for_resource", resourceArn=arn)["tags"]
    return tags


def retag(cloud: Cloud, service: str, arn: str, old: dict[str, str], new: dict[str, str]) -> None:
    """Bring the tags of a thing from old to new."""
    for key in old:
        if key not in new:  # of several keys in one request ministack takes the first
            cloud.call(service, "untag_resource", resourceArn=arn, tagKeys=[key])
    if new and new != old:
        cloud.call(service, "tag_resource", resourceArn=arn, tags=new)


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
    key, *rest = keys
    if rest and isinstance(inner := holder.get(key), dict):
        holder[key] = dict(inner)
        _sort(holder[key], rest)
    elif isinstance(values := holder.get(key), list) and not has_unknown(values):
        holder[key] = sorted(values)
