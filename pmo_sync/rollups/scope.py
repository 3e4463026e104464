"""What every rollup of one day shares: the items, who and what they belong to, their states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import narwhals as nw

from pmo_sync.config import Config, Project
from pmo_sync.frames import Portrait, Tables, items_at, members_at
from pmo_sync.frames.durations import seconds_until, whole_days
from pmo_sync.frames.tables import Frame, distinct, records
from pmo_sync.policy import Meaning
from pmo_sync.rollups.calendar import end_of_day
from pmo_sync.rollups.membership import looks_at, membership, program_chain
from pmo_sync.rollups.people import People, people
from pmo_sync.rollups.projects import projects_at, recorded
from pmo_sync.rollups.wanted import EVERYTHING, HOURS, NOTHING, Wanted

FINISHED = ("done", "dropped")


@dataclass(frozen=True)
class Scope:
    """The portfolio at the end of ``day``.

    ``items`` are those of ``frames.items_at`` with parent (key) and parent_id, risk_owner as a
    name, age (whole days since work started, or since creation where it has not; null once
    finished), overdue and hours.
    ``membership`` (item_id, project) says the same of projects alone.
    """

    day: date
    at: datetime
    timezone: ZoneInfo
    items: Frame
    members: Frame
    membership: Frame
    portrait: Portrait
    projects: tuple[Project, ...]
    """Owners are as the policy speaks of people, as the members' assignees are."""
    people: People

    @property
    def states(self) -> Frame:
        """Every state until the end of the day; see ``frames.Portrait``."""
        return self.portrait.states

    @property
    def meanings(self) -> tuple[Meaning, ...]:
        """What each status means."""
        return self.portrait.meanings


def scope_at(tables: Tables, config: Config, day: date, wanted: Wanted = EVERYTHING) -> Scope:
    """Return the portfolio as it was at the end of ``day`` in its time zone: of all that can be
    known what is wanted. A wide scope is computed once, here, as it is read often; a narrow one
    where it is read."""
    at = end_of_day(day, config.portfolio.timezone)
    keep = tables.hold if wanted.wide else _lazily
    who = People((), config.policy)
    if wanted.named():  # whatever the day
        who = tables.once("people", config, lambda: people(tables, config))
    projects = tuple(
        replace(project, owner=who.spoken(project.owner)) if project.owner else project
        for project in projects_at(config.projects, recorded(tables["history"]), at)
    )
    belongs = _belonging(tables, config, at, day, projects, wanted)
    members = _members(tables, at, who, wanted)
    members = keep(_all_members(tables, members, belongs, projects, config, who))
    named = partial(_owned, tables, who) if "risk_owner" in wanted.columns else None
    portrait = items_at(tables, at, config.policy, wanted.told(), named)
    items = _detailed(tables, portrait.items, at, day, wanted.columns)
    return Scope(
        day=day,
        at=at,
        timezone=ZoneInfo(config.portfolio.timezone),
        items=keep(items),
        members=members,
        membership=belongs,
        portrait=portrait,
        projects=projects,
        people=who,
    )


def _lazily(frame: Frame) -> Frame:
    return frame


def _belonging(
    tables: Tables,
    config: Config,
    at: datetime,
    day: date,
    projects: Sequence[Project],
    wanted: Wanted,
) -> Frame:
    """Return item_id, project; nothing where nobody asks. The rules look at little of an item."""
    placed = projects if wanted.members & {"project", "program"} else ()
    needed = NOTHING.with_fields(looks_at(placed))
    items = items_at(tables, at, config.policy, needed.told()).items
    columns = needed.columns - {"parent"} | ({"parent_id"} if "parent" in needed.columns else set())
    return membership(
        tables,
        _detailed(tables, items, at, day, columns),
        members_at(tables, at, needed.members),
        _sources(tables, at),
        placed,
    )


def _members(tables: Tables, at: datetime, who: People, wanted: Wanted) -> Frame:
    """Return item_id, field, value, name; people are called as the policy speaks of them."""
    fields = wanted.members | ({"assignee"} if "team" in wanted.members else set())
    persons = tables.rows({"value": "str", "name": "str"}, sorted(who.names().items()))
    return members_at(tables, at, fields, persons)


def _sources(tables: Tables, at: datetime) -> Frame:
    """Return item_id, source: a row for each source that saw the item at ``at``."""
    there = nw.col("valid_to").is_null() | (nw.col("valid_to") > at)
    return tables["presence"].filter(nw.col("valid_from") <= at, there).select("item_id", "source")


def _detailed(
    tables: Tables, items: Frame, at: datetime, day: date, columns: frozenset[str]
) -> Frame:
    """Add what follows from the values of an item, and leave out what nobody asked for."""
    if columns & {"parent", "parent_id"}:
        parents = tables["work_item"].select(
            nw.col("item_id").alias("parent_id"), nw.col("key").alias("parent")
        )
        items = items.rename({"parent": "parent_id"}).join(parents, on="parent_id", how="left")
    unfinished = ~nw.col("category").is_in(FINISHED)
    since = nw.when(nw.col("started").is_null()).then(nw.col("created")).otherwise(
        nw.col("started")
    )  # fmt: skip
    if "age" in columns:  # a step of its own: the seconds name their column many times
        items = items.with_columns(nw.when(unfinished).then(since).alias("aging_since"))
    midnight = datetime(day.year, day.month, day.day)
    derived = {
        "age": whole_days(seconds_until(nw.col("aging_since"), at)),
        "overdue": (unfinished & (nw.col("due") < midnight)).fill_null(value=False),
        **{f"{name}_hours": nw.col(name) / 3600 for name in HOURS},
    }
    return items.select(
        "item_id",
        *(
            derived[name].alias(name) if name in derived else nw.col(name)
            for name in sorted(columns - {"item_id"})
        ),
    )


def _owned(tables: Tables, who: People, risks: Frame) -> Frame:
    """Name who owns a risk, as the policy speaks of people: the person where a tracker says it by
    an account, else its words."""
    told = records(risks.filter(~nw.col("risk_owner").is_null()).select("risk_owner").unique())
    if not told:
        return risks
    names = who.names()
    spoken = [(one := row["risk_owner"], names.get(one) or who.spoken(one)) for row in told]
    return (
        risks.join(
            tables.rows({"risk_owner": "str", "human": "str"}, sorted(spoken)),
            on="risk_owner",
            how="left",
        )
        .with_columns(nw.col("human").alias("risk_owner"))
        .drop(["human"])
    )


def _all_members(
    tables: Tables,
    members: Frame,
    belongs: Frame,
    projects: Sequence[Project],
    config: Config,
    who: People,
) -> Frame:
    chains = program_chain(config.programs)
    programs = tables.rows(
        {"project": "str", "program": "str"},
        [
            (project.name, program)
            for project in projects
            for program in chains.get(project.program or "", ())
        ],
    )
    by_program = distinct(belongs.join(programs, on="project", how="inner"), "item_id", "program")
    named = members.select("item_id", "field", nw.col("name").alias("value"))
    assigned = nw.col("field") == "assignee"
    return nw.concat(
        [
            named.filter(~assigned),
            # One person may have two accounts, a team two people.
            distinct(named.filter(assigned), "item_id", "field", "value"),
            _teams(tables, members, who),
            _labelled(belongs, "project"),
            _labelled(by_program, "program"),
        ],
        how="vertical",
    )


def _teams(tables: Tables, members: Frame, who: People) -> Frame:
    teams = tables.rows(
        {"value": "str", "team": "str"},
        [(account, human.team) for human in who.humans for account in human.accounts],
    )
    assigned = members.filter(nw.col("field") == "assignee").select("item_id", "value")
    held = distinct(assigned.join(teams, on="value", how="inner"), "item_id", "team")
    return _labelled(held, "team")


def _labelled(frame: Frame, field: str) -> Frame:
    return frame.select("item_id", nw.lit(field).alias("field"), nw.col(field).alias("value"))
