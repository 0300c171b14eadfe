"""The comment: important things first, never too long, no secrets, deterministic."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkmesh.cli.preview.collect import preview
from linkmesh.cli.preview.render import LIMIT, Report, comment, marker
from linkmesh.environment import Export, Kind, Plan, chain, mesh
from linkmesh.stacks import snapshot
from tests.cli.preview.events import error, policy, stack, step
from tests.components.environment.described import on_aws, planned, plans

VPC, CERTIFICATE = "aws:ec2/vpc:Vpc", "tls:index/locallySignedCert:LocallySignedCert"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhY2NvdW50In0.c2lnbmF0dXJl"


def small(**overrides: Any) -> Plan:
    """Describe two linked clusters and an export."""
    ordinary: dict[str, Any] = {
        "links": chain("local", "west"),
        "exports": [Export("api", namespace="shop", of="west")],
    }
    return planned(Kind("local"), on_aws("west"), **{**ordinary, **overrides})


def report(**overrides: Any) -> Report:
    """Report on an environment that is deployed as it is described."""
    ordinary: dict[str, Any] = {
        "name": "demo",
        "before": snapshot.described(small()),
        "after": snapshot.described(small()),
    }
    return Report(**{**ordinary, **overrides})


def test_the_comment_begins_with_its_marker_and_the_changes() -> None:
    after = snapshot.described(small(exports=[]))

    lines = comment(report(after=after)).splitlines()

    assert lines[0] == marker("demo") == "<!-- linkmesh preview demo -->"
    assert lines[1] == "## Preview of `demo`"
    assert lines[3] == "**1 call no longer possible; 1 other difference.**"


def test_the_order_is_topology_costs_stacks_findings() -> None:
    previews = (preview("west", [stack({}), step("create", VPC, "a"), policy("p", "advice")]),)

    text = comment(report(before=snapshot.deployed({}), previews=previews))

    places = [
        text.index(heading)
        for heading in ("### Topology", "```mermaid", "### Costs", "### Stacks", "### Findings")
    ]
    assert places == sorted(places)
    assert "Nothing of this environment is deployed yet: all of it is new." in text
    assert "@@ who can call what @@\n+ local can call api.shop of west: as api-west.shop\n" in text


def test_the_picture_shows_additions_and_removals() -> None:
    after = snapshot.described(small(links=[], exports=[]))

    text = comment(report(after=after))

    assert '  c0 -.->|"api"| c1\n  linkStyle 0 stroke:#cf222e,stroke-width:3px\n' in text


def test_a_picture_of_too_many_links_is_left_out() -> None:
    clusters = [on_aws(f"c{index}", block=index) for index in range(9)]
    names = [cluster.name for cluster in clusters]

    text = comment(report(after=snapshot.described(planned(*clusters, links=mesh(*names)))))

    assert "```mermaid" not in text
    assert "A picture of 73 links would not be readable" in text


def test_replacements_are_counted_at_the_top() -> None:
    previews = (preview("west", [step("replace", VPC, "v")]),)

    assert "Resources: **1 to replace**." in comment(report(previews=previews)).splitlines()[3]


def test_a_stack_that_failed_is_named_first_with_its_cause() -> None:
    previews = (preview("links", [error("no gateway")]), preview("apps", []))

    text = comment(report(previews=previews))

    assert text.splitlines()[3] == "**The preview of 1 stacks failed: `demo.links`.**"
    assert "### Stacks that failed\n\n`demo.links`\n\n```text\nno gateway\n```" in text
    assert text.index("no gateway") < text.index("### Costs")
    assert "| `demo.links` | failed |" in text


def test_an_invalid_description_is_shown() -> None:
    text = comment(
        Report(name="demo", before=snapshot.deployed({}), after=None, failure="exports must …")
    )

    assert "**The preview failed: nothing below is complete.**" in text
    assert "```text\nexports must …\n```" in text
    assert "### Topology" not in text


def test_a_stack_that_is_no_longer_described_is_shown() -> None:
    text = comment(report(undescribed=("old",)))

    assert "Stack `demo.old` is deployed and no longer described." in text
    assert "To destroy it: `mesh up demo --prune`." in text


def test_a_stack_with_nothing_left_and_one_of_an_older_version_are_shown() -> None:
    text = comment(report(undescribed=("links.old", "apps")))

    assert "- Stack `demo.links.old` has nothing left to deploy: `mesh up` destroys it.\n" in text
    assert "- Stack `demo.apps` is of an older version: `mesh up` shows how to" in text


def test_a_renewed_certificate_is_a_change_of_the_topology() -> None:
    trust = preview(
        "trust", [stack({"trust": {}}), step("replace", CERTIFICATE, "west-issuer-certificate")]
    )

    text = comment(report(previews=(trust,)))

    assert "! west-issuer-certificate: as deployed -> renewed" in text


def test_names_that_do_not_fit_are_findings() -> None:
    service = "s" * 50
    after = small(exports=[Export(service, namespace="shop", of="west")])

    assert "- to check: mirror service" not in comment(report(after=snapshot.described(after)))
    crowded = planned(
        on_aws("a"),
        on_aws("much-longer-name", block=20),
        links=chain("much-longer-name", "a"),
        exports=[Export(service, namespace="shop", of="a")],
    )
    assert "- to check: mirror service of service" in comment(
        report(after=snapshot.described(crowded))
    )


def test_messages_of_other_programs_are_no_markup() -> None:
    bad = policy("p`|<b>", "see @everyone | <img> ```")
    previews = (preview("west", [bad, error("```\n# heading")]),)

    text = comment(report(previews=previews))

    assert "@everyone" not in text
    assert "<img>" not in text
    assert "````text\n```\n# heading\n````" in text


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Draw a report: any two environments, any number of steps, errors with a secret in them."""
    previews = []
    for part in ("trust", "links", *(f"c{index}" for index in range(draw(st.integers(0, 12))))):
        count = draw(st.sampled_from([0, 1, 400]))
        events = [
            step(
                draw(st.sampled_from(["create", "replace", "delete", "update"])),
                VPC,
                f"resource-{index}-{'x' * draw(st.sampled_from([0, 300]))}",
                diff={f"path.{number}": "update-replace" for number in range(index % 20)},
                values={"password": "hunter22-of-the-state"},
            )
            for index in range(min(count, 3))
        ]
        events += [step("create", VPC, f"more-{index}") for index in range(count)]
        if draw(st.booleans()):
            events.append(error(draw(st.sampled_from(["x" * 20_000, f"got {TOKEN}", "no"]))))
        previews.append(preview(part, events))
    return report(
        before=snapshot.described(draw(plans())),
        after=snapshot.described(draw(plans())),
        previews=tuple(previews),
        failure=draw(st.sampled_from(["", "y" * 100_000])),
        undescribed=tuple(f"old{index}" for index in range(draw(st.sampled_from([0, 2, 500])))),
    )


@given(reports(), st.sampled_from([LIMIT, 20_000, 3_000]))
@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    deadline=None,
)
def test_the_comment_is_never_too_long_has_no_secret_and_is_deterministic(
    drawn: Report, limit: int
) -> None:
    text = comment(drawn, limit)

    assert len(text) < limit
    assert TOKEN not in text
    assert "hunter22" not in text
    assert text == comment(drawn, limit)
    assert marker("demo") in text
