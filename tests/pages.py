"""The pages of the documentation, and what is written in their blocks and in code font."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.project import PROJECT

DOCS = PROJECT / "docs"
GUIDES = sorted((DOCS / "guides").glob("*.md"))
PAGES = sorted(
    [
        *PROJECT.glob("*.md"),
        PROJECT / "policies" / "README.md",
        *(PROJECT / "examples").glob("*/README.md"),
        *DOCS.rglob("*.md"),
        *(PROJECT / "sandbox" / "docs").glob("*.md"),
    ]
)
# Changes and decisions also name what no longer exists.
FOR_USERS = [
    page for page in PAGES if page.parent.name != "decisions" and page.name != "CHANGELOG.md"
]

_FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)


def relative(page: Path) -> str:
    """Return a path as the reader knows it."""
    return str(page.relative_to(PROJECT))


def blocks(page: Path, *languages: str) -> list[str]:
    """Find the blocks of a page that are in some languages, without their indentation."""
    return [
        re.sub(rf"^{indent}", "", text, flags=re.MULTILINE)
        for indent, language, text in _FENCED.findall(page.read_text())
        if language in languages
    ]


def without_blocks(page: Path) -> str:
    """Return a page without its blocks."""
    return _FENCED.sub("", page.read_text())


def spans(page: Path) -> list[str]:
    """List what a page writes in code font, outside of blocks."""
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", without_blocks(page))]


def typed(page: Path) -> Iterator[str]:
    """List the lines of a page that a reader types, without prompts and comments."""
    for block in blocks(page, "console"):
        for line in re.findall(r"^\$ ((?:.*\\\n)*.*)$", block, re.MULTILINE):
            yield _uncommented(line)
    for block in blocks(page, "sh"):
        yield from map(_uncommented, block.replace("\\\n", "").splitlines())


def _uncommented(line: str) -> str:
    return re.sub(r"(^|\s)#.*", "", line.replace("\\\n", "")).strip()
