"""
Rules for the credentials of a link: they exist, are accepted, and are the newest of the target.

A mirror controller reads its copy only when it starts or when the `Link` changes, so the `Link`
carries a mark (a digest) of the credentials that the controller has read. A link that calls pods
directly has a second copy, for the destination controller. That one reads it and checks its rights
only when the Secret appears, so the Secret contains the rights.
Source: linkerd2, multicluster/cmd/service-mirror/main.go, and
controller/api/destination/watcher/cluster_store.go
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from linkmesh import names
from linkmesh.environment import LinkPlan, LinkSpec
from linkmesh.environment.parts import LINKS, part_of
from linkmesh.linkerd.labels import CONTROL_PLANE_NAMESPACE, MULTICLUSTER_NAMESPACE
from linkmesh.linkerd.links.link_fields import credentials_mark
from linkmesh.linkerd.links.rights import calls_pods, discovery_rights

from .faults import Fault, Finding, refresh_and_deploy
from .observations import Credentials, ObservedCluster, ObservedEnvironment


def findings(name: str, planned: LinkPlan, observed: ObservedEnvironment) -> list[Finding]:
    """Return the most severe fault of a link's credentials, if any."""
    one = _CredentialsEvaluation(name=name, planned=planned, observed=observed)
    found = one.missing() or one.rejected() or one.outdated()
    return [] if found is None else [found]


@dataclass(frozen=True, kw_only=True)
class _CredentialsEvaluation:
    """The credentials of one link."""

    name: str
    """Name of the environment."""

    planned: LinkPlan
    """The link."""

    observed: ObservedEnvironment
    """The observed state."""

    @property
    def link(self) -> LinkSpec:
        """The link, as it is described."""
        return self.planned.described

    @property
    def _source(self) -> ObservedCluster:
        return self.observed.clusters[self.link.source]

    @property
    def _target(self) -> ObservedCluster:
        return self.observed.clusters[self.link.target]

    @cached_property
    def _current(self) -> Credentials | None:
        return self._source.mirroring.get(self.link.target)

    @property
    def _again(self) -> str:
        return refresh_and_deploy(self.name, part_of(LINKS, self.link.source))

    def _found(self, fault: Fault, cause: str, remedy: str) -> Finding:
        return Finding(fault=fault, subject=str(self.link), cause=cause, remedy=remedy)

    def missing(self) -> Finding | None:
        """Check whether the copies that the link needs exist."""
        if "secrets" in self._source.unread:
            return None
        for namespace, found in self._copies():
            if self.link.target not in found:
                return self._found(
                    Fault.CREDENTIALS_MISSING,
                    f"Secret {namespace}/{names.credentials_secret(self.link.target)} on "
                    f"{self.link.source!r} is missing or cannot be read as a kubeconfig",
                    f"create it again: {self._again}",
                )
        return None

    def _copies(self) -> Iterator[tuple[str, Mapping[str, Credentials]]]:
        yield MULTICLUSTER_NAMESPACE, self._source.mirroring
        if calls_pods(self.planned.modes):
            yield CONTROL_PLANE_NAMESPACE, self._source.discovery

    def rejected(self) -> Finding | None:
        """Check whether the token has expired and whether the target accepts it."""
        current = self._current
        if current is None:
            return None
        if current.expires is not None and current.expires <= self.observed.at:
            cause = (
                f"the token of {current.account} expired on {current.expires:%Y-%m-%d %H:%M} UTC"
            )
            return self._found(Fault.CREDENTIALS_REJECTED, cause, self._renewed("expires"))
        answer = self.observed.answers.get(self.link)
        if answer is not None and answer.untrusted:
            cause = (
                f"the API server at {current.server} has no certificate of the CA in the "
                f"credentials of {self.link.target!r}: it is another one, or its CA changed"
            )
            return self._found(Fault.CREDENTIALS_REJECTED, cause, self._addressed)
        if answer is None or answer.code is None:
            why = answer.why if answer else "not requested"
            return self._found(
                Fault.UNKNOWN,
                f"whether the token is valid is unknown: {self.link.target!r} gave no answer "
                f"({why})",
                f"check whether kubectl reaches {self.link.target!r} from here",
            )
        if answer.code == 401:
            cause = (
                f"the API server of {self.link.target!r} rejects the token of {current.account} "
                "(401): it expired or was revoked"
            )
            return self._found(Fault.CREDENTIALS_REJECTED, cause, self._renewed("is rejected"))
        if answer.code >= 400:
            return self._found(
                Fault.CREDENTIALS_REJECTED,
                f"{current.account} may not list {answer.resource} of {self.link.target!r} "
                f"({answer.code})",
                f"deploy {self.link.target!r} again, which grants it: "
                f"{refresh_and_deploy(self.name, self.link.target)}",
            )
        return None

    @property
    def _addressed(self) -> str:
        described = "" if self.planned.api_server is None else "correct api_server=, then "
        return f"{described}take the target's address and CA: {self._again}"

    def _renewed(self, again: str) -> str:
        return (
            f"copy the target's token: {self._again}. If it {again} again, renew it: mesh rotate "
            f"{self.name} tokens"
        )

    def outdated(self) -> Finding | None:
        """Compare them with the newest Secret on the target."""
        current = self._current
        if current is None or "secrets" in self._target.unread:
            return None
        if problem := self._elsewhere(current):
            return self._found(Fault.CREDENTIALS_OLD, problem, self._addressed)
        number, newest = self._generations(current)
        if number != newest:
            return self._found(
                Fault.CREDENTIALS_OLD, self._not_newest(newest), f"copy it: {self._again}"
            )
        if calls_pods(self.planned.modes) and (found := self._discovery(current)):
            return found
        if self._mark(current, number) not in self._marks:
            return self._found(
                Fault.CREDENTIALS_OLD,
                "the mirror controller has not read these credentials: the mark in the Link is "
                "that of older ones",
                f"update the Link: {self._again}",
            )
        return None

    def _elsewhere(self, current: Credentials) -> str:
        """Compare address and CA with those of the target; empty if they are the same."""
        contract = self._target.contract
        server = self.planned.api_server or contract.get("apiServer")
        if server and current.server != server:
            return f"the credentials say that the API server is {current.server}, not {server}"
        if current.authority != contract.get("certificateAuthorityData", current.authority):
            return f"the credentials have other CA certificates than {self.link.target!r}"
        return ""

    def _discovery(self, current: Credentials) -> Finding | None:
        """Compare the destination controller's copy with the other one, and check its rights."""
        secret = f"{CONTROL_PLANE_NAMESPACE}/{names.credentials_secret(self.link.target)}"
        copy = self._source.discovery[self.link.target]
        if copy.digest != current.digest:
            cause = (
                f"the Secret {secret} has another token than the one in {MULTICLUSTER_NAMESPACE}"
            )
            return self._found(Fault.CREDENTIALS_OLD, cause, f"create both again: {self._again}")
        if copy.rights != discovery_rights():
            cause = (
                f"the Secret {secret} was created before {current.account} had its present "
                "rights; the destination controller checks them only when the Secret appears, so "
                "calls pod to pod fail"
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

    def _generations(self, credentials: Credentials) -> tuple[int, int]:
        """Return the generations of the current and of the newest token; -1 and 0 if unknown."""
        account = names.remote_access_account(self.link.source)
        by_number = {
            int(tail.lstrip("-") or 1): digest
            for name, digest in self._target.tokens.items()
            if name.startswith(f"{account}-token")
            if (tail := name.removeprefix(f"{account}-token")) == "" or tail[1:].isdigit()
        }
        known = [number for number, digest in by_number.items() if digest == credentials.digest]
        return max(known, default=-1), max(by_number, default=0)

    @property
    def _marks(self) -> list[str]:
        spec = self._source.links.get(self.link.target, {})
        return list(spec.get("excludedAnnotations") or [])

    @staticmethod
    def _mark(credentials: Credentials, number: int) -> str:
        return credentials_mark(
            account=credentials.account,
            generation=number,
            api_server=credentials.server,
            certificate_authority_data=credentials.authority,
        )
