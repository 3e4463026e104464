"""A project's forecast in the report: a range of dates, never a lone one, with its record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from pmo_sync.config import Portfolio
from pmo_sync.reports.base import Chart, Figure, Line
from pmo_sync.reports.figures import NO_DATA, decimal
from pmo_sync.reports.status.milestone_view import TargetOdds
from pmo_sync.reports.status.subject import Subject
from pmo_sync.reports.status.view import ForecastStatus, TrackRecord
from pmo_sync.reports.words import away, day, several
from pmo_sync.rollups.calendar import working_days
from pmo_sync.rollups.forecast.forecast import AHEAD, SURE, Forecast, odds_by
from pmo_sync.rollups.forecast.record import Record

Named = tuple[str, Figure]
SHOWN_AHEAD = 12
"""Periods ahead that a burn-up shows at most: as many as behind."""


def forecast_of(subject: Subject) -> ForecastStatus:
    """Return when the project will be done, or why nobody can say."""
    found = subject.evidence.forecasts[subject.name]
    config = subject.evidence.config
    return ForecastStatus(
        p50=found.p50,
        p85=found.p85,
        p95=found.p95,
        probability=found.probability,
        method=found.method,
        record=_record(found.record),
        reason=found.reason,
        weeks=found.weeks,
        since=found.since,
        since_earliest=found.since_earliest,
        since_latest=found.since_latest,
        open=found.open,
        pace=found.pace,
        arriving=found.arriving,
        cut=found.cut,
        needed=found.needed,
        figures=() if found.reason else tuple(_figures(found, subject, config.portfolio)),
    )


def odds(probability: float) -> str:
    """Write a probability; nothing that is open is certain, nor out of the question."""
    percent = round(100 * probability)
    return "<5 %" if percent < 5 else ">95 %" if percent > 95 else f"{percent} %"


def target_odds(found: Forecast, day: date, target: date | None) -> TargetOdds | None:
    """Return the odds of a date that is or was the target, by the forecast as of ``day`` for the
    one that is."""
    chance = odds_by(found, day, target)
    if chance is None or target is None:
        return None
    return TargetOdds(chance, "past" if target < day else f"odds {odds(chance)}")


def _figures(found: Forecast, subject: Subject, portfolio: Portfolio) -> Sequence[Named]:
    as_of, target = subject.evidence.scope.day, subject.project.target
    rows = [
        (f"Done with {odds:g} %", finish(day, as_of, portfolio))
        for odds, day in ((50, found.p50), (85, found.p85), (95, found.p95))
    ]
    if found.probability is not None and target:
        rows.append((f"Odds of {day(target)}", Figure(found.probability, odds(found.probability))))
    return [*rows, *path_to_green(found), *_drawn(found)]


def finish(value: date | None, as_of: date, portfolio: Portfolio) -> Figure:
    """Write a day of a forecast, and how far it is."""
    if value is None:
        note = "work arrives about as fast as it is finished, or little is finished"
        return Figure(None, "not in ten years", note=note)
    ahead = working_days(as_of, value, portfolio)
    return Figure(ahead, day(value), note=away(ahead))


def path_to_green(found: Forecast) -> Sequence[Named]:
    """Say what would make the target hold with 85 %; nothing where it does, or there is none."""
    if not found.cut:
        return ()
    which = f"for {100 * SURE:g} % by the target"
    if found.cut >= found.open:
        return (("Scope to cut", Figure(None, "none would do", note=which)),)
    left = f"of {several(found.open, 'open item')}, {which}"
    cut = ("Scope to cut", Figure(found.cut, several(found.cut, "item"), note=left))
    if found.needed is None or found.pace is None:
        return (cut,)
    return cut, ("Or finish a week", decimal(found.needed, f"{which}; {found.pace:.1f} now"))


def _drawn(found: Forecast) -> Sequence[Named]:
    note = f"mean of the last {found.weeks} weeks"
    if when := changed_about(found):
        note += f": the pace changed about {when}"
    arriving = f"; counted on for {several(round(found.lasting or 0), 'week')} more, or longer"
    return (
        ("Finished a week", decimal(found.pace, note)),
        ("Arriving a week", decimal(found.arriving, "less what was dropped" + arriving)),
        ("Record", _recorded(found.record)),
    )


def changed_about(found: Forecast) -> str | None:
    """Write since when the pace has been another, and how well that is known; None where it has
    not changed."""
    if not (found.since and found.since_earliest and found.since_latest):
        return None
    between = f"between {day(found.since_earliest)} and {day(found.since_latest)}"
    return f"{day(found.since)} ({between})"


def _record(record: Record | None) -> TrackRecord | None:
    if record is None or not record.tried:
        return None
    return TrackRecord(
        held=record.held, tried=record.tried, low=record.low, high=record.high,
        calibrated=record.calibrated,
    )  # fmt: skip


def _recorded(record: Record | None) -> Figure:
    if record is None or not record.tried:
        return Figure(None, NO_DATA, note="too short a history to try forecasts on")
    band = f"{record.low} to {record.high} are to be expected of 85 %"
    verdict = "" if record.calibrated else "; uncalibrated: do not rely on these dates"
    note = f"past forecasts of what {AHEAD} weeks finish; {band}{verdict}"
    return Figure(record.held, f"{record.held} of {record.tried} held", note=note)


def burn_up(subject: Subject) -> Chart:
    """Return the work done and the scope at the end of each period, and from now on where the
    dates of the forecast lead: straight lines to the present scope at 50, 85 and 95 %."""
    ends, there = subject.evidence.ends, subject.evidence.flow.cumulative.get(subject.name, {})
    found = subject.evidence.forecasts[subject.name]
    past, scope = _past(there, len(ends))
    dates = (found.p50, found.p85, found.p95)
    ahead = _ahead(ends, dates)
    gap: tuple[None, ...] = (None,) * (len(ends) - 1)
    fans = [
        Line(f"{share} %", (*gap, *_towards(past[-1], scope[-1], ends[-1], finish, ahead)))
        for share, finish in ((50, found.p50), (85, found.p85), (95, found.p95)) if finish
    ]  # fmt: skip
    return Chart(
        id=f"{subject.id}-burn-up",
        title="Burn-up and forecast",
        description=f"{subject.name}: work done and scope at the end of each period, and with which"
        " odds the present scope is done by then",
        x=(*ends, *ahead),
        lines=(
            Line("Done", (*past, *[None] * len(ahead))),
            Line("Scope", (*scope, *[scope[-1]] * len(ahead))),
            *fans,
        ),
        unit="items",
    )


def _past(there: Mapping[str, Sequence[int]], count: int) -> tuple[list[float], list[float]]:
    """Return the items done and those in scope, which are done or open, at each period's end."""
    nothing = [0] * count
    done, waiting, working = (there.get(c, nothing) for c in ("done", "todo", "in_progress"))
    scope = [float(sum(each)) for each in zip(done, waiting, working, strict=True)]
    return [float(each) for each in done], scope


def _ahead(ends: Sequence[date], finishes: Sequence[date | None]) -> list[date]:
    """Return the ends of the periods to come, until the last finish that there is room for."""
    known = [finish for finish in finishes if finish]
    length = (ends[-1] - ends[-2]).days if len(ends) > 1 else 7
    days = [ends[-1] + timedelta(days=length * n) for n in range(1, SHOWN_AHEAD + 1)]
    return [each for each in days if known and each < max(known) + timedelta(days=length)]


def _towards(
    done: float, scope: float, now: date, finish: date, ahead: Sequence[date]
) -> list[float | None]:
    whole = max((finish - now).days, 1)
    passed = [min(1.0, (each - now).days / whole) for each in ahead]
    return [done, *(float(round(done + (scope - done) * part)) for part in passed)]
