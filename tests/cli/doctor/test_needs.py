"""What an environment needs follows from its clusters, and from the files that pin versions."""

from linkmesh.cli.doctor.needs import merged, needs_of
from linkmesh.environment import Existing, Kind
from tests.components.environment.described import on_aws, planned
from tests.project import PROJECT


def test_an_environment_of_kind_needs_no_plugin_of_aws() -> None:
    needs = needs_of("laptop", planned(Kind("one")), PROJECT)

    assert set(needs.plugins) == {"kubernetes", "tls", "terraform-provider"}
    assert (needs.has_kind, needs.has_eks) == (True, False)


def test_an_environment_of_eks_needs_no_plugin_of_kind() -> None:
    needs = needs_of("dev", planned(on_aws("one"), Existing("two")), PROJECT)

    assert set(needs.plugins) == {"kubernetes", "tls", "aws"}
    assert needs.existing == ("two",)
    assert "dev.network" in needs.stacks


def test_versions_are_those_that_are_pinned() -> None:
    needs = needs_of("demo", planned(Kind("one"), on_aws("two")), PROJECT)

    assert needs.plugins["aws"] == needs.packages["pulumi-aws"]
    assert f"pulumi-aws=={needs.plugins['aws']}\n" in (PROJECT / "requirements.txt").read_text()
    assert (
        f"version: {needs.plugins['terraform-provider']}\n" in (PROJECT / "Pulumi.yaml").read_text()
    )


def test_several_environments_need_what_each_of_them_does() -> None:
    one = needs_of("laptop", planned(Kind("one")), PROJECT)
    other = needs_of("dev", planned(on_aws("one"), Existing("two")), PROJECT)

    both = merged([one, other])

    assert (both.has_kind, both.has_eks, both.existing) == (True, True, ("two",))
    assert set(both.plugins) == {"kubernetes", "tls", "aws", "terraform-provider"}
    assert both.stacks == (*one.stacks, *other.stacks)
    assert both.packages == one.packages
