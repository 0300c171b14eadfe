"""Rendering of findings: lines for people, a JSON document for programs."""

from collections.abc import Sequence

from .evaluate import Finding, State, is_healthy

SCHEMA = 1


def text(names: Sequence[str], found: Sequence[Finding]) -> str:
    """Return a line for each finding, and a summary for the environments."""
    rows = [(each.subject, _state_text(each), _details(each)) for each in found]
    first, second = (max((len(row[column]) for row in rows), default=0) for column in (0, 1))
    lines = [
        f"{subject:{first}}   {state:{second}}   {details}".rstrip()
        for subject, state, details in rows
    ]
    problems = [each.subject for each in found if each.is_required and each.state is not State.OK]
    closing = (
        f"Everything required for {', '.join(names)} is installed and configured."
        if is_healthy(found)
        else f"Missing or unknown for {', '.join(names)}: {', '.join(problems)}."
    )
    return "\n".join([*lines, "", closing])


def _state_text(finding: Finding) -> str:
    is_optional = not finding.is_required and finding.state is not State.OK
    return f"{finding.state.value} (optional)" if is_optional else finding.state.value


def _details(finding: Finding) -> str:
    remedy = f"Use: {finding.remedy}" if finding.remedy else ""
    observed = finding.observed.removesuffix(".") if remedy else finding.observed
    return ". ".join(part for part in (observed, remedy) if part)


def document(names: Sequence[str], found: Sequence[Finding]) -> dict[str, object]:
    """Return the JSON document for programs, as docs/cli.md describes it."""
    return {
        "schema": SCHEMA,
        "environments": list(names),
        "healthy": is_healthy(found),
        "findings": [
            {
                "subject": each.subject,
                "state": each.state.value,
                "observed": each.observed,
                "remedy": each.remedy,
                "required": each.is_required,
            }
            for each in found
        ],
    }
