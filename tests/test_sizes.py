"""Which limit ends which topology: the table in docs/scale.md is that of the code."""

import pytest

from linkmesh.environment.limits import LIMITS, Limit
from tests import sizes
from tests.project import PROJECT
from tests.sizes import MODELLED, TOPOLOGIES

PAGE = (PROJECT / "docs" / "scale.md").read_text()
SECTION = PAGE.partition("## Which limit ends which topology\n")[2].partition("\n## ")[0]
TABLE = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in SECTION.splitlines()
    if line.startswith("|")
]


def test_the_table_is_that_of_the_code() -> None:
    head, _, *rows = TABLE

    assert head == ["limit", "of", "default", "can be raised", *TOPOLOGIES]
    assert rows == sizes.table()


@pytest.mark.parametrize("topology", TOPOLOGIES)
@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_a_size_is_the_last_that_fits(limit: Limit, topology: str) -> None:
    size = sizes.size(limit, topology)

    if size is not None and size < MODELLED:
        assert sizes.fits(limit, topology, size)
        assert not sizes.fits(limit, topology, size + 1)


@pytest.mark.parametrize("topology", TOPOLOGIES)
@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_uses_beyond_what_is_modelled_grow_in_a_straight_line(limit: Limit, topology: str) -> None:
    if not sizes.fits(limit, topology, MODELLED):
        return
    counts = [sizes.worst(limit, topology, MODELLED * part // 4).count for part in (2, 3, 4)]

    assert counts[2] - counts[1] == counts[1] - counts[0]
