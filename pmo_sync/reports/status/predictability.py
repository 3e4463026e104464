"""Planned against delivered, of a project, a program or the portfolio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pmo_sync.reports.base import Figure
from pmo_sync.reports.figures import share
from pmo_sync.reports.status.over_time import KeptMonth, PredictabilityView
from pmo_sync.reports.words import MONTHS, several
from pmo_sync.rollups.predictability import Kept


def predictability_of(months: Sequence[Kept], missed: Figure) -> PredictabilityView | None:
    """Return the months with the share of their sums; None where nothing was ever planned."""
    if not any(month.planned or month.added for month in months):
        return None
    planned, delivered = (
        sum(getattr(month, name) for month in months) for name in ("planned", "delivered")
    )
    note = (
        f"of {several(planned, 'item')} planned in {several(len(months), 'month')}"
        if planned
        else "nothing was planned when a month began"
    )
    last = months[-1]
    return PredictabilityView(
        months=tuple(
            KeptMonth(
                one.month, one.planned, one.delivered, one.dropped, one.added,
                one.added_delivered, share(one.delivered, one.planned),
            )
            for one in months
        ),
        share=share(delivered, planned, note=note),
        missed=replace(missed, note=f"of {last.planned:,} planned for {_named(last.month)}"),
    )  # fmt: skip


def _named(month: date) -> str:
    return f"{MONTHS[month.month - 1]} {month.year}"
