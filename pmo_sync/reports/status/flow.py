"""A project's flow and coverage in figures and charts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pmo_sync.reports.base import Chart, Figure, Line
from pmo_sync.reports.figures import NO_DATA, counted, days, decimal, share
from pmo_sync.reports.status.subject import Subject
from pmo_sync.reports.words import day, several
from pmo_sync.rollups.limits import natural_limits
from pmo_sync.rollups.work import of_work

Named = tuple[str, Figure]
OPEN = ("open item", "open items")


def flow_of(subject: Subject) -> tuple[Named, ...]:
    """Return WIP, throughput, arrivals, times, ages and what holds work up."""
    period = subject.evidence.config.portfolio.period
    return (
        ("In progress", _in_progress(subject)),
        (_recently(subject), subject.figure("delivered")),
        (f"Done a {period}, mean", _mean(subject, subject.evidence.flow.throughput)),
        (f"Done a {period}, routine", _routine(subject)),
        (f"Arrived a {period}, mean", _mean(subject, subject.evidence.flow.arrivals)),
        *_cycle_time(subject),
        *_lead_time(subject),
        *_efficiency(subject),
        *_ages(subject),
        ("Ageing", _ageing(subject)),
        ("Blocked", subject.figure("blocked", _of_open(subject))),
        ("Overdue", subject.figure("overdue", _of_open(subject))),
    )


def _of_open(subject: Subject) -> str:
    return f"of {several(subject.open, *OPEN)}, epics and risks too"


def _recently(subject: Subject) -> str:
    evidence = subject.evidence
    if evidence.since:
        return f"Done since {evidence.compared_with}"
    return f"Done this {evidence.config.portfolio.period}"


def coverage_of(subject: Subject) -> tuple[Named, ...]:
    """Return how much of the work carries what the figures need; each opens what does not."""
    rows = (
        ("Open work estimated", "unestimated", subject.open, OPEN),
        ("Open work with a due date", "undated", subject.open, OPEN),
        ("Work in progress assigned", "unassigned", subject.total("in_progress"),
         ("item in progress", "items in progress")),
        ("Done work that was seen in progress", "no_start", subject.total("done"),
         ("done item", "done items")),
    )  # fmt: skip
    return tuple((title, _covered(subject, lacking, n, of)) for title, lacking, n, of in rows)


def throughput_chart(subject: Subject) -> Chart:
    """Return the work done, and the work that arrived, in each period."""
    values = {
        "Done": _series(subject.evidence.flow.throughput, subject),
        "Arrived": _series(subject.evidence.flow.arrivals, subject),
    }
    what = "work done, and work created, in the period up to each day"
    unit = f"items a {subject.evidence.config.portfolio.period}"
    return _chart(subject, "throughput", "Throughput and arrivals", unit, values, what)


def wip_chart(subject: Subject) -> Chart:
    """Return the items in progress at the end of each period."""
    there = subject.evidence.flow.cumulative.get(subject.name, {})
    values: Sequence[float | None] = there.get("in_progress", [0] * len(subject.evidence.ends))
    if not subject.sees_starts:
        values = [None] * len(values)
    what = "items in progress at the end of each day, of those in the project now"
    return _chart(subject, "wip", "Work in progress", "items", {"In progress": values}, what)


def _mean(subject: Subject, series: Mapping[str, Sequence[int]]) -> Figure:
    period, ends = subject.evidence.config.portfolio.period, subject.evidence.ends
    total = sum(series.get(subject.name, [0]))
    note = f"of the last {len(ends)} {period}s"
    return decimal(total / len(ends) if subject.items else None, note)


def _routine(subject: Subject) -> Figure:
    """Tell the natural process limits of throughput, and the last period beyond them."""
    period, series = subject.evidence.config.portfolio.period, _series(
        subject.evidence.flow.throughput, subject
    )  # fmt: skip
    limits = natural_limits(series)
    if limits is None or not any(series):
        return Figure(None, NO_DATA, note="nothing done")
    beyond = [
        end for end, done in zip(subject.evidence.ends, series, strict=True)
        if not limits.lower <= done <= limits.upper
    ]  # fmt: skip
    last = f"; a signal: {day(beyond[-1])}" if beyond else "; no signal"
    note = f"natural process limits of {len(series)} {period}s{last}"
    return Figure(limits.upper, f"{limits.lower:.1f} to {limits.upper:.1f}", note=note)


def _lead_time(subject: Subject) -> tuple[Named, ...]:
    lead = subject.evidence.flow.lead.get(subject.name)
    tells = lead is not None and lead.count >= subject.evidence.config.policy.minimum_finished
    note = (
        f"of {several(lead.count, 'item')} done in 90 days" if lead else "nothing done in 90 days"
    )
    return (
        ("Lead time, median", days(lead.p50 if lead and tells else None, note)),
        ("Lead time, 85 %", days(lead.p85 if lead and tells else None, note)),
    )


def _efficiency(subject: Subject) -> tuple[Named, ...]:
    """Tell the flow efficiency where the policy names what waiting is."""
    found = subject.evidence.flow.efficiency.get(subject.name)
    if found is None or found.items < subject.evidence.config.policy.minimum_finished:
        return ()
    note = f"of the cycle time of {several(found.items, 'item')} done in 90 days; the rest waited"
    worked = round(found.seconds - found.waiting)
    return (("Flow efficiency", replace(share(worked, round(found.seconds), None, note), of=None)),)


def _in_progress(subject: Subject) -> Figure:
    if subject.sees_starts:
        return subject.figure("aged_wip")
    return Figure(None, NO_DATA, note="its tracker does not say when work starts")


def _cycle_time(subject: Subject) -> tuple[Named, ...]:
    known = subject.evidence.cycle.get(subject.name)
    cycle = subject.evidence.cycle_time(subject.name)
    note = "nothing done in 90 days was in progress before"
    if known:
        note = f"of {known.count:,} of {several(known.of, 'item')} done in 90 days"
    return (
        ("Cycle time, median", days(cycle.p50 if cycle else None, note)),
        ("Cycle time, 85 %", days(cycle.p85 if cycle else None, note)),
    )


def _ages(subject: Subject) -> tuple[Named, ...]:
    age = subject.evidence.flow.age.get(subject.name)
    waiting = subject.evidence.flow.open_age.get(subject.name)
    working = f"of {age.count if age else 0} in progress, since they started"
    opened = f"of {waiting.count if waiting else 0} open, since start or else creation"
    lists = subject.opens("aged_wip"), subject.opens("aged_open")
    return (
        ("Age of work in progress, 85 %", days(age.p85 if age else None, working, lists[0])),
        ("Age of open work, median", days(waiting.p50 if waiting else None, opened, lists[1])),
        ("Age of open work, 85 %", days(waiting.p85 if waiting else None, opened, lists[1])),
        ("Oldest open", days(waiting.largest if waiting else None, opened, lists[1])),
    )


def _ageing(subject: Subject) -> Figure:
    cycle = subject.evidence.cycle_time(subject.name)
    if cycle is None:
        return days(None, "too few finished items for an expectation")
    expected = math.ceil(cycle.p85)
    title = f"{subject.name}: In progress for more than {several(expected, 'day')}"
    old = f"category = in_progress and age > {expected}"
    where = subject.within(of_work(subject.evidence.config.policy, old))
    found = subject.evidence.ageing.get(subject.name)
    opens = subject.lists.add(f"{subject.id}-ageing", title, found, where)
    note = f"of {subject.total('aged_wip'):,} in progress; older than {several(expected, 'day')}"
    return counted(found, opens, note)


def _covered(subject: Subject, lacking: str, whole: int, of: tuple[str, str]) -> Figure:
    without = subject.total(lacking)
    note = f"of {several(whole, *of)}" if whole else f"no {of[1]}"
    rest = "; the list is the rest" if without else ""
    return share(whole - without, whole, subject.opens(lacking), note + rest)


def _series(series: Mapping[str, Sequence[int]], subject: Subject) -> Sequence[float]:
    return series.get(subject.name, [0] * len(subject.evidence.ends))


def _chart(
    subject: Subject,
    kind: str,
    title: str,
    unit: str,
    lines: Mapping[str, Sequence[float | None]],
    what: str,
) -> Chart:
    return Chart(
        id=f"{subject.id}-{kind}",
        title=title,
        description=f"{subject.name}: {what}",
        x=subject.evidence.ends,
        lines=tuple(
            Line(name, tuple(None if v is None else float(v) for v in values))
            for name, values in lines.items()
        ),
        unit=unit,
        kind="bar" if kind == "throughput" else "line",
    )
