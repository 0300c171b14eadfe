"""
Docstrings of this project, as Sphinx reads them.

They are plain text with code between backticks, as in Markdown, and sections such as `Makes:` with
an indented block. Napoleon is of no use here: it takes what is before a colon for a type.
"""

import re

# Sections whose block is a list of names, each with a text; the field that Sphinx has for each.
FIELDS = {"Args": "param", "Raises": "raises"}

_SECTION = re.compile(r"^([A-Z][a-z]+):(?: (.*))?$")
_NAMED = re.compile(r"^(\*{0,2}[\w.]+): (.*)$")
_CODE = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`(\w?)")


def converted(lines: list[str]) -> list[str]:
    """Return the lines of a docstring in reStructuredText."""
    made: list[str] = []
    at = 0
    while at < len(lines):
        found = _SECTION.match(lines[at])
        block, after = _block(lines, at + 1)
        if found is None or (not found[2] and not block):
            made.append(lines[at])
            at += 1
            continue
        made += ["", *_section(found[1], found[2] or "", block), ""]
        at = after
    return _with_code(made)


def _block(lines: list[str], at: int) -> tuple[list[str], int]:
    """Return the indented lines from here on, without their indentation, and where they end."""
    end = at
    while end < len(lines) and (not lines[end].strip() or lines[end].startswith("    ")):
        end += 1
    return [line[4:] for line in lines[at:end]], end


def _section(title: str, text: str, block: list[str]) -> list[str]:
    if title == "Example":
        return [".. code-block:: python", "", *(f"   {line}" for line in block)]
    if title in FIELDS and not text:
        entries: list[str] = []
        for line in filter(str.strip, block):
            named = _NAMED.match(line)
            if named:
                entries.append(f":{FIELDS[title]} {named[1]}: {named[2]}")
            elif entries:
                entries[-1] += f" {line.strip()}"
            else:
                entries.append(f"**{title}:** {line.strip()}")
        return entries
    joined = " ".join(filter(None, [text, *(line.strip() for line in block)]))
    return [f"**{title}:** {joined}"]


def _with_code(lines: list[str]) -> list[str]:
    """Mark code as such, also where a letter follows: `Link`s."""
    text = "\n".join(lines)
    parts = re.split(r"(\.\. code-block:: python\n(?:\n|   .*\n?)*)", text)
    return "".join(
        part if part.startswith(".. code-block") else _CODE.sub(_literal, part) for part in parts
    ).split("\n")


def _literal(found: re.Match[str]) -> str:
    code = " ".join(found[1].split())
    return f"``{code}``" + (rf"\ {found[2]}" if found[2] else "")
