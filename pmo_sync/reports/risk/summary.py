"""What the portfolio's page one tells of the risk report: risks that somebody must look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pmo_sync.reports.base import Concern, Decision, Figure, Level, Summary
from pmo_sync.reports.risk.view import RiskLevel, RiskRow

LEVELS: Mapping[RiskLevel, Level] = {
    "high": "off_track", "medium": "at_risk", "low": "on_track", "not_assessed": "no_data",
}  # fmt: skip
"""The shape that each level of a risk has."""
UNANSWERED = "risk.unanswered"


def summary(
    headline: str, totals: Sequence[tuple[str, Figure]], attention: Iterable[RiskRow]
) -> Summary:
    """Tell of the register: its exceptions, and who must be named for a high risk."""
    rows = list(attention)
    return Summary(
        title="Risk",
        headline=headline,
        figures=tuple(totals),
        exceptions=tuple(_concern(row) for row in rows),
        decisions=tuple(
            Decision(_name(row), "Name who answers for it, and how", reason.text, _owner(row))
            for row in rows
            for reason in row.reasons
            if reason.rule == UNANSWERED
        ),
    )


def _concern(row: RiskRow) -> Concern:
    return Concern(
        subject=_name(row),
        level=LEVELS[row.level],
        word=row.level.replace("_", " ").capitalize(),
        reasons=row.reasons,
        facts=(
            ("Project", row.project or "None"),
            ("Score", "not assessed" if row.score is None else str(row.score)),
            ("Owner", _owner(row) or "No owner"),
            ("Response", row.response or "None"),
        ),
    )


def _name(row: RiskRow) -> str:
    return f"{row.key} {row.title}"


def _owner(row: RiskRow) -> str | None:
    return ", ".join(row.owners) or None
