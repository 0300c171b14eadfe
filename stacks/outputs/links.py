"""The contracts of grants, links, exports and descriptions."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from .reading import VERSION, Stacks, Values, export


@dataclass(frozen=True, kw_only=True)
class AccessContract:
    """What a target gives to one source: an account and its token. All of it is a secret."""

    account: pulumi.Input[str]
    """The service account."""

    token: pulumi.Input[str]
    """The account's token."""

    generation: pulumi.Input[int] = 1
    """Its number: another one is another token."""

    def export(self, source: str) -> None:
        """Export as `access_<source>`."""
        values = {
            "version": VERSION,
            "account": self.account,
            "token": self.token,
            "generation": self.generation,
        }
        pulumi.export(f"access_{source}", pulumi.Output.secret(values))

    @classmethod
    def from_stack(cls, stacks: Stacks, target: str, source: str) -> "AccessContract":
        """Read from a target's stack."""
        access = stacks.read(target, f"access_{source}")
        # Stacks of older versions do not export it: their tokens are of the first generation.
        generation = access.apply(lambda exported: exported.get("generation", 1))
        return cls(account=access["account"], token=access["token"], generation=generation)


@dataclass(frozen=True, kw_only=True)
class LinkContract:
    """What the links of a source export of each."""

    source: str
    """The cluster that calls."""

    target: str
    """The cluster that is called."""

    gateway_address: pulumi.Input[str]
    """Where calls arrive."""

    @staticmethod
    def export_all(links: "Sequence[LinkContract]") -> None:
        """Export as `links`."""
        exported = [
            {
                "source": link.source,
                "target": link.target,
                "gatewayAddress": link.gateway_address,
            }
            for link in links
        ]
        export("links", {"links": exported})


@dataclass(frozen=True, kw_only=True)
class AppsContract:
    """What the exports of a cluster are called by: names of mirrors, for people."""

    mirrors: Sequence[Values]
    """One entry for each mirror service: `{"cluster", "namespace", "service"}`."""

    def export(self) -> None:
        """Export as `apps`."""
        export("apps", {"mirrors": list(self.mirrors)})


@dataclass(frozen=True, kw_only=True)
class DescriptionContract:
    """What a stack exports of the description that it was deployed from: for previews."""

    record: Values
    """Its record, with a version of its own; nothing of it is secret."""

    def export(self) -> None:
        """Export as `description`."""
        pulumi.export("description", self.record)
