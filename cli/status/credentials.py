"""
Whether the credentials of a link are there, are accepted, and are as new as their source; pure.

A mirror controller reads its copy only when it starts or when the `Link` changes, so the `Link`
carries a mark of the credentials that it was told of. A link that calls pods directly has a second
copy. The destination controller reads that one and asks for its rights when the Secret appears, and
never again, so the Secret notes the rights.
Source: linkerd2, multicluster/cmd/service-mirror/main.go, and
controller/api/destination/watcher/cluster_store.go
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from components import names
from components.environment import LinkPlan, LinkSpec
from components.linkerd.labels import CONTROL_PLANE_NAMESPACE, MULTICLUSTER_NAMESPACE
from components.linkerd.links.link_objects import credentials_mark
from components.linkerd.links.rights import calls_pods, discovery_rights

from .faults import Fault, Finding
from .observations import ClusterSeen, Credentials, EnvironmentSeen


def findings(name: str, planned: LinkPlan, seen: EnvironmentSeen) -> list[Finding]:
    """List what is wrong with the credentials of a link: the gravest, if anything."""
    one = _Judge(name=name, planned=planned, seen=seen)
    found = one.missing() or one.refused() or one.old()
    return [] if found is None else [found]


@dataclass(frozen=True, kw_only=True)
class _Judge:
    """The credentials of one link."""

    name: str
    """Name of the environment."""

    planned: LinkPlan
    """Whose they are."""

    seen: EnvironmentSeen
    """What was seen."""

    @property
    def link(self) -> LinkSpec:
        """The link, as it is described."""
        return self.planned.described

    @property
    def _source(self) -> ClusterSeen:
        return self.seen.clusters[self.link.source]

    @property
    def _target(self) -> ClusterSeen:
        return self.seen.clusters[self.link.target]

    @cached_property
    def _given(self) -> Credentials | None:
        return self._source.mirroring.get(self.link.target)

    @property
    def _again(self) -> str:
        return f"pulumi refresh --stack {self.name}.links, then mesh up {self.name}"

    def _found(self, fault: Fault, cause: str, remedy: str) -> Finding:
        return Finding(fault=fault, subject=str(self.link), cause=cause, remedy=remedy)

    def missing(self) -> Finding | None:
        """Look for the copies that the link needs."""
        if "secrets" in self._source.unread:
            return None
        for namespace, found in self._copies():
            if self.link.target not in found:
                return self._found(
                    Fault.CREDENTIALS_MISSING,
                    f"Secret {namespace}/{names.credentials_secret(self.link.target)} on "
                    f"{self.link.source!r} is missing or cannot be read as a kubeconfig",
                    f"make it again: {self._again}",
                )
        return None

    def _copies(self) -> Iterator[tuple[str, Mapping[str, Credentials]]]:
        yield MULTICLUSTER_NAMESPACE, self._source.mirroring
        if calls_pods(self.planned.modes):
            yield CONTROL_PLANE_NAMESPACE, self._source.discovery

    def refused(self) -> Finding | None:
        """See whether the target accepts them, by their date and by its answer."""
        given = self._given
        if given is None:
            return None
        if given.expires is not None and given.expires <= self.seen.at:
            cause = f"the token of {given.account} expired on {given.expires:%Y-%m-%d %H:%M} UTC"
            return self._found(Fault.CREDENTIALS_REFUSED, cause, self._renewed("expires"))
        answer = self.seen.answers.get(self.link)
        if answer is not None and answer.untrusted:
            cause = (
                f"the API server at {given.server} has no certificate of the CA in the credentials "
                f"of {self.link.target!r}: it is another one, or its CA changed"
            )
            return self._found(Fault.CREDENTIALS_REFUSED, cause, self._addressed)
        if answer is None or answer.code is None:
            why = answer.why if answer else "nobody asked"
            return self._found(
                Fault.UNKNOWN,
                f"whether the token is valid is unknown: {self.link.target!r} gave no answer "
                f"({why})",
                f"see whether kubectl reaches {self.link.target!r} from here",
            )
        if answer.code == 401:
            cause = (
                f"the API server of {self.link.target!r} refuses the token of {given.account} "
                "(401): it expired or was revoked"
            )
            return self._found(Fault.CREDENTIALS_REFUSED, cause, self._renewed("is refused"))
        if answer.code >= 400:
            return self._found(
                Fault.CREDENTIALS_REFUSED,
                f"{given.account} may not list {answer.resource} of {self.link.target!r} "
                f"({answer.code})",
                f"deploy {self.link.target!r} again, which grants it: pulumi refresh --stack "
                f"{self.name}.{self.link.target}, then mesh up {self.name}",
            )
        return None

    @property
    def _addressed(self) -> str:
        described = "" if self.planned.api_server is None else "correct api_server=, then "
        return f"{described}take the target's address and CA: {self._again}"

    def _renewed(self, again: str) -> str:
        return (
            f"take the target's: {self._again}. If it {again} again, renew it: mesh rotate "
            f"{self.name} tokens"
        )

    def old(self) -> Finding | None:
        """Hold them against the Secret on the target that they came from."""
        given = self._given
        if given is None or "secrets" in self._target.unread:
            return None
        if problem := self._elsewhere(given):
            return self._found(Fault.CREDENTIALS_OLD, problem, self._addressed)
        number, newest = self._generations(given)
        if number != newest:
            return self._found(
                Fault.CREDENTIALS_OLD, self._not_newest(newest), f"take it: {self._again}"
            )
        if calls_pods(self.planned.modes) and (found := self._discovery(given)):
            return found
        if self._mark(given, number) not in self._marks:
            return self._found(
                Fault.CREDENTIALS_OLD,
                "the mirror controller has not been told of these credentials: the mark in the "
                "Link is of others",
                f"tell it: {self._again}",
            )
        return None

    def _elsewhere(self, given: Credentials) -> str:
        """Hold address and CA against those of the target; empty if they are the same."""
        told = self._target.told
        server = self.planned.api_server or told.get("apiServer")
        if server and given.server != server:
            return f"the credentials say that the API server is {given.server}, not {server}"
        if given.authority != told.get("certificateAuthorityData", given.authority):
            return f"the credentials have other CA certificates than {self.link.target!r}"
        return ""

    def _discovery(self, given: Credentials) -> Finding | None:
        """Hold the destination controller's copy against the other one, and against its rights."""
        secret = f"{CONTROL_PLANE_NAMESPACE}/{names.credentials_secret(self.link.target)}"
        copy = self._source.discovery[self.link.target]
        if copy.digest != given.digest:
            cause = (
                f"the Secret {secret} has another token than the one in {MULTICLUSTER_NAMESPACE}"
            )
            return self._found(Fault.CREDENTIALS_OLD, cause, f"make both again: {self._again}")
        if copy.rights != discovery_rights():
            cause = (
                f"the Secret {secret} was made before {given.account} had its present rights; the "
                "destination controller asks for them only when the Secret appears, so calls pod "
                "to pod fail"
            )
            return self._found(Fault.CREDENTIALS_OLD, cause, f"replace it: {self._again}")
        return None

    def _not_newest(self, newest: int) -> str:
        if not newest:
            return f"{self.link.target!r} has no Secret with a token for {self.link.source!r}"
        secret = names.remote_access_token(self.link.source, newest)
        return (
            f"the token is not the newest of {self.link.target!r}: Secret "
            f"{MULTICLUSTER_NAMESPACE}/{secret} "
            "is newer"
        )

    def _generations(self, given: Credentials) -> tuple[int, int]:
        """Find the number of the token, and that of the newest; 0 if there is none."""
        account = names.remote_access_account(self.link.source)
        by_number = {
            int(tail.lstrip("-") or 1): digest
            for name, digest in self._target.tokens.items()
            if name.startswith(f"{account}-token")
            if (tail := name.removeprefix(f"{account}-token")) == "" or tail[1:].isdigit()
        }
        known = [number for number, digest in by_number.items() if digest == given.digest]
        return max(known, default=-1), max(by_number, default=0)

    @property
    def _marks(self) -> list[str]:
        spec = self._source.links.get(self.link.target, {})
        return list(spec.get("excludedAnnotations") or [])

    @staticmethod
    def _mark(given: Credentials, number: int) -> str:
        return credentials_mark(
            account=given.account,
            generation=number,
            api_server=given.server,
            certificate_authority_data=given.authority,
        )
