"""The site: `make docs` builds it, it has everything, it loads nothing, and it can be read."""

import json
import re
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

import linkmesh
from linkmesh.cli.__main__ import app
from tests.browser import Browser, browser
from tests.project import PROJECT

pytestmark = pytest.mark.sandbox

HTML = PROJECT / ".linkmesh" / "site" / "html"

LOOKED_AT = (
    "index.html",
    "README.html",
    "docs/tutorial.html",
    "docs/architecture.html",
    "docs/guides/split.html",
    "docs/cli.html",
    "reference/commands.html",
    "reference/descriptions.html",
    "reference/mesh.html",
    "reference/package.html",
    "docs/decisions/0028-pictures.html",
)


class References(HTMLParser):
    """Collects what a page loads, and its ids."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.ids: set[str] = set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.ids |= {known["id"] or ""} if "id" in known else set()
        key = "href" if tag == "link" else "src"
        if tag in ("link", "script", "img", "iframe", "source") and known.get(key):
            self.loaded.append(str(known[key]))


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    done = subprocess.run(["make", "docs"], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    """A browser."""
    with browser() as opened:
        yield opened


def test_every_public_name_is_in_the_reference() -> None:
    ids = {each for page in (HTML / "reference").glob("*.html") for each in References(page).ids}

    assert {f"linkmesh.{name}" for name in linkmesh.__all__} <= ids
    assert {"linkmesh.Eks.region", "linkmesh.MeshArgs.clusters"} <= ids


def test_every_command_and_option_is_in_the_reference() -> None:
    text = (HTML / "reference" / "commands.html").read_text()

    names = [each.name or each.callback.__name__ for each in app.registered_commands]  # type: ignore[union-attr]
    assert [name for name in names if f'id="mesh-{name}"' not in text] == []
    assert "--described" in text


def test_every_component_and_type_of_the_package_is_in_the_reference() -> None:
    schema = json.loads((PROJECT / "components" / "package" / "schema.json").read_text())
    text = (HTML / "reference" / "package.html").read_text()
    headings = {re.sub("<[^>]*>", "", each) for each in re.findall("<h3>(.*?)<a ", text)}

    components = {token.rpartition(":")[2] for token in schema["resources"]}
    types = {f"{token.rpartition(':')[2]} (type)" for token in schema["types"]}
    assert headings == components | types
    assert re.search(r"kubeconfigs</span></code> \(secret\)", text)


def test_no_page_loads_anything_from_elsewhere() -> None:
    pages = [*HTML.rglob("*.html")]
    outside = {
        reference
        for page in pages
        for reference in References(page).loaded
        if re.match(r"(https?:)?//", reference)
    }

    assert len(pages) > 60
    assert outside == set()
    for sheet in HTML.rglob("*.css"):
        assert re.findall(r"(?:@import|url\()\s*[\"']?https?:", sheet.read_text()) == []


@pytest.mark.parametrize("width", [1400, 420])
@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_pages_load_without_an_error_and_fit_the_window(
    width: int, is_dark: bool, window: Browser
) -> None:
    window.look(width=width, is_dark=is_dark)
    for page in LOOKED_AT:
        window.open(HTML / page)

        assert window.errors() == [], page
        assert window.run(
            "return document.documentElement.scrollWidth <= document.documentElement.clientWidth;"
        ), page


def test_a_link_that_leads_nowhere_fails_the_build(tmp_path: Path) -> None:
    """Sphinx is run as `make docs` runs it, over two pages."""
    (tmp_path / "index.md").write_text("# One\n\n[two](two.md#nowhere)\n\n```{toctree}\ntwo\n```\n")
    (tmp_path / "two.md").write_text("# Two\n")
    done = subprocess.run(
        [
            *(".linkmesh/site/venv/bin/python", "-m", "sphinx", "-q", "--fail-on-warning"),
            *("-c", "docs/site", "-b", "html", str(tmp_path), str(tmp_path / "html")),
        ],
        cwd=PROJECT,
        env={
            "LINKMESH_PROJECT": str(PROJECT),
            "LINKMESH_PACKAGES": str(tmp_path),
            "PATH": "/usr/bin:/bin",
        },
        capture_output=True,
        text=True,
    )

    assert done.returncode != 0
    assert "nowhere" in done.stderr
