"""The members of a scope: who works on an item, what it is called by, what it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import narwhals as nw

from pmo_sync.config import Config, Project
from pmo_sync.frames import Tables, members_at
from pmo_sync.frames.tables import Frame, distinct
from pmo_sync.rollups.membership import program_chain
from pmo_sync.rollups.people import People
from pmo_sync.rollups.wanted import Wanted

CLAIMS = ("project", "program")
"""The fields that follow from the projects' rules, and no item tells."""


def told_members(tables: Tables, at: datetime, who: People, wanted: Wanted) -> Frame:
    """Return item_id, field, value of what items tell, and of their people's teams; people are
    called as the policy speaks of them."""
    fields = wanted.members | ({"assignee"} if "team" in wanted.members else set())
    persons = tables.rows({"value": "str", "name": "str"}, sorted(who.names().items()))
    members = members_at(tables, at, fields, persons)
    named = members.select("item_id", "field", nw.col("name").alias("value"))
    assigned = nw.col("field") == "assignee"
    return nw.concat(
        [
            named.filter(~assigned),
            # One person may have two accounts, a team two people.
            distinct(named.filter(assigned), "item_id", "field", "value"),
            _teams(tables, members, who),
        ],
        how="vertical",
    )


def claims(tables: Tables, belongs: Frame, projects: Sequence[Project], config: Config) -> Frame:
    """Return item_id, field, value of the projects and programs of items; ``belongs`` (item_id,
    project) says the same of projects."""
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
    return nw.concat(
        [_labelled(belongs, "project"), _labelled(by_program, "program")], how="vertical"
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
