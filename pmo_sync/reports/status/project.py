"""One project of the status report: its figures, and why it needs attention."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from pmo_sync.config import Project
from pmo_sync.reports.base import Change, Chart, Figure, Level, Line, Reason
from pmo_sync.reports.figures import NO_DATA, counted, days, decimal, share
from pmo_sync.reports.lists import Lists, slug, within
from pmo_sync.reports.status.evidence import Evidence
from pmo_sync.reports.status.view import ProjectStatus, Target
from pmo_sync.reports.words import day, distance, several
from pmo_sync.rollups.calendar import local_day, working_days
from pmo_sync.rollups.schedule import schedule

Series = Mapping[str, Sequence[int]]
WORST: Sequence[Level] = ("off_track", "at_risk", "on_track", "no_data")
TELLING = ("off_track", "at_risk", "no_data", "note", "on_track")
"""The order of reasons: what decides a bad level first, then what is worth a look."""
NO_OWNER = "governance.no_owner"
CATEGORIES = ("todo", "in_progress", "done", "dropped")
CHANGES = (
    ("arrived", None), ("delivered", True), ("withdrawn", None), ("reopened", False),
    ("newly_blocked", False), ("postponed", False), ("re_estimated", None), ("moved_in", None),
)  # fmt: skip
"""What may change, and whether that is good news."""


def project_status(
    evidence: Evidence, lists: Lists, number: int, project: Project
) -> ProjectStatus:
    """Assemble one project; ``number`` makes its anchor unique whatever its name is."""
    return _Assembly(evidence, lists, f"p{number}-{slug(project.name)}", project).status()


class _Assembly:
    def __init__(self, evidence: Evidence, lists: Lists, id: str, project: Project) -> None:
        self.e = evidence
        self.lists = lists
        self.id = id
        self.project = project
        self.name = project.name
        self.open = evidence.total("open", project.name)
        self.sees_starts = evidence.sees_starts(project.name)
        updated = evidence.updated.get(project.name)
        timezone = evidence.config.portfolio.timezone
        self.last = local_day(updated, timezone) if updated else None
        self.schedule = schedule(
            project, evidence.targets, evidence.scope.at, evidence.scope.day, evidence.previous,
            self.open, evidence.config.portfolio, evidence.config.policy,
        )  # fmt: skip

    def status(self) -> ProjectStatus:
        reasons = self.reasons()
        return ProjectStatus(
            id=self.id,
            name=self.name,
            program=self.project.program or "",
            owner=self.project.owner,
            lifecycle=self.project.lifecycle,
            level=self.level(reasons),
            reasons=reasons,
            target=self.target(),
            counts=tuple(
                (self.e.measures[c].title, self.figure(c)) for c in CATEGORIES
            ),
            flow=self.flow(),
            throughput=self.chart("throughput", "Throughput", "bar", self.e.throughput,
                                  "items done in the period up to each day"),
            wip=self.chart("wip", "Work in progress", "line", self.e.wip,
                           "items in progress at the end of each day, of those in the project"
                           " now"),
            coverage=self.coverage(),
            changes=self.changes(),
            freshness=self.freshness(self.last),
            last_update=self.last,
        )  # fmt: skip

    def figure(self, measure: str, note: str = "") -> Figure:
        return counted(self.e.count(measure, self.name), self.opens(measure), note)

    def opens(self, measure: str) -> str | None:
        m = self.e.measures[measure]
        found = self.e.count(measure, self.name)
        title = f"{self.name}: {m.title}"
        return self.lists.add(f"{self.id}-{m.name}", title, found, self.within(m.where))

    def within(self, where: str) -> str:
        return within("project", self.name, where)

    def level(self, reasons: Sequence[Reason]) -> Level:
        if self.project.lifecycle != "active":
            return "no_data"
        levels = {reason.level for reason in reasons} | {self.schedule.level}
        return next(level for level in WORST if level in levels)

    def reasons(self) -> tuple[Reason, ...]:
        if self.project.lifecycle in ("complete", "cancelled"):
            return self.after_the_end()
        found = [*self.schedule_reasons(), *self.work_reasons()]
        return tuple(sorted(found, key=lambda reason: TELLING.index(reason.level)))

    def after_the_end(self) -> tuple[Reason, ...]:
        if not self.open:
            return ()
        text = f"{self.project.lifecycle}, but {several(self.open, 'item')} still open"
        return (Reason("lifecycle.open_work", "note", text, self.opens("open")),)

    def schedule_reasons(self) -> list[Reason]:
        s, reasons = self.schedule, []
        if s.overdue:
            text = (
                f"target {_day(s.target)} is {several(s.overdue, 'working day')} past with"
                f" {several(self.open, 'open item')}"
            )
            reasons.append(Reason(s.rule, "off_track", text, self.opens("open")))
        elif s.rule == "schedule.slip" and s.slip:
            direction = "later" if s.slip > 0 else "earlier"
            text = (
                f"target moved {several(abs(s.slip), 'working day')} {direction} since"
                f" {_day(s.first_recorded)}: {_day(s.first)} to {_day(s.target)}"
            )
            reasons.append(Reason(s.rule, s.level, text))
        elif s.rule == "schedule.slip":
            text = f"target not moved since it was first recorded on {_day(s.first_recorded)}"
            reasons.append(Reason(s.rule, s.level, text))
        elif s.rule == "schedule.no_baseline":
            recorded = f", first recorded on {_day(s.first_recorded)}" if s.first_recorded else ""
            reasons.append(Reason(s.rule, "no_data", f"no baseline yet: target{recorded}"))
        else:
            reasons.append(Reason(s.rule, "no_data", "no target date"))
        if not s.overdue:
            reasons += self.pace()
        return reasons

    def pace(self) -> list[Reason]:
        """Compare what the target asks for with the mean throughput; no odds, and it says so."""
        series = self.e.throughput.get(self.name, [])
        target, ends = self.schedule.target, self.e.ends
        if target is None or not self.open or sum(series) < self.e.config.policy.minimum_finished:
            return []
        periods = (target - ends[-1]).days / (ends[-1] - ends[-2]).days
        mean = sum(series) / len(series)
        needed = self.open / max(periods, 1)
        period = self.e.config.portfolio.period
        text = (
            f"needs {needed:.1f} items a {period} to finish {self.open} by {_day(target)}; the"
            f" last {len(series)} {period}s' mean is {mean:.1f}"
        )
        level: Level | Literal["note"] = "at_risk" if needed > mean else "note"
        return [Reason("schedule.pace", level, text, self.opens("open"))]

    def work_reasons(self) -> list[Reason]:
        return [*self.governance(), *self.standstill(), *self.exceptions()]

    def governance(self) -> list[Reason]:
        return [] if self.project.owner else [Reason(NO_OWNER, "note", "no owner")]

    def standstill(self) -> list[Reason]:
        done, dropped = (self.e.total(c, self.name) for c in ("done", "dropped"))
        if not self.open + done + dropped:
            return [Reason("scope.empty", "note", "its rules select no items")]
        reasons = []
        if not self.open:
            text = f"no open work ({done:,} done, {dropped:,} dropped): is it complete?"
            reasons.append(Reason("lifecycle.nothing_open", "note", text))
        silent = (self.e.scope.day - self.last).days if self.last else 0
        if silent > self.e.config.policy.dormant_after:
            text = f"nothing has changed for {several(silent, 'day')}"
            reasons.append(Reason("lifecycle.dormant", "note", text))
        return reasons

    def exceptions(self) -> list[Reason]:
        reasons = []
        for measure, words in (
            ("blocked", "blocked"),
            ("overdue", "past the due date"),
            ("stale", f"in progress untouched for {self.e.config.policy.stale_after} days"),
        ):
            n = self.e.total(measure, self.name)
            if n:
                text = (
                    f"{n} of {several(self.open, 'open item')} {'is' if n == 1 else 'are'} {words}"
                )
                reasons.append(Reason(f"work.{measure}", "note", text, self.opens(measure)))
        return reasons

    def target(self) -> Target:
        s, today = self.schedule, self.e.scope.day
        portfolio = self.e.config.portfolio
        if s.target is None:
            return Target(None, None, s.first, s.first_recorded, None, None, "no target")
        ahead = working_days(today, s.target, portfolio)
        text = f"{_day(s.target)} ({distance(ahead) if ahead else 'today'})"
        return Target(
            date=s.target,
            distance=ahead,
            first=s.first,
            first_recorded=s.first_recorded,
            slip=s.slip,
            overdue=s.overdue or None,
            text=text,
        )

    def flow(self) -> tuple[tuple[str, Figure], ...]:
        period = self.e.config.portfolio.period
        series = self.e.throughput.get(self.name, [0])
        known = sum(self.e.total(c, self.name) for c in CATEGORIES)
        mean = decimal(sum(series) / len(self.e.ends) if known else None,
                       f"of the last {len(self.e.ends)} {period}s")  # fmt: skip
        return (
            ("In progress", self.in_progress()),
            (f"Done this {period}", self.figure("delivered")),
            (f"Done a {period}, mean", mean),
            *self.cycle_time(),
            *self.ages(),
            ("Ageing", self.ageing()),
            ("Blocked", self.figure("blocked")),
            ("Overdue", self.figure("overdue")),
        )

    def in_progress(self) -> Figure:
        if self.sees_starts:
            return self.figure("in_progress")
        return Figure(None, NO_DATA, note="its tracker does not say when work starts")

    def cycle_time(self) -> tuple[tuple[str, Figure], ...]:
        known, cycle = self.e.cycle.get(self.name), self.e.cycle_time(self.name)
        note = "nothing done in 90 days was in progress before"
        if known:
            note = f"of {known.count} of {several(known.of, 'item')} done in 90 days"
        return (
            ("Cycle time, median", days(cycle.p50 if cycle else None, note)),
            ("Cycle time, 85 %", days(cycle.p85 if cycle else None, note)),
        )

    def ages(self) -> tuple[tuple[str, Figure], ...]:
        age, waiting = self.e.age.get(self.name), self.e.open_age.get(self.name)
        working = f"of {age.count if age else 0} in progress, since they started"
        opened = f"of {waiting.count if waiting else 0} open, since start or else creation"
        return (
            ("Age of work in progress, 85 %",
             days(age.p85 if age else None, working, self.opens("in_progress"))),
            ("Age of open work, median",
             days(waiting.p50 if waiting else None, opened, self.opens("open"))),
            ("Age of open work, 85 %",
             days(waiting.p85 if waiting else None, opened, self.opens("open"))),
            ("Oldest open", days(waiting.largest if waiting else None, opened,
                                 self.opens("open"))),
        )  # fmt: skip

    def ageing(self) -> Figure:
        cycle = self.e.cycle_time(self.name)
        if cycle is None:
            return days(None, "too few finished items for an expectation")
        expected = math.ceil(cycle.p85)
        title = f"{self.name}: In progress for more than {several(expected, 'day')}"
        where = self.within(f"category = in_progress and age > {expected}")
        found = self.e.ageing.get(self.name)
        opens = self.lists.add(f"{self.id}-ageing", title, found, where)
        return counted(found, opens, f"older than {several(expected, 'day')}")

    def coverage(self) -> tuple[tuple[str, Figure], ...]:
        working = self.e.total("in_progress", self.name)
        rows = (
            ("Open work estimated", "unestimated", self.open, "open items"),
            ("Open work with a due date", "undated", self.open, "open items"),
            ("Work in progress assigned", "unassigned", working, "items in progress"),
            ("Done work that was seen in progress", "no_start",
             self.e.total("done", self.name), "done items"),
        )  # fmt: skip
        return tuple(
            (title, share(whole - self.e.total(lacking, self.name), whole,
                          self.opens(lacking), f"of {whole:,} {of}; the list is the rest"
                          if whole else f"no {of}"))
            for title, lacking, whole, of in rows
        )  # fmt: skip

    def changes(self) -> tuple[Change, ...]:
        found = []
        for measure, good in CHANGES:
            n = self.e.total(measure, self.name)
            if n:
                title = self.e.measures[measure].title
                found.append(Change(measure, title, n, self.opens(measure), good))
        return (*self.moves(), *found)

    def moves(self) -> list[Change]:
        return [
            Change("re_dated", f"target moved from {_day(old)} to {_day(new)} on {_day(when)}", 1)
            for when, old, new in self.schedule.moves
            if when > self.e.previous
        ]

    def freshness(self, last: date | None) -> str:
        if last is None:
            return "no items"
        return f"last change {_day(last)}"

    def chart(
        self, kind: str, title: str, shape: Literal["bar", "line"], series: Series, what: str
    ) -> Chart:
        values: Sequence[float | None] = series.get(self.name, [0] * len(self.e.ends))
        if kind == "wip" and not self.sees_starts:
            values = [None] * len(self.e.ends)
        return Chart(
            id=f"{self.id}-{kind}",
            title=title,
            description=f"{self.name}: {what}",
            x=self.e.ends,
            lines=(Line("items", tuple(None if v is None else float(v) for v in values)),),
            unit="items",
            kind=shape,
        )


def _day(value: date | None) -> str:
    return day(value) if value else "none"
