"""The findings as lines for a person, and as a record for a program; pure."""

from collections.abc import Sequence

from .evaluate import Finding, Verdict, is_well


def text(names: Sequence[str], found: Sequence[Finding]) -> str:
    """Show a line for each finding, and what all of them come to for some environments."""
    rows = [(each.what, _verdict(each), _told(each)) for each in found]
    first, second = (max((len(row[column]) for row in rows), default=0) for column in (0, 1))
    lines = [f"{what:{first}}   {how:{second}}   {told}".rstrip() for what, how, told in rows]
    lacking = [each.what for each in found if each.is_needed and each.verdict is not Verdict.OK]
    closing = (
        f"Everything that is needed for {', '.join(names)} is here."
        if is_well(found)
        else f"Lacking for {', '.join(names)}: {', '.join(lacking)}."
    )
    return "\n".join([*lines, "", closing])


def _verdict(finding: Finding) -> str:
    is_spared = not finding.is_needed and finding.verdict is not Verdict.OK
    return f"{finding.verdict.value} (not needed)" if is_spared else finding.verdict.value


def _told(finding: Finding) -> str:
    remedy = f"Use: {finding.remedy}" if finding.remedy else ""
    return ". ".join(part for part in (finding.seen, remedy) if part)


def record(names: Sequence[str], found: Sequence[Finding]) -> dict[str, object]:
    """Make the same of plain values."""
    return {
        "environments": list(names),
        "isWell": is_well(found),
        "findings": [
            {
                "what": each.what,
                "verdict": each.verdict.value,
                "seen": each.seen,
                "remedy": each.remedy,
                "isNeeded": each.is_needed,
            }
            for each in found
        ],
    }
