"""Comments that pages show: they are what the code writes about the same changes."""

import re
from collections.abc import Iterator
from dataclasses import replace

from linkmesh.cli.preview.collect import Action, StackPreview, Step
from linkmesh.cli.preview.render import Report, comment
from linkmesh.cli.preview.report import WILL_NOT_DEPLOY
from linkmesh.environment import Eks, Export, NatGateways, Plan, chain, impossible_changes
from linkmesh.stacks import load, snapshot
from tests.pages import DOCS
from tests.project import PROJECT

DEMO = load("demo")
ENVIRONMENT = DEMO.environment

# The changes that the two pages describe.
ANOTHER_NETWORK = replace(
    ENVIRONMENT,
    clusters=[
        replace(each, cidr="10.21.0.0/16")
        if isinstance(each, Eks) and each.name == "east"
        else each
        for each in ENVIRONMENT.clusters
    ],
    links=[*ENVIRONMENT.links, *chain("local", "east")],
    exports=[*ENVIRONMENT.exports, Export("redis-server", namespace="yelb", of="west")],
)
MORE_GATEWAYS = replace(
    ENVIRONMENT,
    clusters=[
        replace(each, nat=NatGateways.ONE_PER_AZ) if isinstance(each, Eks) else each
        for each in ENVIRONMENT.clusters
    ],
    exports=[
        *ENVIRONMENT.exports,
        Export("redis-server", namespace="yelb", of="west", to=["local"]),
    ],
)


def steps(page: str, part: str) -> Iterator[Step]:
    """Read the resources of a stack that a page lists."""
    found = re.search(rf"<summary>demo\.{re.escape(part)}: .*?</details>", page, re.DOTALL)
    rows = (
        re.findall(r"^\| (\**\w+\**) \| `(.*?)` \| `(.*?)` \| (.*) \|$", found[0], re.M)
        if found
        else []
    )
    for action, name, type_, properties in rows:
        yield Step(
            action=Action(action.strip("*")),
            type=type_,
            name=name,
            urn=name,
            paths=tuple(re.findall(r"`([^`]+)`", properties)),
            causes=tuple(re.findall(r"`([^`]+)` \(replaces\)", properties)),
        )


def written(after: Plan, previews: list[StackPreview]) -> str:
    """Write the comment about a change of `demo`."""
    notes = impossible_changes(ENVIRONMENT, after.environment)
    return comment(
        Report(
            name="demo",
            before=snapshot.described(DEMO),
            after=snapshot.described(after),
            previews=tuple(previews),
            notes=tuple(map(WILL_NOT_DEPLOY.format, notes)),
        )
    )


def test_the_page_of_a_comment_shows_what_preview_writes() -> None:
    page = (DOCS / "preview.md").read_text().partition("---\n\n")[2]
    after = Plan.unchecked(ANOTHER_NETWORK)
    previews = [
        StackPreview(part=part, steps=tuple(steps(page, part)), exists=True) for part in after.parts
    ]

    assert page == written(after, previews)


def test_the_beginning_of_a_comment_in_the_readme_is_what_preview_writes() -> None:
    shown = re.findall(r"^> ?(.*)$", (PROJECT / "README.md").read_text(), re.MULTILINE)
    _, _, begin = written(Plan.of(MORE_GATEWAYS), []).partition("## Preview of `demo`\n\n")

    assert shown == begin.replace("\n### ", "\n#### ").splitlines()[: len(shown)]
    assert len(shown) > 10
