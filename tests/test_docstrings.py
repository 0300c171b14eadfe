"""Docstrings on the site: sections, code, and what Sphinx would take for something else."""

from importlib.util import module_from_spec, spec_from_file_location
from textwrap import dedent
from typing import Any

from tests.project import PROJECT


def converted(text: str) -> str:
    """Convert a docstring, as the site does."""
    spec = spec_from_file_location("docstrings", PROJECT / "docs" / "site" / "docstrings.py")
    assert spec is not None
    assert spec.loader is not None
    module: Any = module_from_spec(spec)
    spec.loader.exec_module(module)
    return "\n".join(module.converted(dedent(text).strip().splitlines())).strip()


def test_code_is_code_also_before_a_letter() -> None:
    assert converted("A `Link`, or `MeshedNamespace`s.") == (
        "A ``Link``, or ``MeshedNamespace``\\ s."
    )


def test_what_is_before_a_colon_is_no_type() -> None:
    assert converted("CA certificates: PEM in base64.") == "CA certificates: PEM in base64."


def test_arguments_and_errors_are_fields() -> None:
    text = """
        Write it.

        Args:
            name: its name,
                in one word.
            folder: where.

        Raises: ValueError if it is long.
    """

    assert converted(text).splitlines() == [
        "Write it.",
        "",
        "",
        ":param name: its name, in one word.",
        ":param folder: where.",
        "",
        "",
        "**Raises:** ValueError if it is long.",
    ]


def test_an_example_is_not_changed() -> None:
    text = """
        A class.

        Makes:
            one `Link`,
            and more.
        Example:
            Link("a", `b`)
        Source: https://example.org/
    """

    assert converted(text).splitlines() == [
        "A class.",
        "",
        "",
        "**Makes:** one ``Link``, and more.",
        "",
        "",
        ".. code-block:: python",
        "",
        '   Link("a", `b`)',
        "",
        "",
        "**Source:** https://example.org/",
    ]
