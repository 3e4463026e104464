"""What a forecast is drawn from: a group's weeks at the pace of now, if they are enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pmo_sync.policy import ForecastPolicy
from pmo_sync.rollups.forecast.regime import Change, change_of
from pmo_sync.rollups.weekly import Weekly


@dataclass(frozen=True, slots=True)
class Sample:
    """``drawn`` are the last of the ``known`` weeks, those since the pace ``changed`` where it did;
    ``lacking`` says why they are not enough for a forecast by the ``policy``."""

    known: Weekly
    drawn: Weekly
    changed: Change | None
    lacking: str | None
    policy: ForecastPolicy

    @property
    def weeks(self) -> int:
        """Return how many weeks are drawn from."""
        return len(self.drawn.finished)

    @property
    def pace(self) -> float:
        """Return the mean items finished a week."""
        return sum(self.drawn.finished) / self.weeks

    @property
    def pace_before(self) -> float | None:
        """Return the same of the weeks before the pace changed."""
        before = self.known.finished[: -self.weeks]
        return sum(before) / len(before) if self.changed else None

    @property
    def arrived(self) -> list[int]:
        """Return what each week brought, less what was dropped: that needs no finishing."""
        pairs = zip(self.drawn.arrived, self.drawn.dropped, strict=True)
        return [came - gone for came, gone in pairs]

    @property
    def takes(self) -> float:
        """Return the weeks that the open work takes by the mean week, if nothing arrives."""
        return self.known.open * self.weeks / max(sum(self.drawn.finished), 1)


def sampled(weeks: Weekly, day: date, start: date | None, policy: ForecastPolicy) -> Sample:
    """Return what the weeks up to ``day`` tell of the next ones; those before ``start`` tell
    nothing."""
    known = weeks.since((day - start).days // 7) if start else weeks
    changed = change_of(known.finished, known.still, policy.weeks)
    drawn = known.since(changed.weeks if changed else policy.weeks)
    return Sample(known, drawn, changed, _lacking(known, drawn, policy), policy)


def _lacking(known: Weekly, drawn: Weekly, policy: ForecastPolicy) -> str | None:
    held, finished, weeks = len(known.finished), sum(drawn.finished), len(drawn.finished)
    if not known.open:
        return "no open work"
    if held < policy.minimum_weeks:
        return f"{held} whole weeks of history, fewer than {policy.minimum_weeks}"
    if finished < policy.minimum_finished:
        return f"{finished} finished in {weeks} weeks, fewer than {policy.minimum_finished}"
    if known.days < policy.minimum_days:
        return f"something was finished on {known.days} days, fewer than {policy.minimum_days}"
    return None
