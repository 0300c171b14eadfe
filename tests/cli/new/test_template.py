"""The template for `pulumi new` is what `mesh new` writes, with Pulumi's own placeholders."""

import yaml

from linkmesh.cli.new.project import Template, files, pulumi_yaml
from linkmesh.cli.new.requirements import PINS, Origin, installed, requirements
from tests.project import PROJECT

FOLDER = PROJECT / "examples" / "project"


def test_its_files_are_those_of_a_new_project() -> None:
    origin = Origin(installed().version)
    needed = requirements(origin, PINS.read_text(), has_eks=True, has_kind=False)
    new = files("${PROJECT}", "demo", Template.CHAIN, needed)

    held = {
        str(path.relative_to(FOLDER)): path.read_text()
        for path in FOLDER.rglob("*")
        if path.is_file() and path.name != "Pulumi.yaml"
    }
    assert held == {str(path): text for path, text in new.items() if path.name != "Pulumi.yaml"}


def test_pulumi_finds_the_template_and_asks_for_name_and_description() -> None:
    template = yaml.safe_load((FOLDER / "Pulumi.yaml").read_text())
    new = yaml.safe_load(pulumi_yaml("${PROJECT}", has_kind=False))

    assert template.pop("template") == {
        "displayName": "linkmesh",
        "description": new["description"],
    }
    assert template == {**new, "description": "${DESCRIPTION}"}
