"""What a machine lacks for an environment, and what mends it."""

from dataclasses import replace
from typing import Any

import pytest

from cli.doctor.evaluate import Finding, Verdict, findings, is_well
from cli.doctor.machine import Machine
from cli.doctor.needs import Needs

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


def judged(what: str, needs: Needs = NEEDS, **seen: Any) -> Finding:
    """Judge one thing on a machine that differs from a ready one."""
    (found,) = [each for each in findings(needs, replace(READY, **seen)) if each.what == what]
    return found


def test_a_machine_with_everything_is_well() -> None:
    found = findings(NEEDS, READY)

    assert is_well(found)
    assert {each.verdict for each in found} == {Verdict.OK}
    assert {each.remedy for each in found} == {""}


@pytest.mark.parametrize(
    ("what", "seen", "verdict", "remedy"),
    [
        ("Python", {"python": "3.10.9"}, Verdict.OLD, "make setup PYTHON=/path/to/python3"),
        ("package pulumi-aws", {"packages": {"pulumi-aws": "7.1.0"}}, Verdict.OLD, "make setup"),
        ("package pulumi-aws", {"packages": {}}, Verdict.MISSING, "make setup"),
        (
            "package pulumi-aws",
            {"packages": {"pulumi-aws": "8.0.0"}},
            Verdict.MISSING,
            "make setup",
        ),
        (
            "plugin aws",
            {"plugins": {}},
            Verdict.MISSING,
            "pulumi plugin install resource aws 7.51.1",
        ),
        (
            "plugin aws",
            {"plugins": {"aws": ["7.9.0"]}},
            Verdict.OLD,
            "pulumi plugin install resource aws 7.51.1",
        ),
        ("plugin aws", {"plugins": None}, Verdict.UNKNOWN, "pulumi plugin ls"),
        ("backend", {"backend": None}, Verdict.UNKNOWN, "pulumi whoami --verbose"),
        ("docker", {"docker_answers": False}, Verdict.MISSING, "start it"),
        ("AWS credentials", {"credentials": ""}, Verdict.MISSING, "aws configure sso"),
        ("AWS credentials", {"caller": ""}, Verdict.MISSING, "aws sts get-caller-identity"),
        (
            "kubeconfig of on-prem",
            {"kubeconfigs": {}},
            Verdict.MISSING,
            "LINKMESH_KUBECONFIG_ON_PREM=",
        ),
        (
            "kubeconfig of on-prem",
            {"kubeconfigs": {"on-prem": "/f cannot be read"}},
            Verdict.MISSING,
            "kubectl config view --minify --flatten --raw",
        ),
        ("secrets", {"passphrase": None}, Verdict.MISSING, "PULUMI_CONFIG_PASSPHRASE or"),
    ],
)
def test_what_is_needed_and_not_there_is_told_with_what_mends_it(
    what: str, seen: dict[str, Any], verdict: Verdict, remedy: str
) -> None:
    found = judged(what, **seen)

    assert found.verdict is verdict
    assert found.remedy.startswith(remedy)
    assert not is_well([found])


@pytest.mark.parametrize(
    ("program", "version", "verdict"),
    [
        ("pulumi", "3.258.9", Verdict.OLD),
        ("pulumi", "3.259.0", Verdict.OK),
        ("pulumi", None, Verdict.MISSING),
        ("pulumi", "", Verdict.UNKNOWN),
        ("aws", "2.9.0", Verdict.OLD),
        ("aws", "1.27.160", Verdict.OK),
        ("aws", "1.27.9", Verdict.OLD),
        ("docker", None, Verdict.MISSING),
        ("kubectl", "1.33.9", Verdict.OLD),
    ],
)
def test_programs_are_new_enough(program: str, version: str | None, verdict: Verdict) -> None:
    found = judged(program, programs={**READY.programs, program: version})

    assert found.verdict is verdict


def test_what_is_only_useful_ends_no_command() -> None:
    machine = replace(
        READY,
        programs={**READY.programs, "kubectl": None},
        has_policies=False,
        clock_is_right=False,
    )
    found = findings(NEEDS, machine)

    assert is_well(found)
    assert [each.what for each in found if each.verdict is not Verdict.OK] == [
        "kubectl",
        "policies",
        "clock",
    ]


def test_docker_and_aws_are_of_no_account_where_there_are_no_such_clusters() -> None:
    needs = replace(NEEDS, has_kind=False, has_eks=False)
    machine = replace(READY, programs={"pulumi": "3.272.0", "kubectl": None}, credentials="")

    told = {each.what for each in findings(needs, machine)}

    assert told.isdisjoint({"docker", "aws", "AWS credentials"})


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
def test_a_passphrase_is_asked_for_only_where_one_is_used(
    seen: dict[str, Any], is_ok: bool
) -> None:
    found = judged("secrets", passphrase=None, **seen)

    assert (found.verdict is Verdict.OK) is is_ok
