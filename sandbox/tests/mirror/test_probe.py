"""The health of a gateway: patience, recovery, and Linkerd's trap."""

from sandbox.mirror.probe import Health


def changes(*answers: bool, threshold: int = 3) -> list[bool | None]:
    health = Health(threshold=threshold)
    return [health.after(answered) for answered in answers]


def test_a_gateway_is_down_after_as_many_failures_as_the_link_says_until_one_success() -> None:
    assert changes(True, False, False, False, True) == [True, None, None, False, True]


def test_a_success_in_between_starts_the_count_anew() -> None:
    assert changes(True, False, False, True, False, False) == [True, None, None, None, None, None]


def test_a_gateway_that_was_never_up_is_never_told_to_be_down() -> None:
    assert changes(False, False, False, False) == [None, None, None, None]
