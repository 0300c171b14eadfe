"""Retentions of logs: the accepted days, and the message for others."""

import pytest

from linkmesh.retention import DAYS, retention_problem


def test_days_that_cloudwatch_knows_are_taken() -> None:
    assert [retention_problem("retention", days) for days in DAYS] == [""] * 22


@pytest.mark.parametrize(("days", "longer"), [(0, 1), (31, 60), (366, 400), (4000, 3653)])
def test_for_other_days_the_next_longer_time_is_named(days: int, longer: int) -> None:
    assert retention_problem("log_retention_days", days) == (
        f"log_retention_days must be a number of days that CloudWatch knows (got {days}). It would "
        "refuse the log group: it accepts 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, "
        "545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653. "
        f"Use: {longer}"
    )
