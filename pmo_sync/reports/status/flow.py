"""A project's flow and coverage in figures and charts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from pmo_sync.reports.base import Chart, Figure, Line
from pmo_sync.reports.figures import NO_DATA, counted, days, decimal, share
from pmo_sync.reports.status.subject import Subject
from pmo_sync.reports.words import several
from pmo_sync.rollups.work import of_work

Named = tuple[str, Figure]
OPEN = ("open item", "open items")


def flow_of(subject: Subject) -> tuple[Named, ...]:
    """Return WIP, throughput, cycle time, ages and what holds work up."""
    period, ends = subject.evidence.config.portfolio.period, subject.evidence.ends
    done = sum(subject.evidence.throughput.get(subject.name, [0]))
    mean = decimal(
        done / len(ends) if subject.items else None, f"of the last {len(ends)} {period}s"
    )
    return (
        ("In progress", _in_progress(subject)),
        (f"Done this {period}", subject.figure("delivered")),
        (f"Done a {period}, mean", mean),
        *_cycle_time(subject),
        *_ages(subject),
        ("Ageing", _ageing(subject)),
        ("Blocked", subject.figure("blocked")),
        ("Overdue", subject.figure("overdue")),
    )


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
        "Done": _series(subject.evidence.throughput, subject),
        "Arrived": _series(subject.evidence.arrivals, subject),
    }
    what = "work done, and work created, in the period up to each day"
    unit = f"items a {subject.evidence.config.portfolio.period}"
    return _chart(subject, "throughput", "Throughput and arrivals", unit, values, what)


def wip_chart(subject: Subject) -> Chart:
    """Return the items in progress at the end of each period."""
    there = subject.evidence.cumulative.get(subject.name, {})
    values: Sequence[float | None] = there.get("in_progress", [0] * len(subject.evidence.ends))
    if not subject.sees_starts:
        values = [None] * len(values)
    what = "items in progress at the end of each day, of those in the project now"
    return _chart(subject, "wip", "Work in progress", "items", {"In progress": values}, what)


def _in_progress(subject: Subject) -> Figure:
    if subject.sees_starts:
        return subject.figure("in_progress")
    return Figure(None, NO_DATA, note="its tracker does not say when work starts")


def _cycle_time(subject: Subject) -> tuple[Named, ...]:
    known = subject.evidence.cycle.get(subject.name)
    cycle = subject.evidence.cycle_time(subject.name)
    note = "nothing done in 90 days was in progress before"
    if known:
        note = f"of {known.count} of {several(known.of, 'item')} done in 90 days"
    return (
        ("Cycle time, median", days(cycle.p50 if cycle else None, note)),
        ("Cycle time, 85 %", days(cycle.p85 if cycle else None, note)),
    )


def _ages(subject: Subject) -> tuple[Named, ...]:
    age = subject.evidence.age.get(subject.name)
    waiting = subject.evidence.open_age.get(subject.name)
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
    return counted(found, opens, f"older than {several(expected, 'day')}")


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
