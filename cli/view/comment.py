"""
The last preview: the comment that `mesh preview --markdown` wrote, as a part of the page.

The file is Markdown with the few tags that GitHub shows folded. Those are made here; anything else
that looks like a tag is text.
Decision: docs/decisions/0028-pictures.md
"""

import re
from datetime import UTC, datetime
from html import escape, unescape
from pathlib import Path

from ..errors import PreconditionError
from ..preview.render import marker
from .content import Comment
from .markup import Html, details, section, tag

# What `mesh preview` writes around the resources of a stack.
_FOLDED = re.compile(
    r"^<details(?: open)?><summary>(.*?)</summary>\n(.*?)^</details>\n", re.MULTILINE | re.DOTALL
)
# The page has a picture of its own.
_MERMAID = re.compile(r"^```mermaid\n.*?^```\n\n[^\n]*\n", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## .*\n", re.MULTILINE)

# `+ text`, `- text`, `! text` and `@@ text @@`: the lines of a difference.
_CHANGES = {"+": "added", "-": "removed", "!": "changed", "@": "topic"}


def read_comment(name: str, file: Path) -> Comment:
    """
    Read the comment about an environment.

    Raises: PreconditionError if there is none, or it is about another environment.
    """
    use = f"Use: mesh preview {name} --markdown {file}"
    try:
        text = file.read_text(encoding="utf-8")
        written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise PreconditionError(f"file {file} must be readable ({why}). {use}") from None
    first = text.partition("\n")[0]
    if first != marker(name):
        raise PreconditionError(
            f"file {file} must be a comment of mesh preview about {name!r} (its first line is "
            f"{first[:80]!r}, not {marker(name)!r}). {use}"
        )
    return Comment(text=text.partition("\n")[2], written=written)


def last_preview(comment: Comment | None) -> Html:
    """Show what the last preview would change; nothing if there is none."""
    if comment is None:
        return Html()
    text = _HEADING.sub("", _MERMAID.sub("", comment.text), count=1)
    parts, at = [], 0
    for index, found in enumerate(_FOLDED.finditer(text)):
        parts.append(_rendered(text[at : found.start()]))
        title = unescape(found[1])
        parts.append(details(f"preview-{index}", title, _rendered(found[2])))
        at = found.end()
    parts.append(_rendered(text[at:]))
    written = tag("p", f"Of {comment.written:%Y-%m-%d %H:%M} UTC.", class_="note")
    return section("preview", "What the last preview would change", written, *parts)


def _rendered(text: str) -> Html:
    # Imported here because only this part needs it.
    from markdown_it import MarkdownIt

    made: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    scrolling = made.replace("<table>", '<div class="scroll" tabindex="0"><table>')
    scrolling = scrolling.replace("</table>", "</table></div>")
    return Html(
        re.sub(
            r'<pre><code class="language-diff">(.*?)</code></pre>',
            lambda found: _difference(unescape(found[1])),
            scrolling,
            flags=re.DOTALL,
        )
    )


def _difference(text: str) -> str:
    lines = (
        f'<span class="{_CHANGES.get(line[:1], "")}">{escape(line)}</span>\n'
        for line in text.splitlines()
    )
    return f'<pre class="difference"><code>{"".join(lines)}</code></pre>'
