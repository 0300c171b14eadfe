"""What a machine lacks for an environment, and the remedies."""

from dataclasses import replace
from typing import Any

import pytest

from linkmesh.cli.doctor.evaluate import Finding, State, findings, is_healthy
from linkmesh.cli.doctor.machine import Machine
from linkmesh.cli.doctor.needs import Needs

PINNED = {"pulumi": "3.272.0", "pulumi-aws": "7.51.1"}
NEEDS = Needs(
    packages=PINNED,
    plugins={"aws": "7.51.1", "tls": "5.6.2"},
    has_kind=True,
    has_eks=True,
    existing=("on-prem",),
    stacks=("demo.trust", "demo.west"),
)
READY = Machine(
    python="3.12.1",
    packages=PINNED,
    programs={"pulumi": "3.272.0", "kubectl": "1.35.4", "docker": "29.1.0", "aws": "2.32.0"},
    plugins={"aws": ["7.50.0", "7.51.1"], "tls": ["5.6.2"]},
    docker_answers=True,
    credentials="by AWS_PROFILE",
    backend="s3://state",
    passphrase="by PULUMI_CONFIG_PASSPHRASE",
    kubeconfigs={"on-prem": ""},
    has_policies=True,
    clock_is_right=True,
)


def evaluated(subject: str, needs: Needs = NEEDS, **seen: Any) -> Finding:
    """Evaluate one requirement on a machine that differs from a complete one."""
    (found,) = [each for each in findings(needs, replace(READY, **seen)) if each.subject == subject]
    return found


def test_a_machine_with_everything_is_healthy() -> None:
    found = findings(NEEDS, READY)

    assert is_healthy(found)
    assert {each.state for each in found} == {State.OK}
    assert {each.remedy for each in found} == {""}


@pytest.mark.parametrize(
    ("subject", "seen", "state", "remedy"),
    [
        (
            "Python",
            {"python": "3.10.9"},
            State.OUTDATED,
            "python3.11 -m venv --clear .venv && .venv/bin/pip install --requirement "
            "requirements.txt",
        ),
        (
            "package pulumi-aws",
            {"packages": {"pulumi-aws": "7.1.0"}},
            State.OUTDATED,
            "pip install --requirement requirements.txt",
        ),
        (
            "package pulumi-aws",
            {"packages": {}},
            State.MISSING,
            "pip install --requirement requirements.txt",
        ),
        (
            "package pulumi-aws",
            {"packages": {"pulumi-aws": "8.0.0"}},
            State.MISSING,
            "pip install --requirement requirements.txt",
        ),
        (
            "plugin aws",
            {"plugins": {}},
            State.MISSING,
            "pulumi plugin install resource aws 7.51.1",
        ),
        (
            "plugin aws",
            {"plugins": {"aws": ["7.9.0"]}},
            State.OUTDATED,
            "pulumi plugin install resource aws 7.51.1",
        ),
        ("plugin aws", {"plugins": None}, State.UNKNOWN, "pulumi plugin ls"),
        ("backend", {"backend": None}, State.UNKNOWN, "pulumi whoami --verbose"),
        ("docker", {"docker_answers": False}, State.MISSING, "start it"),
        ("AWS credentials", {"credentials": ""}, State.MISSING, "aws configure sso"),
        ("AWS credentials", {"caller": ""}, State.MISSING, "aws sts get-caller-identity"),
        (
            "kubeconfig of on-prem",
            {"kubeconfigs": {}},
            State.MISSING,
            "LINKMESH_KUBECONFIG_ON_PREM=",
        ),
        (
            "kubeconfig of on-prem",
            {"kubeconfigs": {"on-prem": "/f cannot be read"}},
            State.MISSING,
            "kubectl config view --minify --flatten --raw",
        ),
        ("secrets", {"passphrase": None}, State.MISSING, "PULUMI_CONFIG_PASSPHRASE or"),
    ],
)
def test_a_missing_requirement_is_reported_with_its_remedy(
    subject: str, seen: dict[str, Any], state: State, remedy: str
) -> None:
    found = evaluated(subject, **seen)

    assert found.state is state
    assert found.remedy.startswith(remedy)
    assert not is_healthy([found])


@pytest.mark.parametrize(
    ("program", "version", "state"),
    [
        ("pulumi", "3.258.9", State.OUTDATED),
        ("pulumi", "3.259.0", State.OK),
        ("pulumi", None, State.MISSING),
        ("pulumi", "", State.UNKNOWN),
        ("aws", "2.9.0", State.OUTDATED),
        ("aws", "1.27.160", State.OK),
        ("aws", "1.27.9", State.OUTDATED),
        ("docker", None, State.MISSING),
        ("kubectl", "1.33.9", State.OUTDATED),
    ],
)
def test_programs_are_new_enough(program: str, version: str | None, state: State) -> None:
    found = evaluated(program, programs={**READY.programs, program: version})

    assert found.state is state


def test_optional_requirements_do_not_fail_the_command() -> None:
    machine = replace(
        READY,
        programs={**READY.programs, "kubectl": None},
        has_policies=False,
        clock_is_right=False,
    )
    found = findings(NEEDS, machine)

    assert is_healthy(found)
    assert [each.subject for each in found if each.state is not State.OK] == [
        "kubectl",
        "policies",
        "clock",
    ]


def test_a_project_without_a_policy_pack_is_not_asked_for_one() -> None:
    found = findings(NEEDS, replace(READY, has_policies=None))

    assert "policies" not in {each.subject for each in found}


def test_docker_and_aws_are_not_checked_without_such_clusters() -> None:
    needs = replace(NEEDS, has_kind=False, has_eks=False)
    machine = replace(READY, programs={"pulumi": "3.272.0", "kubectl": None}, credentials="")

    checked = {each.subject for each in findings(needs, machine)}

    assert checked.isdisjoint({"docker", "aws", "AWS credentials"})


@pytest.mark.parametrize(
    ("seen", "is_ok"),
    [
        ({"secrets_provider": "awskms://alias/a"}, True),
        ({"secrets_provider": "passphrase"}, False),
        ({"backend": "https://api.pulumi.com"}, True),
        ({"stack_settings": {"demo.west": {"encryptionsalt": "v1:"}}}, False),
        (
            {"secrets_provider": "x", "stack_settings": {"demo.west": {"encryptionsalt": "v1:"}}},
            False,
        ),
        (
            {
                "stack_settings": {
                    "demo.trust": {"secretsprovider": "awskms://a"},
                    "demo.west": {"secretsprovider": "awskms://a"},
                }
            },
            True,
        ),
    ],
)
def test_a_passphrase_is_required_only_if_one_is_used(seen: dict[str, Any], is_ok: bool) -> None:
    found = evaluated("secrets", passphrase=None, **seen)

    assert (found.state is State.OK) is is_ok
