"""The page: everything that is known, nothing from outside, and no text that is markup."""

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from linkmesh.cli.status.observations import Certificate
from linkmesh.cli.view.page import page
from linkmesh.environment import Existing, Export, Kind, LinkSpec, Plan, chain
from linkmesh.stacks import load
from tests.cli.status import observed as small
from tests.cli.view.environments import AT, content, described, names, observed
from tests.components.environment.described import planned


class Reader(HTMLParser):
    """Reads the parts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        """All texts."""
        return " ".join(self.texts)


FAILED = LinkSpec(*names(3)[:2])
FAULTY = page(content(described(3, "chain"), failed=[FAILED]))


def test_the_page_loads_nothing() -> None:
    read = Reader(FAULTY)
    addresses = [
        value
        for _, attributes in read.tags
        for key, value in attributes.items()
        if key in ("href", "src", "srcset", "action")
    ]

    assert addresses == ["data:,"]
    assert "@import" not in FAULTY
    assert re.findall(r"url\((?!#)", FAULTY) == []
    assert [tag for tag, _ in read.tags if tag in ("script", "iframe", "object", "img")] == []


def test_its_policy_allows_no_script() -> None:
    [policy] = [
        attributes["content"]
        for tag, attributes in Reader(FAULTY).tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]

    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_every_cluster_link_gateway_and_mirror_is_shown() -> None:
    plan = described(5)
    text = Reader(page(content(plan))).text

    for name in plan.names:
        assert f"✓ {name}" in text
        assert f"{name}.elb.eu-west-1.amazonaws.com" in text
        assert f"orders-{name}.shop" in text
    for link in plan.environment.links:
        assert f"{link}" in text or f"{LinkSpec(link.target, link.source)} and back" in text
    assert "3 of 3 pods" in text
    assert text.count("gateway 3 of 3 pods") == len(plan.names)
    assert "everything is healthy" in text


def test_a_failed_link_is_told_by_color_sign_and_cause() -> None:
    read = Reader(FAULTY)
    arrows = [each["class"] for tag, each in read.tags if tag == "path" and "d" in each]

    assert arrows == ["arrow ok", "arrow faulty"]
    assert "✗ orders" in read.text
    assert f"{FAILED}: credentials-rejected" in read.text
    assert "the target rejects the token (401)" in read.text
    assert "not healthy: 1 fault" in read.text


def test_the_matrix_has_a_state_for_each_link() -> None:
    plan = described(10)
    failed = plan.environment.links[4]
    made = page(content(plan, failed=[failed], unknown=plan.names[-1]))
    matrix = made.partition('id="matrix"')[2].partition("</section>")[0]

    assert matrix.count('class="ok"') == 90 - 1 - 18
    assert matrix.count('class="unknown"') == 18
    assert matrix.count('class="none"') == 10
    assert f'class="faulty" title="{failed.source} -&gt; {failed.target}: orders; ' in matrix


def test_certificates_are_sorted_by_expiry_and_the_same_one_is_shown_once() -> None:
    plan = described(3, "chain")
    report = observed(plan)
    soon = Certificate(name="issuer", expires=AT + timedelta(days=9))
    first = plan.names[0]
    seen = report.observed.clusters[first]
    clusters = {**report.observed.clusters, first: replace(seen, certificates=[soon])}
    changed = replace(report, observed=replace(report.observed, clusters=clusters))
    made = page(replace(content(plan), report=changed))
    rows = made.partition('id="certificates"')[2].partition("</section>")[0].split("<tr>")[2:]

    assert len(rows) == 3
    assert '<span class="faulty"><b aria-hidden="true">✗</b> 9 days</span>' in rows[0]
    assert ", ".join(plan.names[1:]) in rows[1]
    assert "2036-11-20" in rows[2]


def test_what_the_description_says_is_no_markup() -> None:
    bad = '<script>alert("x")</script>'
    report = observed(described(3, "chain"), failed=[FAILED])
    fault = replace(report.links[FAILED].findings[0], cause=bad, remedy=f"& {bad}")
    evaluation = replace(report.links[FAILED], findings=[fault])
    changed = replace(report, links={**report.links, FAILED: evaluation})

    made = page(replace(content(described(3, "chain")), name=bad, report=changed))

    assert "<script" not in made
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in made


def test_without_a_report_only_the_description_is_shown_and_the_page_says_so() -> None:
    described_only = replace(content(load("demo")), report=None)
    read = Reader(page(described_only))

    assert "not asked: only the description is shown" in read.text
    assert "local can call yelb-appserver.yelb of west" in read.text
    assert "198.51.100.10/32" in read.text
    assert "715.13" in read.text
    assert not [each for _, each in read.tags if each.get("id") in ("faults", "certificates")]


def test_a_state_that_could_not_be_read_is_no_health() -> None:
    unread = replace(content(load("demo")), report=None, unread="the state could not be read: x")
    made = page(unread)

    assert 'class="unknown"' in made
    assert "the state could not be read: x" in made
    assert "healthy" not in made.partition("<main>")[2]


@pytest.mark.parametrize(
    "plan",
    [
        planned(Kind("local")),
        planned(Existing("site")),
        planned(
            Kind("a"),
            Kind("b"),
            links=chain("a", "b"),
            exports=[Export("api", namespace="shop", of="b")],
        ),
    ],
    ids=["one kind cluster", "one existing cluster", "two kind clusters"],
)
def test_an_environment_without_costs_or_links_has_a_page(plan: Plan) -> None:
    made = page(content(plan))

    assert 'id="costs"' not in made
    assert made.endswith("</html>\n")


def test_the_page_is_made_of_what_status_reports() -> None:
    from linkmesh.cli.status.evaluate import evaluate

    plan, seen = small.described(), small.healthy()
    report = evaluate("demo", plan, seen)
    made = page(replace(content(plan), report=report))

    assert "everything is healthy" in made
    assert small.ADDRESS in made


def test_ids_are_unique() -> None:
    ids = [each["id"] for _, each in Reader(page(content(described(10)))).tags if "id" in each]

    assert len(ids) == len(set(ids))
