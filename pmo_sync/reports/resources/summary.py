"""What the portfolio's page one tells of the resources report: who is over capacity, and what one
person carries alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from pmo_sync.reports.base import Concern, Figure, Reason, Summary
from pmo_sync.reports.resources.view import CarrierRow, Overload
from pmo_sync.reports.words import day, several
from pmo_sync.rollups.resources.load import EXACT

Standing = Literal["at_risk", "note"]
AHEAD = "Next 4 weeks"


def summary(
    headline: str,
    totals: Sequence[tuple[str, Figure]],
    overloads: Iterable[Overload],
    carriers: Iterable[CarrierRow],
) -> Summary:
    """Tell of loads over capacity first, then of single carriers."""
    return Summary(
        title="Resources",
        headline=headline,
        figures=tuple(totals),
        exceptions=(*_overloads(overloads), *_carriers(carriers)),
    )


def is_lasting(row: Overload) -> bool:
    """Say whether the next weeks as a whole hold too much: moving work about does not help."""
    return row.ahead.value is None or row.ahead.value > 1 + EXACT


def _overloads(rows: Iterable[Overload]) -> Iterable[Concern]:
    """Tell of those first who cannot do it later either; within each by name."""
    return map(_overload, sorted(rows, key=lambda row: not is_lasting(row)))


def _overload(row: Overload) -> Concern:
    text = (
        f"{row.peak.text} of capacity in the week of {day(row.week)}: {row.load:.0f} of"
        f" {row.capacity:.0f} hours"
    )
    lasting = is_lasting(row)
    level: Standing = "at_risk" if lasting else "note"
    more = "" if lasting else "; the weeks after have room for it"
    return Concern(
        subject=row.name,
        level=level,
        reasons=(Reason("resources.overload", level, text + more),),
        facts=_facts(row.team, f"{row.ahead.text} of capacity ({row.ahead.note})"),
        id=row.id,
        kind="row",
        word="Over capacity" if lasting else "Peak week",
    )


def _carriers(rows: Iterable[CarrierRow]) -> Iterable[Concern]:
    """Tell once of everybody who carries something, whatever it consists of."""
    by_person: dict[str, list[CarrierRow]] = {}
    for row in rows:
        by_person.setdefault(row.who, []).append(row)
    for who, carried in sorted(by_person.items()):
        projects = [row.name for row in carried if row.kind == "project"]
        rest = [
            several(sum(row.kind == kind for row in carried), kind)
            for kind in ("epic", "component")
            if any(row.kind == kind for row in carried)
        ]
        what = [*(f"the project {name}" for name in projects), *rest]
        text = f"carries {', '.join(what[:-1])}{' and ' if what[1:] else ''}{what[-1]} alone"
        level: Standing = "at_risk" if projects else "note"
        reason = Reason("resources.carrier", level, text)
        yield Concern(who, level, (reason,), _facts("", ""), word="Carries alone")


def _facts(team: str, ahead: str) -> tuple[tuple[str, str], ...]:
    return (("Team", team or "–"), (AHEAD, ahead or "–"))
