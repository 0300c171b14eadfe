"""The page of figures names each budget."""

from pathlib import Path

import pytest

from sandbox.bench import budgets
from sandbox.bench.budgets import Budget

PAGE = Path(__file__).parents[3] / "docs" / "scale.md"


@pytest.mark.parametrize(
    "budget", [each for each in vars(budgets).values() if isinstance(each, Budget)], ids=str
)
def test_the_page_of_figures_names_a_budget(budget: Budget) -> None:
    parts = [f"{budget.seconds:g} s"] if budget.seconds else []
    parts += [f"{budget.mib / 1024:g} GiB"] if budget.mib else []

    assert f"(budget {', '.join(parts)})" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        f"(budget {budgets.FURTHER_LINK_CPU_MS:g} ms)",
        f"(at most {budgets.UP_TO_BASELINE:g})",
        f"(at most {budgets.EXPORT_TO_BASELINE:g})",
    ],
)
def test_the_page_of_figures_names_a_goal(text: str) -> None:
    assert text in PAGE.read_text(encoding="utf-8")
