"""Cumulative flow of programs and of the portfolio: what is in several projects counts once."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from pmo_sync.config import Program, Project, Select
from pmo_sync.rollups.calendar import end_of_day
from pmo_sync.rollups.flow import cumulative, of_projects
from pmo_sync.rollups.measures import ALL
from pmo_sync.rollups.membership import program_chain
from pmo_sync.rollups.shared import compared
from pmo_sync.rollups.upwards import Bands, cumulative_upwards
from tests.frames.engines import ENGINES, Engine
from tests.rollups.test_scope import DAY, config, item, status, world

ENDS: list[datetime] = [end_of_day(DAY.replace(day=day), "UTC") for day in (3, 8, 15)]


def project(name: str, program: str | None, *containers: str) -> Project:
    return Project(name, program=program, select=tuple(Select("jira", each) for each in containers))


PROJECTS = (
    project("P", "G", "A"), project("Q", "G", "A", "B"), project("R", "H", "B", "C"),
    project("alone", None, "D"),
)  # fmt: skip
PROGRAMS = (Program("G", parent="H"), Program("H"), Program("empty"))


@pytest.fixture(params=ENGINES)
def found(request: pytest.FixtureRequest) -> dict[str, Bands]:
    """Item 1 is of P and Q, 2 of Q and R, 3 of R alone, 4 of no program; 1 was begun on day 5 and
    done on the 12th, 3 was done on the 4th."""
    engine: Engine = request.param
    tables = (
        world(item(1, "A"), item(2, "B"), item(3, "C"), item(4, "D"), item(5, "elsewhere"))
        .add(
            *status(1, (1, "new"), (5, "doing"), (12, "done")), *status(2, (1, "new")),
            *status(3, (1, "new"), (4, "done")), *status(4, (1, "new")), *status(5, (1, "new")),
        )
        .tables(engine)
    )  # fmt: skip
    asked = config(*PROJECTS, programs=PROGRAMS)
    scope, _ = compared(tables, asked, DAY, date(DAY.year, DAY.month, 1))
    chains = program_chain(PROGRAMS)
    within = {one.name: chains.get(one.program or "", ()) for one in PROJECTS}
    each = cumulative(scope, of_projects(scope), ENDS)
    return cumulative_upwards(tables, scope, each, within, ENDS)


@pytest.mark.parametrize(
    ("name", "todo", "in_progress", "done"),
    [
        ("G", [2, 1, 1], [0, 1, 0], [0, 0, 1]),
        ("H", [3, 1, 1], [0, 1, 0], [0, 1, 2]),
        (ALL, [4, 2, 2], [0, 1, 0], [0, 1, 2]),
    ],
)
def test_each_item_counts_once(
    found: dict[str, Bands], name: str, todo: list[int], in_progress: list[int], done: list[int]
) -> None:
    bands = {"todo": todo, "in_progress": in_progress, "done": done, "dropped": [0, 0, 0]}
    assert found[name] == bands


def test_what_holds_nothing_is_not_there(found: dict[str, Bands]) -> None:
    assert found.keys() == {"G", "H", ALL}
