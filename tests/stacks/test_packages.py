"""A description that needs a package that is not installed gets one message with the command."""

import sys
from pathlib import Path

import pulumi
import pytest

from linkmesh.environment import Eks, Environment, Existing, Kind, Plan
from linkmesh.stacks import deploy
from linkmesh.stacks.errors import LoadError
from linkmesh.stacks.packages import KIND_SDK, missing, require
from tests import engine
from tests.components.environment.described import on_aws, planned

EXISTING = Plan.of(Environment(clusters=[Existing("office", egress=["198.51.100.20/32"])]))


@pytest.fixture
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide what only some environments need."""
    monkeypatch.setitem(sys.modules, "pulumi_aws", None)
    monkeypatch.setitem(sys.modules, "pulumi_kind", None)


def test_nothing_is_missing_where_all_is_installed() -> None:
    assert missing(planned(on_aws("west"), Kind("local"))) == []


@pytest.mark.usefixtures("_bare")
def test_existing_clusters_need_neither() -> None:
    assert missing(EXISTING) == []


@pytest.mark.usefixtures("_bare")
def test_each_missing_package_is_named_with_its_clusters_and_its_command() -> None:
    plan = planned(on_aws("west"), Kind("local"))
    assert isinstance(plan.environment.clusters[0], Eks)

    with pytest.raises(LoadError) as error:
        require("shop", plan)

    assert str(error.value).splitlines() == [
        "environment 'shop' cannot be deployed:",
        "  package pulumi-aws must be installed for clusters on EKS: west (it is not). Use: pip "
        "install 'linkmesh[aws]'",
        "  package pulumi_kind must be installed for kind clusters: local (it is not). No index "
        "has it, and linkmesh contains its source. Use: pip install ./sdks/kind, in the folder of "
        "the project",
    ]


@pytest.mark.usefixtures("_bare")
def test_a_project_without_the_sdk_of_kind_is_told_how_to_copy_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.yaml").touch()
    monkeypatch.chdir(tmp_path)

    [problem] = missing(planned(Kind("local")))

    assert problem.endswith(
        f"Use: mkdir -p sdks && cp -r {KIND_SDK} sdks/kind && pip install ./sdks/kind, in the "
        "folder of the project, and add ./sdks/kind to requirements.txt"
    )


@pytest.mark.usefixtures("_bare")
def test_a_stack_ends_with_it_before_anything_is_registered() -> None:
    with pytest.raises(pulumi.RunError, match=r"pip install 'linkmesh\[aws\]'"):
        engine.run(deploy, stack="demo.trust")


def test_the_source_of_kinds_sdk_is_where_the_message_says() -> None:
    assert (KIND_SDK / "pyproject.toml").is_file()
    assert (KIND_SDK / "pulumi_kind" / "pulumi-plugin.json").is_file()
