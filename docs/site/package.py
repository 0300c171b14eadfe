"""Describes the component package for other languages, from its schema: classes, then types."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).resolve().parents[2] / "components" / "package" / "schema.json"

INTRODUCTION = """
What programs in TypeScript, Go, YAML, C# and Java use: [guide](../docs/guides/languages.md). Names
are those of the schema; each language writes them in its own way.
"""


def described() -> str:
    """Return the page."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    parts = [f"# The package for other languages\n{INTRODUCTION}"]
    parts += ["## Components\n"]
    for token, one in schema["resources"].items():
        parts += [f"### {_name(token)}\n", _prose(one["description"])]
        parts += _table("Inputs", one["inputProperties"], one.get("requiredInputs", ()))
        parts += _table("Outputs", one.get("properties", {}), one.get("required", ()))
    parts += ["## Types\n"]
    for token, one in schema["types"].items():
        parts += [f"### {_name(token)} (type)\n", _prose(one.get("description", ""))]
        if "enum" in one:
            parts += [f"- `{each['value']}`: {_line(each['description'])}" for each in one["enum"]]
        else:
            parts += _table("Properties", one["properties"], one.get("required", ()))
    return "\n".join(parts) + "\n"


def _table(title: str, properties: dict[str, Any], required: list[str]) -> Iterator[str]:
    if not properties:
        return
    yield f"\n| {title} | type | |\n|---|---|---|"
    for name, one in properties.items():
        marks = [mark for mark, holds in (("required", name in required),) if holds]
        marks += ["secret"] if one.get("secret") else []
        noted = f" ({', '.join(marks)})" if marks else ""
        yield f"| `{name}`{noted} | {_type(one)} | {_line(one.get('description', ''))} |"
    yield ""


def _type(one: dict[str, Any]) -> str:
    if reference := one.get("$ref"):
        return f"`{_name(reference)}`" if "index:" in reference else "any"
    if one.get("type") == "array":
        return f"list of {_type(one['items'])}"
    if one.get("type") == "object":
        return f"map of {_type(one['additionalProperties'])}"
    return str(one.get("type", "any"))


def _name(token: str) -> str:
    return token.rpartition(":")[2]


def _prose(text: str) -> str:
    """Return a description whose indented lists stay lists."""
    return "\n".join(line.strip() for line in text.splitlines()) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
