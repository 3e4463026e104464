"""How the status report is found: rollups in, view-model out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.reports.base import Change, Figure, Level, Quality, Summary
from pmo_sync.reports.figures import NO_DATA, counted
from pmo_sync.reports.glossary import TERMS, policy_rows
from pmo_sync.reports.lists import Lists
from pmo_sync.reports.masthead import masthead
from pmo_sync.reports.room import opened
from pmo_sync.reports.sources import confidence, source_rows
from pmo_sync.reports.status.cumulative import cumulative_upwards_chart
from pmo_sync.reports.status.declared import DIFFERS, OVER, WATERMELON
from pmo_sync.reports.status.departed import departed
from pmo_sync.reports.status.document import document
from pmo_sync.reports.status.evidence import Evidence, gather
from pmo_sync.reports.status.late import LATE
from pmo_sync.reports.status.milestones import portfolio_trend, portfolio_view
from pmo_sync.reports.status.page import StatusReport
from pmo_sync.reports.status.predictability import predictability_of
from pmo_sync.reports.status.programs import programs_of
from pmo_sync.reports.status.project import CHANGES, project_status
from pmo_sync.reports.status.reasons import NO_OWNER, TOO_LITTLE
from pmo_sync.reports.status.subject import CATEGORIES
from pmo_sync.reports.status.summary import awaited, concern, decisions
from pmo_sync.reports.status.view import ProjectStatus
from pmo_sync.reports.words import several
from pmo_sync.rollups.health.levels import WORST
from pmo_sync.rollups.measures import ALL
from pmo_sync.rollups.predictability import PORTFOLIO

VERSION = 2
"""Of the JSON form: raised when a field changes its meaning or goes."""

QUALITY = (
    ("unclaimed", None, "no project's rules select them: is one missing?"),
    ("overlapping", None, "counted in each of their projects, once in programs and portfolio"),
    ("unmapped_status", None, "counted as to do until [policy] status says what it means"),
    ("no_start", "done", "they have no cycle time"),
    ("no_finish", "done", "finished by a workflow migration: they are in no throughput"),
    ("moved_back", "todo", "their age runs from the first start"),
    ("unassigned", "in_progress", "work that nobody has"),
    ("unestimated", "open", "they weigh nothing in what is measured in points or hours"),
    ("finished_blocker", "blocked", "nothing holds them up any more: is the mark out of date?"),
    ("finished_parent", "open", "their parent says that it is finished"),
    ("closed_milestone", "open", "their milestone says that it is finished"),
    ("overdue_milestone", "open", "the milestone's date is past: re-date it or close it"),
    ("inactive_assignee", "open", "nobody can be working on them"),
    ("contradicted", None, "their present value counts from their last update on"),
)
"""Measure, what it is a part of, and why it matters."""
NEWSWORTHY = (NO_OWNER, DIFFERS, WATERMELON, OVER, LATE, TOO_LITTLE)
"""What asks for attention whatever the level is."""


def build(tables: Tables, config: Config, day: date, since: date | None = None) -> StatusReport:
    """Build the portfolio status report as of the end of ``day``, with what changed since the end
    of ``since`` (by default: of the day one period before)."""
    evidence = gather(tables, config, day, since)
    lists = Lists(tables, evidence.scope, evidence.previous)
    totals = _totals(evidence, lists)
    projects = [
        project_status(evidence, lists, number, project)
        for number, project in enumerate(evidence.scope.projects, 1)
    ]
    sources = source_rows(tables, evidence.scope, config)
    items = sum(evidence.total(category, ALL) for category in CATEGORIES)
    trust = confidence(
        sources,
        evidence.total("unmapped_status", ALL),
        evidence.total("unclaimed", ALL),
        items,
        [p.name for p in evidence.scope.projects if not evidence.sees_starts(p.name)],
    )
    attention, steady = _sorted_out(projects)
    headline, changes = _headline(projects, evidence), _changes(evidence, lists)
    milestones = portfolio_view(evidence.dates, lists, evidence.scope, config.portfolio)
    programs = programs_of(evidence, lists, [*attention, *steady])
    predictable = predictability_of(
        evidence.kept.get((PORTFOLIO, ALL), ()), _figure(evidence, lists, "missed")
    )
    overlaps, unclaimed = (_figure(evidence, lists, name) for name in ("overlapping", "unclaimed"))
    quality = _quality(evidence, lists)
    summary = Summary(
        title="Status",
        headline=headline,
        figures=totals,
        exceptions=tuple(concern(project) for project in attention),
        steady=tuple(concern(project) for project in steady),
        decisions=tuple(decisions(projects)),
        changes=changes,
        milestones=tuple(awaited(one) for one in milestones),
    )
    pages, room = config.portfolio.pages, config.policy.page_rows
    return StatusReport(
        **masthead(("status", VERSION), config, (day, evidence.previous), sources, trust),
        headline=headline,
        totals=totals,
        attention=attention,
        steady=steady,
        programs=programs,
        predictability=predictable,
        cumulative=cumulative_upwards_chart(
            evidence, "portfolio", "Portfolio", ALL, [project.name for project in projects]
        ),
        changes=changes,
        overlaps=overlaps,
        unclaimed=unclaimed,
        quality=quality,
        policy=policy_rows(config.policy),
        glossary=TERMS,
        lists=lists.all(room if pages == "one" else None, opened(summary, quality)),
        projects=tuple(
            document(project, project.health, evidence.forecasts.get(project.name))
            for project in projects
            if project.health
        ),
        pages=pages,
        milestones=milestones,
        trend=portfolio_trend(evidence.dates, evidence.scope, config.portfolio),
        summary=summary,
    )


def _figure(evidence: Evidence, lists: Lists, measure: str, note: str = "") -> Figure:
    m, found = evidence.measures[measure], evidence.count(measure, ALL)
    return counted(found, lists.add(f"all-{m.name}", f"Portfolio: {m.title}", found, m.where), note)


def _totals(evidence: Evidence, lists: Lists) -> tuple[tuple[str, Figure], ...]:
    of_open = f"of {several(evidence.total('open', ALL), 'open item')}"
    notes = {"blocked": of_open, "overdue": of_open}
    figures = {
        name: _figure(evidence, lists, name, notes.get(name, ""))
        for name in ("todo", "in_progress", "done", "dropped", "blocked", "overdue")
    }
    figures["in_progress"] = _known(evidence, figures["in_progress"])
    return tuple((evidence.measures[name].title, figure) for name, figure in figures.items())


def _known(evidence: Evidence, in_progress: Figure) -> Figure:
    """Say how many projects cannot tell what is in progress; where they hold too much of the
    open work, the rest does not stand for all."""
    blind = [p.name for p in evidence.scope.projects if not evidence.sees_starts(p.name)]
    if not blind:
        return in_progress
    note = f"{several(len(blind), 'project')} cannot say"
    unknown, total = sum(evidence.total("open", n) for n in blind), evidence.total("open", ALL)
    if total - unknown < evidence.config.policy.minimum_coverage * total:
        return Figure(None, NO_DATA, note=note)
    return replace(in_progress, note=note)


def _sorted_out(
    projects: Sequence[ProjectStatus],
) -> tuple[tuple[ProjectStatus, ...], tuple[ProjectStatus, ...]]:
    """Exceptions first: what is not on track, or asks for a decision; the rest is steady."""
    needs = [
        p for p in projects
        if p.lifecycle == "active"
        and (p.level != "on_track" or any(reason.rule in NEWSWORTHY for reason in p.reasons))
    ]  # fmt: skip
    needs.sort(key=_gravity)
    named = {p.name for p in needs}  # to compare two projects is to compare all that is said
    steady = sorted((p for p in projects if p.name not in named), key=lambda p: p.name)
    return tuple(needs), tuple(steady)


def _gravity(project: ProjectStatus) -> tuple[int, int, bool, int, str]:
    """Sort the worst first: what is shown, what is computed, what got worse."""
    health = project.health
    computed = WORST.index(health.computed) if health else len(WORST)
    worse = health is not None and health.trend == "worse"
    return WORST.index(project.level), computed, not worse, -len(project.reasons), project.name


def _headline(projects: Sequence[ProjectStatus], evidence: Evidence) -> str:
    active = [p for p in projects if p.lifecycle == "active"]
    levels: Counter[Level] = Counter(p.level for p in active)
    words: dict[Level, str] = {
        "off_track": "off track", "at_risk": "at risk", "on_track": "on track",
        "no_data": "without enough data to tell",
    }  # fmt: skip
    parts = [f"{levels[level]} {words[level]}" for level in words if levels[level]]
    state = f"{several(len(active), 'active project')}: {_joined(parts)}."
    if not active:
        state = "No project is active."
    state += _commitments(active, evidence)
    flips = (one.good for p in active for one in p.changes if one.kind == "health")
    moved = Counter("better" if good else "worse" for good in flips)
    turned = [f"{moved[way]} got {way}" for way in ("worse", "better") if moved[way]]
    done, new = evidence.total("delivered", ALL), evidence.total("arrived", ALL)
    were = "was" if done == 1 else "were"
    finished = f"{several(done, 'item')} {were} done" if done else "nothing was done"
    news = _joined([*turned, finished, f"{new:,} came in"])
    return f"{state} Since {evidence.compared_with} {news}."


def _commitments(active: Sequence[ProjectStatus], evidence: Evidence) -> str:
    """Say how many targets hold with the odds that make them green."""
    chances = [p.forecast.probability for p in active if p.forecast.probability is not None]
    sure = evidence.config.policy.health.probability_green
    if not chances:
        return ""
    held = sum(chance >= sure for chance in chances)
    return f" Targets with odds of {100 * sure:g} % or more: {held} of {len(chances)}."


def _joined(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _changes(evidence: Evidence, lists: Lists) -> tuple[Change, ...]:
    found = []
    for measure, good in CHANGES:
        figure = _figure(evidence, lists, measure)
        if figure.value:
            title = evidence.measures[measure].title
            found.append(Change(measure, title, int(figure.value), figure.items, good))
    return (*found, *departed(evidence, lists, ALL, "all"))


def _quality(evidence: Evidence, lists: Lists) -> tuple[Quality, ...]:
    rows = []
    for measure, whole, meaning in QUALITY:
        figure = _figure(evidence, lists, measure)
        of = evidence.total(whole, ALL) if whole else None
        if figure.value:
            title = evidence.measures[measure].title
            rows.append(Quality(measure, title, int(figure.value), of, meaning, figure.items))
    return tuple(rows)
