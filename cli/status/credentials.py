"""
Rules for the credentials of a link: they exist, are accepted, and are the newest of the target.

A link has two copies, one for the mirror controllers and one for the destination controller. A
controller reads its copy only when it starts or when the `Link` changes, so the `Link` carries a
mark (a digest) of the credentials that the controller has read.
Source: linkerd2, multicluster/cmd/service-mirror/main.go
"""

from dataclasses import dataclass
from functools import cached_property

from components import names
from components.environment import LinkSpec
from components.linkerd.labels import CONTROL_PLANE_NAMESPACE, MULTICLUSTER_NAMESPACE
from components.linkerd.links.link_objects import credentials_mark

from .faults import Fault, Finding
from .observations import Credentials, ObservedCluster, ObservedEnvironment


def findings(name: str, link: LinkSpec, observed: ObservedEnvironment) -> list[Finding]:
    """Return the most severe fault of a link's credentials, if any."""
    one = _CredentialsEvaluation(name=name, link=link, observed=observed)
    found = one.missing() or one.rejected() or one.outdated()
    return [] if found is None else [found]


@dataclass(frozen=True, kw_only=True)
class _CredentialsEvaluation:
    """The credentials of one link."""

    name: str
    """Name of the environment."""

    link: LinkSpec
    """The link."""

    observed: ObservedEnvironment
    """The observed state."""

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
        return f"pulumi refresh --stack {self.name}.links, then mesh up {self.name}"

    def _found(self, fault: Fault, cause: str, remedy: str) -> Finding:
        return Finding(fault=fault, subject=str(self.link), cause=cause, remedy=remedy)

    def missing(self) -> Finding | None:
        """Check whether both copies exist."""
        if "secrets" in self._source.unread:
            return None
        for namespace, found in (
            (MULTICLUSTER_NAMESPACE, self._source.mirroring),
            (CONTROL_PLANE_NAMESPACE, self._source.discovery),
        ):
            if self.link.target not in found:
                return self._found(
                    Fault.CREDENTIALS_MISSING,
                    f"Secret {namespace}/{names.credentials_secret(self.link.target)} on "
                    f"{self.link.source!r} is missing or cannot be read as a kubeconfig",
                    f"create it again: {self._again}",
                )
        return None

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
                f"{current.account} may not list services of {self.link.target!r} ({answer.code})",
                f"deploy {self.link.target!r} again, which grants it: pulumi refresh --stack "
                f"{self.name}.{self.link.target}, then mesh up {self.name}",
            )
        return None

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
        number, newest = self._generations(current)
        if number != newest:
            return self._found(
                Fault.CREDENTIALS_OLD, self._not_newest(newest), f"copy it: {self._again}"
            )
        if self._source.discovery[self.link.target].digest != current.digest:
            return self._found(
                Fault.CREDENTIALS_OLD,
                "the Secret "
                f"{CONTROL_PLANE_NAMESPACE}/{names.credentials_secret(self.link.target)} has "
                "another "
                f"token than the one in {MULTICLUSTER_NAMESPACE}",
                f"create both again: {self._again}",
            )
        if self._mark(current, number) not in self._marks:
            return self._found(
                Fault.CREDENTIALS_OLD,
                "the mirror controller has not read these credentials: the mark in the Link is "
                "that of older ones",
                f"update the Link: {self._again}",
            )
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
