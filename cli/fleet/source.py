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

from linkmesh.names import is_object_name

from ..errors import PreconditionError

_COMMIT = re.compile(r"[0-9a-f]{40}")

# Source: git, check-ref-format
_BRANCH = re.compile(r"(?!-)(?!.*(\.\.|//|@\{|\.lock$))[^\s~^:?*\[\\]*[^\s~^:?*\[\\/.]")

# An address without a host: `git@github.com:acme/mesh.git`, as ssh takes it.
_URL = re.compile(r"(https?|ssh|git)://[^\s/]+/\S+")
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
    _check_reference("--commit", commit, _COMMIT, "a hash of 40 hexadecimal digits")
    _check_reference("--branch", branch, _BRANCH, "the name of a branch")
    if secret and not is_object_name(secret):
        raise PreconditionError(
            f"--git-secret must be the name of a Secret (got {secret!r}). Kubernetes has no other. "
            "Use, e.g.: --git-secret github"
        )
    address = repository
    if address is None:
        address = _git(folder, "remote", "get-url", "origin", missing="--repository URL")
    if not (commit or branch):
        commit = _committed(folder)
    return Source(
        repository=_url(address),
        commit=commit or "",
        branch=branch or "",
        directory=_directory(folder),
        secret=secret,
    )


def _check_reference(option: str, given: str | None, form: re.Pattern[str], rule: str) -> None:
    if given is not None and not form.fullmatch(given):
        raise PreconditionError(
            f"{option} must be {rule} (got {given!r}). The operator would find nothing. Use: the "
            f"output of git {'rev-parse HEAD' if option == '--commit' else 'branch --show-current'}"
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
    url = re.sub(r"^(https?://)[^/@]*@", r"\1", address)
    if not _URL.fullmatch(url):
        raise PreconditionError(
            f"--repository must be a URL that pods reach (got {url!r}). They clone the program "
            "from it. Use, e.g.: --repository https://github.com/acme/mesh.git"
        )
    return url


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
