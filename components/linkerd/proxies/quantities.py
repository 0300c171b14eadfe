"""
Kubernetes' quantities, such as `100m` or `250Mi`, read and compared.

Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

import re
from decimal import Decimal

_QUANTITY = re.compile(r"\+?(\d+\.?\d*|\.\d+)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?", re.ASCII)

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
    return Decimal(number) * _SUFFIXES.get(suffix, Decimal(1)) * Decimal(10) ** int(exponent or 0)


def range_problems(
    thing: str, request: str | None, limit: str | None, *, example: str
) -> list[str]:
    """Return what is wrong with a request and a limit; None is one that is not set."""
    problems = [
        f"{thing} {which} must be a quantity of Kubernetes that is more than 0 (got {text!r}). The "
        f"API server would refuse the pod. Use: {example}"
        for which, text in (("request", request), ("limit", limit))
        if text is not None and not quantity(text)
    ]
    if problems or request is None or limit is None:
        return problems
    if (quantity(limit) or 0) < (quantity(request) or 0):
        return [
            f"{thing} limit must be at least the request (got limit {limit!r}, request "
            f"{request!r}). The API server would refuse every pod with such a proxy. Use: a limit "
            f"of {request!r} or more"
        ]
    return []
