"""What every rollup of one day shares: the items, who and what they belong to, their states."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import narwhals as nw

from pmo_sync.config import Config, Project
from pmo_sync.frames import Portrait, Tables, items_at, members_at
from pmo_sync.frames.durations import seconds_until, whole_days
from pmo_sync.frames.tables import Frame, records
from pmo_sync.policy import Meaning
from pmo_sync.rollups.calendar import end_of_day
from pmo_sync.rollups.members import CLAIMS, claims, told_members
from pmo_sync.rollups.membership import looks_at, membership
from pmo_sync.rollups.people import People, people
from pmo_sync.rollups.projects import projects_at, recorded
from pmo_sync.rollups.wanted import EVERYTHING, HOURS, NOTHING, Wanted

FINISHED = ("done", "dropped")


@dataclass(frozen=True)
class Setting:
    """What frames the portfolio at the end of a day, and no item tells."""

    day: date
    at: datetime
    projects: tuple[Project, ...]
    people: People


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
    wanted: Wanted
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
    return scope_on(tables, config, setting(tables, config, day, wanted), wanted)


def setting(tables: Tables, config: Config, day: date, wanted: Wanted) -> Setting:
    """Return what frames the portfolio at the end of ``day``."""
    at = end_of_day(day, config.portfolio.timezone)
    who = People((), config.policy)
    if wanted.named():  # whatever the day
        who = tables.once("people", config, lambda: people(tables, config))
    projects = tuple(
        replace(project, owner=who.spoken(project.owner)) if project.owner else project
        for project in projects_at(config.projects, recorded(tables["history"]), at)
    )
    return Setting(day, at, projects, who)


def scope_on(tables: Tables, config: Config, there: Setting, wanted: Wanted) -> Scope:
    """Return the portfolio in its setting, with what is wanted of the items of ``tables``."""
    keep = tables.hold if wanted.wide else _lazily
    belongs = belonging(tables, config, there, wanted)
    told = told_members(tables, there.at, there.people, wanted)
    claimed = claims(tables, belongs, there.projects, config)
    members = keep(nw.concat([told, claimed], how="vertical"))
    named = partial(_owned, tables, there.people) if "risk_owner" in wanted.columns else None
    portrait = items_at(tables, there.at, config.policy, wanted.told(), named)
    items = _detailed(tables, portrait.items, there, wanted.columns)
    return Scope(
        day=there.day,
        at=there.at,
        wanted=wanted,
        timezone=ZoneInfo(config.portfolio.timezone),
        items=keep(items),
        members=members,
        membership=belongs,
        portrait=portrait,
        projects=there.projects,
        people=there.people,
    )


def _lazily(frame: Frame) -> Frame:
    return frame


def belonging(tables: Tables, config: Config, there: Setting, wanted: Wanted) -> Frame:
    """Return item_id, project; nothing where nobody asks. The rules look at little of an item."""
    placed = there.projects if wanted.members & {*CLAIMS} else ()
    needed = NOTHING.with_fields(looks_at(placed))
    items = items_at(tables, there.at, config.policy, needed.told()).items
    columns = needed.columns - {"parent"} | ({"parent_id"} if "parent" in needed.columns else set())
    return membership(
        tables,
        _detailed(tables, items, there, columns),
        members_at(tables, there.at, needed.members),
        _sources(tables, there.at),
        placed,
    )


def _sources(tables: Tables, at: datetime) -> Frame:
    """Return item_id, source: a row for each source that saw the item at ``at``."""
    there = nw.col("valid_to").is_null() | (nw.col("valid_to") > at)
    return tables["presence"].filter(nw.col("valid_from") <= at, there).select("item_id", "source")


def _detailed(tables: Tables, items: Frame, there: Setting, columns: frozenset[str]) -> Frame:
    """Add what follows from the values of an item, and leave out what nobody asked for."""
    if columns & {"parent", "parent_id"}:
        parents = tables["work_item"].select(
            nw.col("item_id").alias("parent_id"), nw.col("key").alias("parent")
        )
        items = items.rename({"parent": "parent_id"}).join(parents, on="parent_id", how="left")
    hours = [name for name in HOURS if f"{name}_hours" in columns]
    if hours:
        items = items.with_columns(*((nw.col(c) / 3600).alias(f"{c}_hours") for c in hours))
    return of_the_day(items, there, columns)


def of_the_day(items: Frame, there: Setting, columns: frozenset[str]) -> Frame:
    """Add what the day makes of items (age, overdue), and leave out what nobody asked for."""
    unfinished = ~nw.col("category").is_in(FINISHED)
    since = nw.when(nw.col("started").is_null()).then(nw.col("created")).otherwise(
        nw.col("started")
    )  # fmt: skip
    if "age" in columns:  # a step of its own: the seconds name their column many times
        items = items.with_columns(nw.when(unfinished).then(since).alias("aging_since"))
    midnight = datetime(there.day.year, there.day.month, there.day.day)
    derived = {
        "age": whole_days(seconds_until(nw.col("aging_since"), there.at)),
        "overdue": (unfinished & (nw.col("due") < midnight)).fill_null(value=False),
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
