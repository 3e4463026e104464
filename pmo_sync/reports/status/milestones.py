"""The milestones of the portfolio and of its projects, as the report tells them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pmo_sync.config import Portfolio
from pmo_sync.reports.base import Figure
from pmo_sync.reports.figures import NO_DATA, counted
from pmo_sync.reports.lists import Lists, slug, within
from pmo_sync.reports.status.dates import COUNTED, Dates
from pmo_sync.reports.status.forecast import finish, odds, target_odds
from pmo_sync.reports.status.milestone_view import (
    MilestoneForecast,
    MilestoneView,
    PartView,
    PortfolioMilestoneView,
    Trend,
)
from pmo_sync.reports.status.moved import first_of, moved, moves_of
from pmo_sync.reports.status.subject import Subject
from pmo_sync.reports.status.trend import trend
from pmo_sync.reports.words import away, day
from pmo_sync.rollups.calendar import working_days
from pmo_sync.rollups.dated import Dated, History
from pmo_sync.rollups.forecast.forecast import Forecast
from pmo_sync.rollups.portfolio_milestones import PortfolioMilestone
from pmo_sync.rollups.scope import Scope

FIELD = "portfolio_milestone"


def portfolio_view(
    known: Dates, lists: Lists, scope: Scope, portfolio: Portfolio
) -> tuple[PortfolioMilestoneView, ...]:
    """Return the portfolio's milestones in the configuration's order."""
    return tuple(
        _view(known, lists, scope, portfolio, number, one)
        for number, one in enumerate(known.milestones, 1)
    )


def _view(
    known: Dates,
    lists: Lists,
    scope: Scope,
    portfolio: Portfolio,
    number: int,
    one: PortfolioMilestone,
) -> PortfolioMilestoneView:
    id, found = f"m{number}-{slug(one.name)}", one.forecast
    open_, done = (_figure(known, lists, id, one.name, measure) for measure in COUNTED)
    ahead = working_days(scope.day, one.target, portfolio) if one.target else None
    past = one.target is not None and one.target < scope.day and bool(open_.value)
    return PortfolioMilestoneView(
        id=id,
        name=one.name,
        program=one.program,
        project=one.project,
        target=one.target,
        distance=ahead,
        overdue=-ahead if past and ahead else 0,
        text=_dated(one.target, ahead),
        first=first_of(one.dates),
        moved=moved(one.dates, scope.day),
        moves=moves_of(one.dates),
        open=open_,
        done=done,
        p50=found.p50,
        p85=found.p85,
        p95=found.p95,
        probability=found.probability,
        odds_first=target_odds(found, scope.day, first_of(one.dates)),
        method=found.method,
        reason=found.reason,
        figures=() if found.reason else tuple(_figures(one, scope.day, portfolio)),
        parts=tuple(
            PartView(part.name, part.open, part.done, part.forecast.p50, part.forecast.p85,
                     part.forecast.p95, part.forecast.reason)
            for part in one.parts
        ),
    )  # fmt: skip


def _figure(known: Dates, lists: Lists, id: str, name: str, measure: str) -> Figure:
    found = known.counted[measure].get(name)
    where = within(FIELD, name, f"category = {measure}")
    return counted(found, lists.add(f"{id}-{measure}", f"{name}: {COUNTED[measure]}", found, where))


def _dated(target: date | None, ahead: int | None) -> str:
    if target is None:
        return "no date"
    return f"{day(target)} ({away(ahead or 0)})"


def _figures(
    one: PortfolioMilestone, as_of: date, portfolio: Portfolio
) -> Sequence[tuple[str, Figure]]:
    found = one.forecast
    rows = [
        (f"Done with {share} %", finish(by, as_of, portfolio))
        for share, by in ((50, found.p50), (85, found.p85), (95, found.p95))
    ]
    if one.target is None:
        return rows
    chance = found.probability
    told = Figure(chance, odds(chance)) if chance is not None else Figure(None, NO_DATA)
    return [(f"Odds of {day(one.target)}", told), *_first(one, as_of), *rows]


def _first(one: PortfolioMilestone, as_of: date) -> Sequence[tuple[str, Figure]]:
    """Tell the odds of the date that was said first, where it is another one."""
    first = first_of(one.dates)
    found = target_odds(one.forecast, as_of, first)
    if first is None or first == one.target or found is None:
        return ()
    return ((f"{day(first)}, said first", Figure(found.probability, found.text)),)


def portfolio_trend(known: Dates, scope: Scope, portfolio: Portfolio) -> Trend | None:
    """Return the trend of the portfolio's own milestones."""
    named = [(one.name, one.dates) for one in known.milestones]
    return trend("milestone-trend", portfolio.name, named, scope.day, portfolio.period)


def milestones_of(subject: Subject) -> tuple[MilestoneView, ...]:
    """Return the milestones that its items are in, how far they are past with work open, and when
    those that are worked for will be reached."""
    portfolio, today = subject.evidence.config.portfolio, subject.evidence.scope.day
    trackers = subject.evidence.dates.trackers
    return tuple(
        MilestoneView(
            one.name, one.due, one.closed, one.open, one.done,
            working_days(one.due, today, portfolio)
            if one.due and one.due < today and one.open else 0,
            first_of(dates := trackers.get(one.id, ())), moved(dates, today), moves_of(dates),
            _expected(subject.evidence.expected.get((subject.name, one.id))),
        )
        for one in subject.evidence.milestones.get(subject.name, ())
    )  # fmt: skip


def _expected(found: Forecast | None) -> MilestoneForecast | None:
    if found is None:
        return None
    chance = found.probability
    told = "" if chance is None else odds(chance)
    return MilestoneForecast(found.p50, found.p85, found.p95, chance, told, found.reason)


def trend_of(subject: Subject) -> Trend | None:
    """Return the trend of a project's target and of the milestones that its items are in."""
    evidence = subject.evidence
    trackers = evidence.dates.trackers
    named = [("Target", _target(subject))] + [
        (one.name, trackers.get(one.id, ())) for one in evidence.milestones.get(subject.name, ())
    ]
    portfolio = evidence.config.portfolio
    return trend(f"{subject.id}-trend", subject.name, named, evidence.scope.day, portfolio.period)


def _target(subject: Subject) -> History:
    """Return how the target of a project was dated."""
    schedule = subject.evidence.health[subject.name].schedule
    if schedule.first is None or schedule.first_recorded is None:
        return ()
    first = Dated(schedule.first_recorded, schedule.first)
    return (first, *(Dated(since, to) for since, _, to in schedule.moves))
