"""
What an imitated provider is made of: the provider, one class for each type of resource, and the
ways in which they say no.

Resources are stateless; a provider process serves one provider resource, so configuration may live
in the provider. Everything here is plain Python and is tested without an engine.
"""

import hashlib
import os
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.plugins.diff import Diff, diff_inputs
from sandbox.plugins.values import DEFAULTS, Properties


class Refused(Exception):  # noqa: N818 - read as a word: raise Refused(...)
    """
    Something that the genuine provider, or this imitation, does not accept, or that did not work.

    In a check it is reported at its property; elsewhere the operation fails with the message.
    """

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.failures: list[tuple[str, str]] = [(path, message)]
        """Property path ("" for none) and reason."""

    @classmethod
    def all(cls, failures: Sequence[tuple[str, str]]) -> "Refused":
        """Refuse several (property path, reason) at once."""
        refused = cls("; ".join(f"'{path}': {why}" if path else why for path, why in failures))
        refused.failures = list(failures)
        return refused


@dataclass(frozen=True)
class State:
    """A resource as it exists before or after an operation."""

    id: str
    outputs: Properties


@dataclass(frozen=True, kw_only=True)
class Naming:
    """What a resource may make a physical name from when the program gives none."""

    urn: str
    name: str
    """The logical name."""

    seed: bytes
    """Random bytes of the engine, equal in a preview and the update that follows it."""

    def unique(self) -> str:
        """Make `<logical name>-<seven hexadecimal digits>`, as Terraform's bridge does."""
        suffix = hashlib.sha256((self.seed or os.urandom(16)) + self.urn.encode()).hexdigest()
        return f"{self.name}-{suffix[:7]}"


def keeps_given_name(old_inputs: Properties, news: Properties, key: str) -> bool:
    """
    Tell whether old and new resource would have the same name, given by the program.

    Then the old one has to be deleted before it can be replaced; a name that was made differs.
    Source: pulumi/pulumi-terraform-bridge, pkg/tfbridge, nameRequiresDeleteBeforeReplace
    """
    return old_inputs.get(key) == news.get(key) and key not in news.get(DEFAULTS, [])


class Resource(ABC):
    """One type of resource. Preview outputs may hold UNKNOWN; unknown inputs stay unknown."""

    auto_named: str = ""
    """The top-level property that gets the logical name and a suffix if the program gives none."""

    def named(self, news: Properties, olds: Properties | None, naming: Naming) -> Properties:
        """
        Fill in physical names, before the check.

        An existing resource keeps the name that was made for it, but not one that the program gave
        and no longer gives: Terraform's bridge notes in the inputs what it filled in.
        """
        if not self.auto_named or news.get(self.auto_named) is not None:
            return news
        was_made = self.auto_named in (olds or {}).get(DEFAULTS, [])
        name = (olds or {})[self.auto_named] if was_made else naming.unique()
        return {**news, self.auto_named: name, DEFAULTS: [self.auto_named]}

    @abstractmethod
    def check(self, news: Properties) -> Properties:
        """Refuse wrong inputs, bring the others in order; they become the resource's inputs."""

    @abstractmethod
    def diff(self, old_inputs: Properties, news: Properties) -> Diff:
        """Say what changes, and whether in place."""

    @abstractmethod
    def create(self, news: Properties, *, preview: bool) -> State:
        """Make it. In a preview make nothing, with the id ""."""

    @abstractmethod
    def read(self, old: State, inputs: Properties) -> tuple[State, Properties] | None:
        """Look at it: state and inputs, or None if it is gone. Both are empty on an import."""

    @abstractmethod
    def update(self, old: State, inputs: Properties, news: Properties, *, preview: bool) -> State:
        """Change it in place, from `inputs` to `news`; what is not in these vanishes."""

    @abstractmethod
    def delete(self, old: State) -> None:
        """Delete it; that it is gone already is no error."""


class Provider(ABC):
    """One plugin."""

    name: str
    """As in type tokens and in the plugin's file name, for example `tls`."""

    version: str
    """Exactly the version of the SDK's package: the engine asks for that plugin."""

    @abstractmethod
    def check_config(self, news: Properties) -> Properties:
        """Refuse wrong arguments; SDKs send bool, list and object arguments as JSON text."""

    def diff_config(self, olds: Properties, news: Properties) -> Diff:
        """Say what changes in the provider itself; a replaced provider replaces its resources."""
        return diff_inputs(olds, news)

    def configure(self, config: Properties) -> None:  # noqa: B027 - most need nothing
        """Take over the arguments; not called while any of them is unknown."""

    @abstractmethod
    def resource(self, token: str) -> Resource:
        """Give the type of resource, or raise `unknown_type`."""

    def parameterize(self, value: bytes, name: str, version: str) -> None:
        """Become the provider that the SDK describes."""
        raise Refused(
            f"the imitated provider {self.name} takes no parameters (got {name} {version})"
        )

    def unknown_type(self, token: str) -> Refused:
        """Make the refusal of a type that is not imitated."""
        return Refused(
            f"resource type {token} must be one that the imitated provider {self.name} "
            f"{self.version} knows (it does not). Nothing would be made of it. "
            "Use: the genuine provider (LINKMESH_PLUGINS)"
        )
