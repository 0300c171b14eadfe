"""Sections always fit into the limit, and say what was left out."""

from hypothesis import given
from hypothesis import strategies as st

from linkmesh.cli.preview.fitting import RESERVE, Section, render_sections

SECTIONS = st.lists(
    st.builds(
        Section,
        opening=st.text(max_size=50),
        items=st.lists(st.text(min_size=1, max_size=120), max_size=30).map(tuple),
        closing=st.text(max_size=20),
        most=st.integers(0, 3_000),
        is_whole=st.booleans(),
    ),
    max_size=20,
)


@given(SECTIONS, st.integers(RESERVE + 1, 3_000))
def test_it_is_never_longer_than_the_limit(sections: list[Section], limit: int) -> None:
    assert len(render_sections(sections, limit)) < limit


def test_what_fits_is_written_whole() -> None:
    sections = [Section(opening="a", items=("b", "c"), closing="d", most=10)]

    assert render_sections(sections, 300) == "abcd"


def test_a_cut_section_is_closed_and_counts_what_is_missing() -> None:
    section = Section(opening="[", items=("x" * 40,) * 10, closing="]", most=150)

    assert section.render(1_000) == f"[{'x' * 80}]\n… and 8 more, left out for length.\n"


def test_the_first_sections_are_written_first() -> None:
    sections = [
        Section(opening=name, items=(name * 100,), most=200, is_whole=True) for name in "abc"
    ]

    text = render_sections(sections, RESERVE + 250)

    assert text == "a" * 101 + "b" * 101 + "\n… and 1 more sections, left out for length.\n"
