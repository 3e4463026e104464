"""What the portfolio's page one tells of the resources report: who is over capacity, and what one
person carries alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pmo_sync.reports.base import Concern, Figure, Reason, Summary
from pmo_sync.reports.resources.view import CarrierRow, Overload
from pmo_sync.reports.words import day


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
        exceptions=(*map(_overload, overloads), *map(_carrier, carriers)),
    )


def _overload(row: Overload) -> Concern:
    text = (
        f"{row.peak.text} of capacity in the week of {day(row.week)}: {row.load:.0f} of"
        f" {row.capacity:.0f} hours"
    )
    return Concern(
        subject=row.name,
        level="at_risk",
        reasons=(Reason("resources.overload", "at_risk", text),),
        facts=(("Team", row.team or "None"), ("Open items", str(row.items_total))),
    )


def _carrier(row: CarrierRow) -> Concern:
    text = f"{row.who} alone carries this {row.kind}"
    return Concern(
        subject=row.name,
        level="at_risk",
        reasons=(Reason("resources.carrier", "at_risk", text),),
        facts=(("Finished", row.done.text), ("Open items", row.open.text)),
    )
