"""One project of the status report: its figures, and why it needs attention."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Literal

from pmo_sync.config import Project
from pmo_sync.reports.base import Change, Chart, Figure, Level, Line, Reason
from pmo_sync.reports.figures import counted, days, decimal, share
from pmo_sync.reports.lists import Lists, slug, within
from pmo_sync.reports.status.evidence import Evidence
from pmo_sync.reports.status.view import ProjectStatus, Target
from pmo_sync.reports.words import day, distance, several
from pmo_sync.rollups.calendar import local_day, working_days
from pmo_sync.rollups.schedule import schedule

WORST: Sequence[Level] = ("off_track", "at_risk", "on_track", "no_data")
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
        self.schedule = schedule(
            project, evidence.targets, evidence.scope.at, evidence.scope.day, evidence.previous,
            self.open, evidence.config.portfolio, evidence.config.policy,
        )  # fmt: skip

    def status(self) -> ProjectStatus:
        reasons = self.reasons()
        updated = self.e.updated.get(self.name)
        timezone = self.e.config.portfolio.timezone
        last = local_day(updated, timezone) if updated else None
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
            freshness=self.freshness(last),
            last_update=last,
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
        return tuple(found)

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
        reasons = []
        if not self.project.owner:
            reasons.append(Reason(NO_OWNER, "note", "no owner"))
        if not sum(self.e.total(c, self.name) for c in CATEGORIES):
            reasons.append(Reason("scope.empty", "note", "its rules select no items"))
        for measure, words in (
            ("blocked", "blocked"),
            ("overdue", "past the due date"),
            ("stale", f"in progress untouched for {self.e.config.policy.stale_after} days"),
        ):
            n = self.e.total(measure, self.name)
            if n:
                text = f"{n} of {self.open} open items {'is' if n == 1 else 'are'} {words}"
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
        cycle, age = self.e.cycle.get(self.name), self.e.age.get(self.name)
        series = self.e.throughput.get(self.name, [])
        period = self.e.config.portfolio.period
        finished = f"of {cycle.count if cycle else 0} items done in 90 days that were in progress"
        expected = math.ceil(cycle.p85) if cycle and cycle.p85 is not None else None
        late = days(None, "too few finished items for an expectation")
        if expected is not None:
            found = self.e.ageing.get(self.name)
            title = f"{self.name}: In progress for more than {expected} days"
            where = self.within(f"category = in_progress and age > {expected}")
            opens = self.lists.add(f"{self.id}-ageing", title, found, where)
            late = counted(found, opens, f"older than {expected} days")
        return (
            ("In progress", self.figure("in_progress")),
            (f"Done this {period}", self.figure("delivered")),
            (f"Done a {period}, mean", decimal(
                sum(series) / len(series) if series else (0.0 if self.open else None),
                f"of the last {len(self.e.ends)} {period}s")),
            ("Cycle time, median", days(cycle.p50 if cycle else None, finished)),
            ("Cycle time, 85 %", days(cycle.p85 if cycle else None, finished)),
            ("Age of work in progress, 85 %", days(
                age.p85 if age else None, f"of {age.count if age else 0} items",
                self.opens("in_progress"))),
            ("Oldest in progress", days(age.largest if age else None, "since it started",
                                        self.opens("in_progress"))),
            ("Ageing", late),
            ("Blocked", self.figure("blocked")),
            ("Overdue", self.figure("overdue")),
        )  # fmt: skip

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

    def chart(self, kind: str, title: str, shape: str, series: object, what: str) -> Chart:
        values = series.get(self.name, [0] * len(self.e.ends))  # type: ignore[attr-defined]
        return Chart(
            id=f"{self.id}-{kind}",
            title=title,
            description=f"{self.name}: {what}",
            x=self.e.ends,
            lines=(Line("items", tuple(float(v) for v in values)),),
            unit="items",
            kind=shape,  # type: ignore[arg-type]
        )


def _day(value: date | None) -> str:
    return day(value) if value else "none"
