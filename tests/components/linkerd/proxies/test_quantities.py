"""Kubernetes' quantities: which texts are some, and which is more."""

from decimal import Decimal

import pytest

from linkmesh.linkerd.proxies.quantities import CPU, MEMORY, Amount, quantity, range_problems


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", "1"),
        ("100m", "0.1"),
        ("0.5", "0.5"),
        (".5", "0.5"),
        ("1.", "1"),
        ("+2", "2"),
        ("1k", "1000"),
        ("1Ki", "1024"),
        ("250Mi", "262144000"),
        ("2Gi", "2147483648"),
        ("1E", "1000000000000000000"),
        ("1e3", "1000"),
        ("1E-3", "0.001"),
        ("5n", "0.000000005"),
    ],
)
def test_a_quantity_is_read_as_kubernetes_reads_it(text: str, value: str) -> None:
    assert quantity(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "m",
        "100 m",
        "1mi",
        "1K",
        "-1",
        "1Mib",
        "a",
        "1,5",
        "1e",
        "1e999999999",
        f"1e{9999:09999}",
        "9" * 5000,
        "1e19",
    ],
)
def test_what_kubernetes_does_not_read_is_none(text: str) -> None:
    assert quantity(text) is None


@pytest.mark.parametrize(
    ("request_", "limit"),
    [(None, None), ("1", None), (None, "1"), ("1000m", "1"), ("1m", "1000")],
)
def test_a_limit_may_be_as_much_as_the_request(request_: str | None, limit: str | None) -> None:
    assert range_problems("proxy", CPU, request_, limit) == []


@pytest.mark.parametrize(("request_", "limit"), [("1000Mi", "1Gi"), ("1049k", "2M")])
def test_memory_may_be_written_in_any_unit(request_: str, limit: str) -> None:
    assert range_problems("proxy", MEMORY, request_, limit) == []


@pytest.mark.parametrize(
    ("amount", "text", "range_"),
    [
        (CPU, "100Mi", "1m to 1000"),
        (CPU, "0.0000001", "1m to 1000"),
        (CPU, "1e15", "1m to 1000"),
        (MEMORY, "100m", "1Mi to 1Ti"),
        (MEMORY, "250", "1Mi to 1Ti"),
        (MEMORY, "250Ti", "1Mi to 1Ti"),
    ],
)
def test_a_quantity_in_the_unit_of_something_else_is_an_error(
    amount: Amount, text: str, range_: str
) -> None:
    assert range_problems("proxy", amount, None, text) == [
        f"proxy {amount.name} limit must be from {range_} (got {text!r}). Its unit is probably "
        f"another than is meant, and proxies would not start. Use: {amount.example!r}"
    ]


def test_a_limit_below_the_request_is_an_error() -> None:
    assert range_problems("proxy", MEMORY, "1Gi", "1000M") == [
        "proxy memory limit must be at least the request (got limit '1000M', request '1Gi'). The "
        "API server would refuse every pod with such a proxy. Use: a limit of '1Gi' or more"
    ]


@pytest.mark.parametrize("text", ["0", "1 Gi", "0m"])
def test_nothing_and_nonsense_are_errors(text: str) -> None:
    assert range_problems("proxy", CPU, text, None) == [
        "proxy CPU request must be a quantity of Kubernetes that is more than 0 (got "
        f"{text!r}). The API server would refuse the pod. Use: '100m'"
    ]
