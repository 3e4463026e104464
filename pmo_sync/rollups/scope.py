"""What every rollup of one day shares: the items, who and what they belong to, their states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import narwhals as nw

from pmo_sync.config import Config, Project
from pmo_sync.frames import Tables, items_at, members_at
from pmo_sync.frames.durations import DAY, seconds_until
from pmo_sync.frames.tables import Frame, records
from pmo_sync.policy import Meaning
from pmo_sync.rollups.calendar import end_of_day
from pmo_sync.rollups.membership import membership, program_chain
from pmo_sync.rollups.people import People, people
from pmo_sync.rollups.projects import projects_at, recorded

FINISHED = ("done", "dropped")


@dataclass(frozen=True)
class Scope:
    """The portfolio at the end of ``day``.

    ``items`` are those of ``frames.items_at`` with source (of several the first by name), parent
    (key), risk_owner (name), age (whole days since work started, or since creation where it has
    not; null once finished) and overdue.
    ``members`` (item_id, field, value) adds project, program and team to the several-valued fields;
    ``membership`` (item_id, project) says the same of projects alone.
    """

    day: date
    at: datetime
    timezone: ZoneInfo
    items: Frame
    members: Frame
    membership: Frame
    states: Frame
    meanings: tuple[Meaning, ...]
    projects: tuple[Project, ...]
    """Owners are as the policy speaks of people, as the members' assignees are."""
    people: People


def scope_at(tables: Tables, config: Config, day: date) -> Scope:
    """Return the portfolio as it was at the end of ``day`` in its time zone."""
    at = end_of_day(day, config.portfolio.timezone)
    portrait = items_at(tables, at, config.policy)
    who = people(tables, config)
    items = tables.hold(_owned(tables, _detailed(tables, portrait.items, at, day), who))
    members = _with_names(tables, members_at(tables, at), who.names())
    projects = tuple(
        replace(project, owner=who.spoken(project.owner)) if project.owner else project
        for project in projects_at(config.projects, recorded(tables["history"]), at)
    )
    belongs = membership(tables, items, members, _sources(tables, at), projects)
    return Scope(
        day=day,
        at=at,
        timezone=ZoneInfo(config.portfolio.timezone),
        items=items,
        members=tables.hold(_all_members(tables, members, belongs, projects, config, who)),
        membership=belongs,
        states=portrait.states,
        meanings=portrait.meanings,
        projects=projects,
        people=who,
    )


def _sources(tables: Tables, at: datetime) -> Frame:
    """Return item_id, source: a row for each source that saw the item at ``at``."""
    return (
        tables["presence"]
        .filter(
            nw.col("valid_from") <= at, nw.col("valid_to").is_null() | (nw.col("valid_to") > at)
        )
        .select("item_id", "source")
        .unique()
    )


def _detailed(tables: Tables, items: Frame, at: datetime, day: date) -> Frame:
    parents = tables["work_item"].select(
        nw.col("item_id").alias("parent_id"), nw.col("key").alias("parent")
    )
    unfinished = ~nw.col("category").is_in(FINISHED)
    since = nw.when(nw.col("started").is_null()).then(nw.col("created")).otherwise(
        nw.col("started")
    )  # fmt: skip
    first = _sources(tables, at).group_by("item_id").agg(nw.col("source").min())
    midnight = datetime(day.year, day.month, day.day)
    return (
        items.rename({"parent": "parent_id"})
        .join(parents, on="parent_id", how="left")
        .join(first, on="item_id", how="left")
        .with_columns(nw.when(unfinished).then(since).alias("aging_since"))
        .with_columns(
            (seconds_until(nw.col("aging_since"), at) // DAY).alias("age"),
            (unfinished & (nw.col("due") < midnight)).fill_null(value=False).alias("overdue"),
            *(
                (nw.col(name) / 3600).alias(f"{name}_hours")
                for name in ("estimate", "remaining", "spent")
            ),
        )
    )


def _owned(tables: Tables, items: Frame, who: People) -> Frame:
    """Name who owns a risk, as the policy speaks of people: the person where a tracker says it by
    an account, else its words."""
    told = records(items.filter(~nw.col("risk_owner").is_null()).select("risk_owner").unique())
    names = who.names()
    spoken = [(one := row["risk_owner"], names.get(one) or who.spoken(one)) for row in told]
    return (
        items.join(
            tables.rows({"risk_owner": "str", "human": "str"}, sorted(spoken)),
            on="risk_owner",
            how="left",
        )
        .with_columns(nw.col("human").alias("risk_owner"))
        .drop(["human"])
    )


def _with_names(tables: Tables, members: Frame, names: Mapping[str, str]) -> Frame:
    spoken = tables.rows({"value": "str", "human": "str"}, sorted(names.items()))
    return tables.hold(
        members.join(spoken, on="value", how="left").with_columns(
            nw.when(nw.col("human").is_null()).then(nw.col("name"))
            .otherwise(nw.col("human")).alias("name")
        ).drop(["human"])
    )  # fmt: skip


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
    by_program = belongs.join(programs, on="project", how="inner").unique(["item_id", "program"])
    named = members.select("item_id", "field", nw.col("name").alias("value"))
    assigned = nw.col("field") == "assignee"
    return nw.concat(
        [
            named.filter(~assigned),
            named.filter(assigned).unique(),  # one person may have two accounts, a team two people
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
    return _labelled(assigned.join(teams, on="value", how="inner"), "team").unique()


def _labelled(frame: Frame, field: str) -> Frame:
    return frame.select("item_id", nw.lit(field).alias("field"), nw.col(field).alias("value"))
