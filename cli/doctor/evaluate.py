"""
Holds what was seen of a machine against what an environment needs; pure.

A finding that is not well names the command or the page that mends it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from stacks.settings import kubeconfig_variable

from .machine import Machine, is_older, version
from .needs import AWS_CLI, AWS_CLI_1, KUBECTL, PULUMI, PYTHON, Needs


class Verdict(Enum):
    """How something is; the value is the word for it."""

    OK = "ok"
    MISSING = "missing"
    OLD = "too old"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """How one thing is."""

    what: str
    """The thing."""

    verdict: Verdict
    """How it is."""

    seen: str = ""
    """What was seen of it."""

    remedy: str = ""
    """What mends it: a command or a page."""

    is_needed: bool = True
    """Whether commands fail without it."""


def findings(needs: Needs, machine: Machine) -> list[Finding]:
    """Judge everything that the environment needs, and what is useful besides."""
    return [
        *_python(needs, machine),
        *_pulumi(needs, machine),
        *_state(needs, machine),
        *(_docker(machine) if needs.has_kind else ()),
        *(_aws(machine) if needs.has_eks else ()),
        *(_kubeconfig(cluster, machine) for cluster in needs.existing),
        *_useful(machine),
    ]


def is_well(found: Iterable[Finding]) -> bool:
    """Tell whether everything is there that is needed."""
    return all(each.verdict is Verdict.OK for each in found if each.is_needed)


def _python(needs: Needs, machine: Machine) -> Iterator[Finding]:
    yield _at_least("Python", machine.python, PYTHON, "make setup PYTHON=/path/to/python3")
    for package, wanted in needs.packages.items():
        yield _pinned(f"package {package}", machine.packages.get(package), wanted, "make setup")


def _pulumi(needs: Needs, machine: Machine) -> Iterator[Finding]:
    install = "https://www.pulumi.com/docs/iac/download-install/ (for the sandbox: make toolchain)"
    yield _at_least("pulumi", machine.programs.get("pulumi"), PULUMI, install)
    for plugin, wanted in needs.plugins.items():
        what, remedy = f"plugin {plugin}", f"pulumi plugin install resource {plugin} {wanted}"
        if machine.plugins is None:
            yield Finding(
                what=what,
                verdict=Verdict.UNKNOWN,
                seen="pulumi does not list its plugins",
                remedy="pulumi plugin ls",
            )
            continue
        installed = machine.plugins.get(plugin, ())
        exact = next((each for each in installed if each == wanted), None)
        yield _pinned(what, exact or max(installed, key=version, default=None), wanted, remedy)


def _state(needs: Needs, machine: Machine) -> Iterator[Finding]:
    login = 'pulumi login, or PULUMI_BACKEND_URL (in the sandbox: eval "$(make env)")'
    if machine.backend is None:
        yield Finding(what="backend", verdict=Verdict.UNKNOWN, remedy="pulumi whoami --verbose")
    else:
        yield _there("backend", machine.backend, login)
    if not _wants_passphrase(needs, machine):
        yield Finding(what="secrets", verdict=Verdict.OK, seen="by a key, not a passphrase")
        return
    ways = "PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE"
    if not any(stack in machine.stack_settings for stack in needs.stacks):
        ways += ", or LINKMESH_SECRETS_PROVIDER before the first stack is made"
    if machine.passphrase is None:
        yield Finding(what="secrets", verdict=Verdict.MISSING, seen="no passphrase", remedy=ways)
    else:
        yield _there("secrets", machine.passphrase, ways)


def _wants_passphrase(needs: Needs, machine: Machine) -> bool:
    """Tell whether any stack's secrets are, or will be, encrypted with a passphrase."""
    known = [machine.stack_settings.get(stack) for stack in needs.stacks]
    if any(settings and "encryptionsalt" in settings for settings in known):
        return True
    made = [settings for settings in known if settings]
    if len(made) == len(known):
        return False
    if machine.secrets_provider:
        return machine.secrets_provider == "passphrase"
    # Pulumi Cloud has keys of its own; every other backend leaves secrets to a passphrase.
    return not (machine.backend or "").startswith("https://")


def _docker(machine: Machine) -> Iterator[Finding]:
    if machine.programs.get("docker") is None:
        yield Finding(
            what="docker",
            verdict=Verdict.MISSING,
            remedy="https://docs.docker.com/engine/install/",
        )
    elif not machine.docker_answers:
        yield Finding(
            what="docker",
            verdict=Verdict.UNKNOWN if machine.docker_answers is None else Verdict.MISSING,
            seen="installed, does not answer",
            remedy="start it, and see that this user may use it: docker info",
        )
    else:
        yield Finding(what="docker", verdict=Verdict.OK, seen="answers")


def _aws(machine: Machine) -> Iterator[Finding]:
    install = "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"
    seen = machine.programs.get("aws")
    yield _at_least("aws", seen, AWS_CLI_1 if (seen or "").startswith("1.") else AWS_CLI, install)
    if machine.caller:
        yield Finding(what="AWS credentials", verdict=Verdict.OK, seen=machine.caller)
    elif machine.caller is not None:
        yield Finding(
            what="AWS credentials",
            verdict=Verdict.MISSING,
            seen="AWS does not say who calls",
            remedy="aws sts get-caller-identity",
        )
    else:
        yield _there("AWS credentials", machine.credentials, "aws configure sso, or AWS_PROFILE")


def _kubeconfig(cluster: str, machine: Machine) -> Finding:
    what = f"kubeconfig of {cluster}"
    variable = kubeconfig_variable(cluster)
    problem = machine.kubeconfigs.get(cluster)
    if problem is None:
        return Finding(
            what=what,
            verdict=Verdict.MISSING,
            remedy=f"{variable}=FILE, or pulumi config set --secret linkmesh:kubeconfig < FILE",
        )
    if problem:
        return Finding(
            what=what,
            verdict=Verdict.MISSING,
            seen=problem,
            remedy=f"kubectl config view --minify --flatten --raw > FILE; {variable}=FILE",
        )
    return Finding(what=what, verdict=Verdict.OK)


def _useful(machine: Machine) -> Iterator[Finding]:
    """Judge what no command needs, but whoever operates clusters does."""
    kubectl = _at_least(
        "kubectl",
        machine.programs.get("kubectl"),
        KUBECTL,
        "https://kubernetes.io/docs/tasks/tools/",
        is_needed=False,
    )
    yield kubectl
    yield Finding(
        what="policies",
        verdict=Verdict.OK if machine.has_policies else Verdict.MISSING,
        seen="" if machine.has_policies else "previews judge no rules",
        remedy="" if machine.has_policies else "make policies",
        is_needed=False,
    )
    if machine.clock_is_right is None:
        yield Finding(what="clock", verdict=Verdict.UNKNOWN, remedy="timedatectl", is_needed=False)
    else:
        yield Finding(
            what="clock",
            verdict=Verdict.OK if machine.clock_is_right else Verdict.UNKNOWN,
            seen="synchronized" if machine.clock_is_right else "not synchronized",
            remedy="" if machine.clock_is_right else "timedatectl set-ntp true",
            is_needed=False,
        )


def _at_least(
    what: str, seen: str | None, least: str, remedy: str, *, is_needed: bool = True
) -> Finding:
    """Judge a program that must have a version or a newer one."""
    if seen is None:
        verdict, told = Verdict.MISSING, ""
    elif not seen:
        verdict, told = Verdict.UNKNOWN, "does not tell its version"
    else:
        is_old = is_older(seen, least)
        verdict = Verdict.OLD if is_old else Verdict.OK
        told = f"{seen}, needs {least}" if is_old else seen
    is_ok = verdict is Verdict.OK
    return Finding(
        what=what,
        verdict=verdict,
        seen=told,
        remedy="" if is_ok else remedy,
        is_needed=is_needed,
    )


def _pinned(what: str, seen: str | None, wanted: str, remedy: str) -> Finding:
    """Judge something that must have exactly one version."""
    if seen == wanted:
        return Finding(what=what, verdict=Verdict.OK, seen=seen)
    if seen is None:
        return Finding(what=what, verdict=Verdict.MISSING, seen=f"needs {wanted}", remedy=remedy)
    verdict = Verdict.OLD if is_older(seen, wanted) else Verdict.MISSING
    return Finding(what=what, verdict=verdict, seen=f"{seen}, needs {wanted}", remedy=remedy)


def _there(what: str, seen: str, remedy: str) -> Finding:
    if seen:
        return Finding(what=what, verdict=Verdict.OK, seen=seen)
    return Finding(what=what, verdict=Verdict.MISSING, remedy=remedy)
