"""
Settings of the site: Sphinx over the pages that `pages.py` has collected.

Each warning is an error (`make docs`), so a link or an anchor that leads nowhere fails the build.
Nothing is loaded from other sites: pictures are drawn here, and fonts are the reader's own.
"""

import os
import re
import site
import sys
from itertools import count
from typing import Any

import mermaidx
from docutils import nodes
from docutils.parsers.rst import Directive

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from docstrings import converted

# The product, and what it imports. Behind the packages of this environment, which Sphinx needs.
sys.path.append(os.environ["LINKMESH_PROJECT"])
site.addsitedir(os.environ["LINKMESH_PACKAGES"])

project = "linkmesh"
author = "the authors of linkmesh"
project_copyright = "the authors of linkmesh, Apache-2.0"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]

myst_heading_anchors = 4
myst_fence_as_directive = ["mermaid"]
suppress_warnings = [
    "myst.header",  # GitHub's pages may begin with a small heading; a comment on a request does
    "misc.highlighting_failure",  # a console block has output too
]

# Two hyphens are an option of a command.
smartquotes = False

html_theme = "furo"
html_title = "linkmesh"
html_static_path = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "static")]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False

# Copies commands without their prompt and their output.
copybutton_prompt_text = "$ "
copybutton_only_copy_prompt_lines = True

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
# Defaults are in signatures, where enums have their names.
autodoc_default_options = {
    "members": True,
    "undoc-members": True,
    "no-value": True,
    "exclude-members": "__init__",
}
maximum_signature_line_length = 60
python_use_unqualified_type_names = True


class Mermaid(Directive):
    """A diagram, drawn when the site is built: once for light pages and once for dark ones."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Draw it."""
        text = "\n".join(self.content)
        return [
            nodes.raw(
                "", f'<div class="diagram only-{when}">{_drawn(text, theme)}</div>', format="html"
            )
            for when, theme in (("light", "neutral"), ("dark", "dark"))
        ]


# Smaller than this part of its size, letters of a diagram cannot be read; then it scrolls.
SMALLEST = 0.65

_numbers = count(1)


def _drawn(text: str, theme: str) -> str:
    """Draw a diagram, with ids of its own, because a page may have several."""
    svg: str = mermaidx.render(text, theme=theme).svg()
    found = re.match(r'<svg id="([^"]+)"[^>]* viewBox="0 0 (\S+) \S+"', svg)
    if found is None:
        raise ValueError(f"a diagram must begin with its id and size (got {svg[:300]})")
    own = f"diagram-{next(_numbers)}"
    drawn = svg.replace(found[1], own)
    return f"<style>#{own} {{ min-width: {float(found[2]) * SMALLEST:.0f}px }}</style>{drawn}"


def setup(app: Any) -> None:
    """Add the directive, and read docstrings."""
    app.add_directive("mermaid", Mermaid)
    app.connect("autodoc-process-docstring", _docstring)


def _docstring(
    _app: object, _what: str, _name: str, _object: object, _options: object, lines: list[str]
) -> None:
    lines[:] = converted(lines)
