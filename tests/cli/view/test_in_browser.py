"""The page in a browser: it loads without an error, is readable, and shows what failed."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from linkmesh.cli.view.content import Content
from linkmesh.cli.view.page import page
from linkmesh.cli.view.server import Follower, Server
from linkmesh.environment import LinkSpec
from tests.browser import Browser, browser
from tests.cli.view.environments import content, described, names

pytestmark = pytest.mark.sandbox

WIDE, NARROW = 1400, 420

SIZES = [(3, "chain"), (3, "mesh"), (5, "mesh"), (10, "mesh"), (12, "hub"), (20, "mesh")]

# Texts of the picture that are not inside of the box of their cluster, by more than half a pixel.
TEXTS_OUTSIDE = """
return [...document.querySelectorAll(".cluster")].flatMap((cluster) => {
  const box = cluster.querySelector("rect").getBBox();
  return [...cluster.querySelectorAll("text")].filter((one) => {
    const text = one.getBBox();
    return text.x < box.x - .5 || text.x + text.width > box.x + box.width + .5
      || text.y < box.y - .5 || text.y + text.height > box.y + box.height + .5;
  }).map((one) => one.textContent);
});
"""

BOXES_THAT_OVERLAP = """
const boxes = [...document.querySelectorAll(".cluster rect")].map((one) => one.getBBox());
return boxes.flatMap((one, index) => boxes.slice(index + 1).filter((other) =>
  one.x < other.x + other.width && other.x < one.x + one.width
  && one.y < other.y + other.height && other.y < one.y + one.height)).length;
"""

LABELS_ON_BOXES = """
const boxes = [...document.querySelectorAll(".cluster rect")].map((one) => one.getBBox());
return [...document.querySelectorAll("text.called")].filter((text) => {
  const one = text.getBBox();
  return boxes.some((other) => one.x < other.x + other.width && other.x < one.x + one.width
    && one.y < other.y + other.height && other.y < one.y + one.height);
}).map((one) => one.textContent);
"""

# Everything but what scrolls in itself.
WIDER_THAN_THE_WINDOW = """
return document.documentElement.scrollWidth > document.documentElement.clientWidth;
"""

# The smallest letters of the picture on the screen, in pixels.
SMALLEST_LETTERS = """
const svg = document.querySelector(".picture svg");
const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
return Math.min(...[...svg.querySelectorAll("text")].map(
  (one) => parseFloat(getComputedStyle(one).fontSize) * scale));
"""


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    """A browser."""
    with browser() as opened:
        yield opened


def shown(window: Browser, made: Content, folder: Path) -> None:
    """Write a page to a file and open it."""
    file = folder / "page.html"
    file.write_text(page(made), encoding="utf-8")
    window.open(file)


@pytest.mark.parametrize(("count", "shape"), SIZES)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_it_loads_without_an_error_and_every_text_is_in_its_box(
    count: int, shape: str, width: int, window: Browser, tmp_path: Path
) -> None:
    plan = described(count, shape)
    links = plan.environment.links
    window.look(width=width)
    shown(window, content(plan, failed=[links[1]], unknown=plan.names[-1]), tmp_path)

    assert window.errors() == []
    assert window.run(TEXTS_OUTSIDE) == []
    assert window.run(BOXES_THAT_OVERLAP) == 0
    assert window.run(LABELS_ON_BOXES) == []
    assert window.run(WIDER_THAN_THE_WINDOW) is False
    assert window.run(SMALLEST_LETTERS) >= 7.5


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_a_failed_link_is_red_dashed_and_has_a_sign(
    is_dark: bool, window: Browser, tmp_path: Path
) -> None:
    failed = LinkSpec(*names(10)[2:4])
    window.look(width=WIDE, is_dark=is_dark)
    shown(window, content(described(10), failed=[failed]), tmp_path)

    [seen] = window.run(
        """
        return [...document.querySelectorAll(".link.faulty")].map((one) => {
          const style = getComputedStyle(one.querySelector("path"));
          return [one.querySelector("title").textContent, style.stroke, style.strokeDasharray,
            one.querySelector("text").textContent];
        });
        """
    )
    title, stroke, dashes, sign = seen
    red, green, blue = (int(part) for part in stroke.removeprefix("rgb(").rstrip(")").split(","))

    assert title == f"{failed}: credentials-rejected"
    assert red > 200
    assert max(green, blue) < 130
    assert dashes == "8px, 5px"
    assert sign == "✗"


def contrast(window: Browser, selector: str) -> float:
    """Return the contrast of a text and the page, as WCAG 2 defines it."""
    colors = window.run(
        f"return [getComputedStyle(document.querySelector({selector!r})).color,"
        " getComputedStyle(document.body).backgroundColor];"
    )
    one, other = (_luminance(color) for color in colors)
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _luminance(color: str) -> float:
    parts = [float(part) / 255 for part in color.removeprefix("rgb(").rstrip(")").split(",")]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_every_color_of_text_can_be_read_on_the_page(
    is_dark: bool, window: Browser, tmp_path: Path
) -> None:
    plan = described(5)
    window.look(width=WIDE, is_dark=is_dark)
    failed = content(plan, failed=[plan.environment.links[0]], unknown=plan.names[-1])
    shown(window, failed, tmp_path)

    for selector in ("body", ".note", "td .ok", "td .faulty", "td .unknown", "th", "code"):
        assert contrast(window, selector) >= 4.5, selector


def test_a_cluster_that_one_looks_at_dims_the_links_of_others(
    window: Browser, tmp_path: Path
) -> None:
    window.look(width=WIDE)
    shown(window, content(described(5)), tmp_path)
    window.run('document.querySelector("#cluster-0").focus();')

    time.sleep(0.4)  # the transition
    bright: Any = window.run(
        """
        return [...document.querySelectorAll(".link")]
          .map((one) => [one.classList.contains("of-0"), getComputedStyle(one).opacity]);
        """
    )

    assert {opacity for is_of, opacity in bright if is_of} == {"1"}
    assert {opacity for is_of, opacity in bright if not is_of} == {"0.08"}


@contextmanager
def served(follower: Follower) -> Iterator[Server]:
    """Serve the page of a follower until the end, also if a test fails."""
    with Server(follower, 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            follower.end()
            server.shutdown()
            thread.join()


def test_a_page_that_follows_shows_what_changes_and_that_it_has_ended(window: Browser) -> None:
    plan = described(3, "chain")
    failed = content(plan, failed=[plan.environment.links[0]])
    follower = Follower(replace(content(plan), report=None, unread="asking"), lambda: failed)
    window.look(width=WIDE)
    with served(follower) as server:
        window.open(server.address)
        window.run('document.querySelector("#cost-lines").open = true;')
        threading.Thread(target=follower.follow, daemon=True).start()

        assert _within(window, 20, "return document.querySelector('.link.faulty') !== null;")
        assert window.run('return document.querySelector("#cost-lines").open;') is True
        assert window.errors() == []

    assert _within(window, 20, "return document.body.classList.contains('ended');")


def _within(window: Browser, seconds: float, script: str) -> bool:
    """Return whether something is true within some seconds."""
    end = time.monotonic() + seconds
    while not window.run(script):
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True
