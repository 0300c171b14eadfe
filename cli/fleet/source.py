"""
Where the operator's pods find the program: a repository, and a commit or a branch of it.

With a commit, a change of the program changes every `Stack` resource, and the operator runs none
before those that it depends on have run at their new generation. With a branch it looks at each
stack by itself.
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ..errors import PreconditionError

# An address without a host: `git@github.com:acme/mesh.git`, as ssh takes it.
_SCP_ADDRESS = re.compile(r"(?P<user>\w+)@(?P<host>[\w.-]+):(?P<path>[^/].*)")


@dataclass(frozen=True, kw_only=True)
class Source:
    """A repository at a commit, or at the head of a branch."""

    repository: str
    """URL of the repository."""

    commit: str = ""
    """Hash of the commit; empty with a branch."""

    branch: str = ""
    """Name of the branch; empty with a commit."""

    directory: str = ""
    """Folder of the project in the repository; empty if it is the repository's own."""

    secret: str = ""
    """Name of the Secret with a token that may read the repository; empty if none is needed."""


def source_of(
    folder: Path, *, repository: str | None, commit: str | None, branch: str | None, secret: str
) -> Source:
    """
    Return the source of a program; what is not given is that of the checkout in a folder.

    Raises: PreconditionError, if the checkout has no answer, or has changes that no commit has.
    """
    if commit and branch:
        raise PreconditionError(
            f"--commit and --branch must not be combined (got {commit} and {branch}). The operator "
            "deploys one of them. Use: --commit, for stacks that run in order"
        )
    address = repository or _git(folder, "remote", "get-url", "origin", missing="--repository URL")
    if not (commit or branch):
        commit = _committed(folder)
    return Source(
        repository=_url(address),
        commit=commit or "",
        branch=branch or "",
        directory=_directory(folder),
        secret=secret,
    )


def _committed(folder: Path) -> str:
    """Return the commit of a checkout without changes."""
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no", missing="--commit HASH")
    if changed:
        raise PreconditionError(
            "the checkout must have no changes that are not committed (it has: "
            f"{', '.join(line.split()[-1] for line in changed.splitlines())}). The operator "
            "deploys the commit, not the files here. Commit them, or use: --commit HASH"
        )
    return _git(folder, "rev-parse", "HEAD", missing="--commit HASH")


def _directory(folder: Path) -> str:
    """Return where in its checkout a project is; empty if it is in none."""
    try:
        return _git(folder, "rev-parse", "--show-prefix", missing="").rstrip("/")
    except PreconditionError:
        return ""


def _url(address: str) -> str:
    """Write the address of a repository as a URL, without a user's name or password."""
    if found := _SCP_ADDRESS.fullmatch(address):
        return f"https://{found['host']}/{found['path']}"
    return re.sub(r"^(https?://)[^/@]*@", r"\1", address)


def _git(folder: Path, *arguments: str, missing: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        raise PreconditionError(
            f"{folder} must be a git checkout with a remote named origin (git "
            f"{' '.join(arguments)} failed). The operator deploys from a repository. Use: {missing}"
        ) from None
    return done.stdout.rstrip()
