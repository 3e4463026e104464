"""How the resources report is found: rollups in, view-model out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import records
from pmo_sync.reports.base import Figure, Quality
from pmo_sync.reports.figures import NO_DATA
from pmo_sync.reports.lists import Lists
from pmo_sync.reports.masthead import masthead
from pmo_sync.reports.resources.evidence import NOBODY, Evidence, gather
from pmo_sync.reports.resources.glossary import TERMS, policy_rows
from pmo_sync.reports.resources.rows import carrier_rows, overloads, team_rows
from pmo_sync.reports.resources.subject import Subject, percent
from pmo_sync.reports.resources.summary import is_lasting, summary
from pmo_sync.reports.resources.view import Holidays, Overload, ResourcesReport, Week
from pmo_sync.reports.room import opened
from pmo_sync.reports.sources import confidence, source_rows
from pmo_sync.reports.words import several
from pmo_sync.rollups.calendar import period_before
from pmo_sync.rollups.measures import ALL
from pmo_sync.rollups.resources.calendars import holidays_used
from pmo_sync.rollups.resources.load import NEAR, added
from pmo_sync.rollups.where.syntax import Empty

VERSION = 1
"""Of the JSON form: raised when a field changes its meaning or goes."""


def build(tables: Tables, config: Config, day: date) -> ResourcesReport:
    """Build the resources report as of the end of ``day``."""
    evidence = gather(tables, config, day)
    previous = period_before(day, config.portfolio.period)
    lists = Lists(tables, evidence.scope, previous)
    everything, nobody = _everything(evidence, lists), _nobody(evidence, lists)
    teams = team_rows(evidence, lists)
    over = overloads(evidence, teams)
    sources = source_rows(tables, evidence.scope, config)
    items = sum(source.items for source in sources)
    trust = confidence(sources, 0, _unclaimed(evidence), items, [])
    if not everything.is_known:
        said = f"{everything.work().placed.text} of open items are estimated and dated"
        trust = "limited" if trust[0] == "good" else trust[0], (*trust[1], said)
    weeks = evidence.resources.weeks
    headline = _headline(evidence, over, everything, nobody)
    totals = _totals(evidence, everything, nobody, over)
    carriers = carrier_rows(evidence, lists)
    quality, told = _quality(evidence, everything), summary(headline, totals, over, carriers)
    return ResourcesReport(
        **masthead(("resources", VERSION), config, (day, previous), sources, trust),
        headline=headline,
        totals=totals,
        weeks=tuple(
            Week(begins, (after - begins).days) for begins, after in pairwise(weeks.bounds)
        ),
        near=NEAR,
        people=config.policy.people,
        overloads=over,
        teams=teams,
        nobody=nobody.work(),
        nobody_weeks=nobody.load.weeks,
        carriers=carriers,
        holidays=_holidays(evidence),
        quality=quality,
        policy=policy_rows(config),
        glossary=TERMS,
        lists=lists.all(config.policy.page_rows, opened(told, quality)),
        summary=told,
    )


def _everything(evidence: Evidence, lists: Lists) -> Subject:
    found = evidence.resources
    load = added([*(each.load for each in found.persons), found.nobody], found.weeks)
    return Subject(evidence, lists, "all", "Portfolio", ALL, None, load, None)


def _nobody(evidence: Evidence, lists: Lists) -> Subject:
    return Subject(
        evidence, lists, "nobody", "Assigned to nobody", NOBODY, Empty("assignee"),
        evidence.resources.nobody, None,
    )  # fmt: skip


def _unclaimed(evidence: Evidence) -> int:
    scope = evidence.scope
    rows = scope.items.join(scope.membership.select("item_id"), on="item_id", how="anti")
    return int(records(rows.select(nw.len().alias("n")))[0]["n"])


def _totals(
    evidence: Evidence, everything: Subject, nobody: Subject, over: Sequence[Overload]
) -> tuple[tuple[str, Figure], ...]:
    work, theirs = everything.work(), nobody.work()
    noun = "teams" if evidence.config.policy.people == "teams" else "people"
    near = f"Over capacity, next {NEAR} weeks"
    of = f"of {_assessed(evidence):,} {noun}"
    lasting = sum(map(is_lasting, over))
    told = Figure(
        len(over), f"{len(over):,}", note=f"{of} in a week, {lasting} in all {NEAR} together"
    )
    if all(load.capacity is None for load in evidence.resources.persons):
        told = Figure(None, NO_DATA, note=f"of none {of} the hours are known")
    return (
        (near, told),
        ("Hours left", work.remaining),
        ("Hours that nobody has", theirs.remaining),
        ("Estimated and dated", work.placed),
        ("Past their day", work.overdue),
        ("Undated", work.undated),
    )


def _assessed(evidence: Evidence) -> int:
    persons = evidence.resources.persons
    if evidence.config.policy.people == "teams":
        return len({load.human.team for load in persons})
    return len(persons)


def _headline(
    evidence: Evidence,
    over: Sequence[Overload],
    everything: Subject,
    nobody: Subject,
) -> str:
    load = everything.load
    if not load.items:
        return "There is no open work."
    parts = [_who(evidence, over)]
    left = f"{load.total:,.0f} hours are left"
    theirs = f", {nobody.load.total:,.0f} of them assigned to nobody" if nobody.load.total else ""
    parts.append(f"{left}{theirs}." if load.estimated else "No open item has an estimate.")
    placed = everything.work().placed
    rest = "the rest is in no load" if everything.is_known else "too few to say who is free"
    if placed.value != 1:
        parts.append(f"{placed.text} of open items are estimated and dated: {rest}.")
    return " ".join(parts)


def _who(evidence: Evidence, over: Sequence[Overload]) -> str:
    named = "team" if evidence.config.policy.people == "teams" else "person"
    many = "teams" if named == "team" else "people"
    whole = several(_assessed(evidence), named, many)
    if all(load.capacity is None for load in evidence.resources.persons):
        return f"Of none of {whole} the working hours are known: who has too much cannot be said."
    if not over:
        return f"None of {whole} is known to be over capacity in the next {NEAR} weeks."
    lasting = [row for row in over if is_lasting(row)]
    known = [row.ahead.value for row in lasting if row.ahead.value is not None]
    most = f" ({'up to ' if known[1:] else ''}{percent(max(known))})" if known else ""
    text = f"{len(lasting) or 'None'} of {whole} {_has(len(lasting))} more work than hours in the"
    brief = len(over) - len(lasting)
    more = f"; {brief:,}{' more' if lasting else ''} {_has(brief)} too much in a single week"
    return f"{text} next {NEAR} weeks{most}{more if brief else ''}."


def _has(count: int) -> str:
    return "has" if count < 2 else "have"


def _holidays(evidence: Evidence) -> tuple[Holidays, ...]:
    bounds = evidence.resources.weeks.bounds
    used = holidays_used(evidence.config, bounds[0], bounds[-1])
    return tuple(Holidays(place, tuple(days.items())) for place, days in used.items())


def _quality(evidence: Evidence, everything: Subject) -> tuple[Quality, ...]:
    whole = evidence.total("open", ALL)
    found = [
        Quality(
            name,
            evidence.measures[name].title,
            evidence.total(name, ALL),
            whole,
            meaning,
            everything.opens(name),
        )
        for name, meaning in (
            ("unestimated", "they weigh nothing in any load: a load is at least what it says"),
            ("undated", "they are in no week: give them a date, an iteration or a milestone"),
            ("overdue", "their effort is in the first week: re-date what will not be done then"),
        )
    ]
    return tuple(quality for quality in (*found, *_accounts(evidence)) if quality.count)


def _accounts(evidence: Evidence) -> tuple[Quality, ...]:
    """Say whose accounts were joined by their name alone, and whose capacity nobody knows."""
    unknown = [load.human for load in evidence.resources.persons if load.human.known is None]
    joined = [human for human in unknown if len(human.accounts) > 1]
    of = len(evidence.resources.persons)
    return (
        Quality("unknown_people", "People with open work whom the configuration does not know",
                len(unknown), of, "their capacity is not known: add them to [[people]]"),
        Quality("joined_accounts", "Accounts of the same name, counted as one person", len(joined),
                of, "say in [[people]] which accounts are one person"),
    )  # fmt: skip
