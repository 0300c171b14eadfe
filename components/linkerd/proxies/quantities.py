"""
Kubernetes' quantities, such as `100m` or `250Mi`, read and compared.

Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

import re
from dataclasses import dataclass
from decimal import Decimal

_QUANTITY = re.compile(
    r"\+?(\d{1,19}\.?\d{0,19}|\.\d{1,19})(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,2}))?", re.ASCII
)

# Kubernetes caps a greater one.
_LARGEST = 2**63 - 1

_SUFFIXES = {
    **{suffix: Decimal(10) ** power for suffix, power in zip("num", (-9, -6, -3), strict=True)},
    **{suffix: Decimal(1000) ** power for power, suffix in enumerate("kMGTPE", start=1)},
    **{f"{suffix}i": Decimal(1024) ** power for power, suffix in enumerate("KMGTPE", start=1)},
}


def quantity(text: str) -> Decimal | None:
    """Read a quantity that is not negative; None if the text is none."""
    found = _QUANTITY.fullmatch(text)
    if not found:
        return None
    number, suffix, exponent = found.groups()
    value = Decimal(number) * _SUFFIXES.get(suffix, Decimal(1)) * Decimal(10) ** int(exponent or 0)
    return value if value <= _LARGEST else None


@dataclass(frozen=True, kw_only=True)
class Amount:
    """What a container asks for, and how much of it is no mistake."""

    name: str
    """Its name, in words."""

    least: str
    """The smallest quantity."""

    most: str
    """The largest one."""

    example: str
    """One that is ordinary."""


# Kubernetes takes no smaller part of a core; no instance has more of them. Another unit than the
# usual one, as `100Mi` of cores or `100m` of a byte, is a mistake.
# Source: Kubernetes, "Resource Management for Pods and Containers", CPU resource units
CPU = Amount(name="CPU", least="1m", most="1000", example="100m")
MEMORY = Amount(name="memory", least="1Mi", most="1Ti", example="250Mi")


def range_problems(thing: str, amount: Amount, request: str | None, limit: str | None) -> list[str]:
    """Return what is wrong with a request and a limit; None is one that is not set."""
    problems = [
        f"{thing} {amount.name} {which} {problem}. Use: {amount.example!r}"
        for which, text in (("request", request), ("limit", limit))
        if text is not None and (problem := _problem(text, amount))
    ]
    if problems or request is None or limit is None:
        return problems
    if (quantity(limit) or 0) < (quantity(request) or 0):
        return [
            f"{thing} {amount.name} limit must be at least the request (got limit {limit!r}, "
            f"request {request!r}). The API server would refuse every pod with such a proxy. "
            f"Use: a limit of {request!r} or more"
        ]
    return []


def _problem(text: str, amount: Amount) -> str:
    """Return what is wrong with one quantity; empty if nothing is."""
    value = quantity(text)
    if not value:
        return (
            f"must be a quantity of Kubernetes that is more than 0 (got {text!r}). The API server "
            "would refuse the pod"
        )
    if not (quantity(amount.least) or 0) <= value <= (quantity(amount.most) or 0):
        return (
            f"must be from {amount.least} to {amount.most} (got {text!r}). Its unit is probably "
            "another than is meant, and proxies would not start"
        )
    return ""
