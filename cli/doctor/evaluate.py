"""
Compares the state of a machine with what an environment needs.

Each problem comes with its remedy: a command or a page.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from linkmesh.stacks.settings import kubeconfig_variable

from ..runs.salts import SALT
from .machine import Machine, is_older, version
from .needs import AWS_CLI, AWS_CLI_1, KUBECTL, PULUMI, PYTHON, Needs

# The packages of a project, also of this repository.
INSTALL = "pip install --requirement requirements.txt"


class State(Enum):
    """State of a requirement; the value is its name in JSON."""

    OK = "ok"
    MISSING = "missing"
    OUTDATED = "outdated"
    UNKNOWN = "unknown"
    COLLIDES = "collides"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The state of one requirement."""

    subject: str
    """The requirement, e.g. `pulumi`."""

    state: State
    """Its state."""

    observed: str = ""
    """What was observed, e.g. a version."""

    remedy: str = ""
    """What to do: a command or a page; empty if nothing."""

    is_required: bool = True
    """Whether commands fail without it."""


def findings(needs: Needs, machine: Machine) -> list[Finding]:
    """Evaluate everything that the environment needs, and optional requirements."""
    return [
        *_python(needs, machine),
        *_pulumi(needs, machine),
        *_backend_and_secrets(needs, machine),
        *(_docker(machine) if needs.has_kind else ()),
        *(_aws(machine) if needs.has_eks else ()),
        *(_kubeconfig(cluster, machine) for cluster in needs.existing),
        *_useful(machine),
    ]


def is_healthy(found: Iterable[Finding]) -> bool:
    """Return whether all requirements that are not optional are met."""
    return all(each.state is State.OK for each in found if each.is_required)


def _python(needs: Needs, machine: Machine) -> Iterator[Finding]:
    newer = f"python{PYTHON} -m venv --clear .venv && .venv/bin/{INSTALL}"
    yield _at_least("Python", machine.python, PYTHON, newer)
    for package, expected in needs.packages.items():
        yield _pinned(f"package {package}", machine.packages.get(package), expected, INSTALL)


def _pulumi(needs: Needs, machine: Machine) -> Iterator[Finding]:
    install = "https://www.pulumi.com/docs/iac/download-install/ (for the sandbox: make toolchain)"
    yield _at_least("pulumi", machine.programs.get("pulumi"), PULUMI, install)
    for plugin, expected in needs.plugins.items():
        subject, remedy = f"plugin {plugin}", f"pulumi plugin install resource {plugin} {expected}"
        if machine.plugins is None:
            yield Finding(
                subject=subject,
                state=State.UNKNOWN,
                observed="pulumi does not list its plugins",
                remedy="pulumi plugin ls",
            )
            continue
        installed = machine.plugins.get(plugin, ())
        exact = next((each for each in installed if each == expected), None)
        yield _pinned(subject, exact or max(installed, key=version, default=None), expected, remedy)


def _backend_and_secrets(needs: Needs, machine: Machine) -> Iterator[Finding]:
    login = 'pulumi login, or PULUMI_BACKEND_URL (in the sandbox: eval "$(make env)")'
    if machine.backend is None:
        yield Finding(subject="backend", state=State.UNKNOWN, remedy="pulumi whoami --verbose")
    else:
        yield _present("backend", machine.backend, login)
    if not _wants_passphrase(needs, machine):
        yield Finding(subject="secrets", state=State.OK, observed="by a key, not a passphrase")
        return
    ways = "PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE"
    if not any(stack in machine.stack_settings for stack in needs.stacks):
        ways += ", or LINKMESH_SECRETS_PROVIDER before the first stack is made"
    if machine.passphrase is None:
        yield Finding(subject="secrets", state=State.MISSING, observed="no passphrase", remedy=ways)
    else:
        yield _present("secrets", machine.passphrase, ways)


def _wants_passphrase(needs: Needs, machine: Machine) -> bool:
    """Return whether any stack's secrets are, or will be, encrypted with a passphrase."""
    known = [machine.stack_settings.get(stack) for stack in needs.stacks]
    if any(settings and SALT in settings for settings in known):
        return True
    made = [settings for settings in known if settings]
    if len(made) == len(known):
        return False
    if machine.secrets_provider:
        return machine.secrets_provider == "passphrase"
    # Pulumi Cloud encrypts with its own keys; all other backends use a passphrase.
    return not (machine.backend or "").startswith("https://")


def _docker(machine: Machine) -> Iterator[Finding]:
    if machine.programs.get("docker") is None:
        yield Finding(
            subject="docker",
            state=State.MISSING,
            remedy="https://docs.docker.com/engine/install/",
        )
    elif not machine.docker_answers:
        yield Finding(
            subject="docker",
            state=State.UNKNOWN if machine.docker_answers is None else State.MISSING,
            observed="installed, does not answer",
            remedy="start it, and check that this user may use it: docker info",
        )
    else:
        yield Finding(subject="docker", state=State.OK, observed="answers")


def _aws(machine: Machine) -> Iterator[Finding]:
    install = "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"
    actual = machine.programs.get("aws")
    least = AWS_CLI_1 if (actual or "").startswith("1.") else AWS_CLI
    yield _at_least("aws", actual, least, install)
    if machine.caller:
        yield Finding(subject="AWS credentials", state=State.OK, observed=machine.caller)
    elif machine.caller is not None:
        yield Finding(
            subject="AWS credentials",
            state=State.MISSING,
            observed="AWS does not return an identity",
            remedy="aws sts get-caller-identity",
        )
    else:
        yield _present("AWS credentials", machine.credentials, "aws configure sso, or AWS_PROFILE")


def _kubeconfig(cluster: str, machine: Machine) -> Finding:
    subject = f"kubeconfig of {cluster}"
    variable = kubeconfig_variable(cluster)
    problem = machine.kubeconfigs.get(cluster)
    if problem is None:
        return Finding(
            subject=subject,
            state=State.MISSING,
            remedy=f"{variable}=FILE, or pulumi config set --secret linkmesh:kubeconfig < FILE",
        )
    if problem:
        return Finding(
            subject=subject,
            state=State.MISSING,
            observed=problem,
            remedy=f"kubectl config view --minify --flatten --raw > FILE; {variable}=FILE",
        )
    return Finding(subject=subject, state=State.OK)


def _useful(machine: Machine) -> Iterator[Finding]:
    """Evaluate what no command needs, but operators of clusters do."""
    kubectl = _at_least(
        "kubectl",
        machine.programs.get("kubectl"),
        KUBECTL,
        "https://kubernetes.io/docs/tasks/tools/",
        is_required=False,
    )
    yield kubectl
    if machine.has_policies is not None:
        yield Finding(
            subject="policies",
            state=State.OK if machine.has_policies else State.MISSING,
            observed="" if machine.has_policies else "previews check no rules",
            remedy="" if machine.has_policies else "make policies",
            is_required=False,
        )
    if machine.clock_is_right is None:
        yield Finding(subject="clock", state=State.UNKNOWN, remedy="timedatectl", is_required=False)
    else:
        yield Finding(
            subject="clock",
            state=State.OK if machine.clock_is_right else State.UNKNOWN,
            observed="synchronized" if machine.clock_is_right else "not synchronized",
            remedy="" if machine.clock_is_right else "timedatectl set-ntp true",
            is_required=False,
        )


def _at_least(
    subject: str, actual: str | None, least: str, remedy: str, *, is_required: bool = True
) -> Finding:
    """Evaluate a program that must have at least a version."""
    if actual is None:
        state, observed = State.MISSING, ""
    elif not actual:
        state, observed = State.UNKNOWN, "version unknown"
    else:
        is_old = is_older(actual, least)
        state = State.OUTDATED if is_old else State.OK
        observed = f"{actual}, needs {least}" if is_old else actual
    is_ok = state is State.OK
    return Finding(
        subject=subject,
        state=state,
        observed=observed,
        remedy="" if is_ok else remedy,
        is_required=is_required,
    )


def _pinned(subject: str, actual: str | None, expected: str, remedy: str) -> Finding:
    """Evaluate something that must have exactly one version."""
    if actual == expected:
        return Finding(subject=subject, state=State.OK, observed=actual)
    if actual is None:
        observed = f"needs {expected}"
        return Finding(subject=subject, state=State.MISSING, observed=observed, remedy=remedy)
    state = State.OUTDATED if is_older(actual, expected) else State.MISSING
    observed = f"{actual}, needs {expected}"
    return Finding(subject=subject, state=state, observed=observed, remedy=remedy)


def _present(subject: str, actual: str, remedy: str) -> Finding:
    if actual:
        return Finding(subject=subject, state=State.OK, observed=actual)
    return Finding(subject=subject, state=State.MISSING, remedy=remedy)
