"""Every project's health on one day, and the same as a whole, for which less is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from pmo_sync.config import Config, PersonConfig, Project, Select
from pmo_sync.frames import Tables
from pmo_sync.rollups.health.assess import Assessment, assess, wholes
from pmo_sync.rollups.health.facts import facts
from pmo_sync.rollups.health.levels import DIMENSIONS
from pmo_sync.rollups.health.overall import Overall
from pmo_sync.rollups.health.peaks import peaks
from pmo_sync.rollups.health.table import Peak
from pmo_sync.rollups.scope import Scope, scope_at
from pmo_sync.rollups.work import only_work
from tests.frames.engines import ENGINES, Engine
from tests.rollups.test_scope import DAY, config, item, status, world

LATE = Project("late", select=(Select("jira", container="A"),), target=date(2026, 1, 9))
CALM = Project("calm", select=(Select("jira", container="B"),), target=date(2026, 12, 31))
CREW = {
    "none": None,
    "fits": Peak("Ada", 0.5, 80.0, 160.0, critical=False, estimated=1.0),
    "too full": Peak("Ada", 1.6, 256.0, 160.0, critical=True, estimated=1.0),
}
"""How full the people of a project may be."""


def judged(
    *projects: Project, crew: Peak | None
) -> tuple[Mapping[str, Assessment], Mapping[str, Overall], int]:
    """Judge some projects in both ways; and how often it was asked how full people are."""
    made = world(item(1), item(2, "B")).add(*status(1, (1, "doing")), *status(2, (1, "doing")))
    tables, told = made.tables("pandas"), config(*projects)
    scope = scope_at(tables, told, DAY)
    known = facts(tables, told, scope, only_work(tables, scope, told.policy), (), ())
    full = {project.name: crew for project in projects if crew}
    asked = []

    def ask() -> Mapping[str, Peak]:
        asked.append(DAY)
        return full

    whole = wholes(told, scope, known, ask, (), {})
    return assess(told, scope, known, full, (), {}), whole, len(asked)


@pytest.mark.parametrize("crew", CREW)
def test_the_whole_is_the_same_either_way(crew: str) -> None:
    each, whole, _ = judged(LATE, CALM, crew=CREW[crew])
    assert {name: one.overall for name, one in each.items()} == whole


def test_overload_is_what_decides_where_all_else_is_well() -> None:
    _, whole, _ = judged(LATE, CALM, crew=CREW["too full"])
    assert whole == {
        "late": Overall("off_track", "schedule"),
        "calm": Overall("at_risk", "resource"),
    }


@pytest.mark.parametrize(("project", "times"), [(LATE, 0), (CALM, 1)])
def test_how_full_people_are_is_not_asked_where_something_worse_decides(
    project: Project, times: int
) -> None:
    assert judged(project, crew=None)[2] == times


def test_findings_are_in_the_order_of_the_table() -> None:
    each, _, _ = judged(CALM, crew=None)
    assert tuple(each["calm"].findings) == DIMENSIONS


@pytest.mark.parametrize("engine", ENGINES)
def test_nobody_is_full_where_nobodys_hours_are_known(engine: Engine) -> None:
    tables, told, scope = there(engine, ())
    assert peaks(tables, told, scope) == {}


def there(engine: Engine, people: tuple[PersonConfig, ...]) -> tuple[Tables, Config, Scope]:
    """Return one project with an item."""
    tables = world(item(1)).add(*status(1, (1, "doing"))).tables(engine)
    told = config(LATE, people=people)
    return tables, told, scope_at(tables, told, DAY)
