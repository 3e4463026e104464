"""Rollups at the edges: several sources, odd letters and names, ends of months, unknown words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from pmo_sync.config import Config, Project, Select
from pmo_sync.config.schema import PersonConfig
from pmo_sync.frames.tables import records
from pmo_sync.model import HistoryRow, Milestone, Person
from pmo_sync.rollups.calendar import period_ends
from pmo_sync.rollups.marks import with_marks
from pmo_sync.rollups.measures import ALL, FEW, member_names
from pmo_sync.rollups.people import people
from pmo_sync.rollups.scope import Scope, scope_at
from tests.frames.conftest import engine
from tests.frames.engines import Engine, World
from tests.frames.test_items_at import ITEM, STATUSES, day, moves, world_of
from tests.rollups.counts import counted_by_project

__all__ = ["engine"]

DAY = date(2026, 1, 9)


def config(**projects: Select) -> Config:
    made = tuple(Project(name, select=(rule,)) for name, rule in projects.items())
    return Config(Path("pmo-sync.toml"), projects=made)


def projects_of(scope: Scope) -> list[Any]:
    return sorted(row["project"] for row in records(scope.membership))


def test_an_item_that_two_sources_see_is_selected_by_rules_of_either(engine: Engine) -> None:
    world = world_of(*moves((1, "new"))).present(ITEM, source="zwei")
    rules = config(P=Select("jira"), Q=Select("ZWEI", container="a"), R=Select("drei"))

    scope = scope_at(world.tables(engine), rules, DAY)

    assert projects_of(scope) == ["P", "Q"]
    assert [row["source"] for row in records(scope.items)] == ["jira"]


def test_a_source_that_an_item_has_left_selects_it_no_more(engine: Engine) -> None:
    world = World().add(ITEM, *STATUSES, *moves((1, "new")))
    world.present(ITEM, until=day(5)).present(ITEM, source="zwei")
    rules = config(P=Select("jira"), Q=Select("zwei"))

    before, after = (
        scope_at(world.tables(engine), rules, date(2026, 1, number)) for number in (4, 9)
    )

    assert projects_of(before) == ["P", "Q"]
    assert projects_of(after) == ["Q"]
    assert [row["source"] for row in records(after.items)] == ["zwei"]


def test_an_account_may_be_named_by_any_source_that_sees_its_site(engine: Engine) -> None:
    world = world_of().add(Person("s#u1", "s", "ada", "ada.l")).present(ITEM, source="zwei")
    configured = (PersonConfig("Ada Lovelace", ("zwei:ada",)),)

    names = people(world.tables(engine), replace(config(), people=configured)).names()

    assert names == {"s#u1": "Ada Lovelace"}


@pytest.mark.parametrize("label", ["Straße", "STRAßE", "ΟΔΟΣ", "İstanbul", "ﬁx"])
def test_a_rule_selects_the_label_that_it_names_whatever_its_letters(
    engine: Engine, label: str
) -> None:
    world = world_of(*moves((1, "new")), HistoryRow("item", "s#1", "label", label, day(1)))

    scope = scope_at(world.tables(engine), config(P=Select("jira", label=label)), DAY)

    assert projects_of(scope) == ["P"]


def test_no_projects_name_is_taken_for_all_items(engine: Engine) -> None:
    tables = world_of(*moves((1, "new"))).tables(engine)
    scope = scope_at(tables, config(**{"*": Select("jira")}), DAY)

    counted = counted_by_project(tables, scope, "category = open", 10)

    assert {name: found.total for name, found in counted.items()} == {"*": 1, ALL: 1}


def test_a_status_that_no_table_of_the_site_names_is_unmapped(engine: Engine) -> None:
    other = structs.replace(ITEM, item_id="s#2", key="A-2")
    mapped, unknown = moves((1, "gone")), moves((1, "mystery"), item="s#2")
    world = world_of(*mapped, *unknown).add(other).present(other)
    tables = world.tables(engine)

    marks = records(with_marks(tables, scope_at(tables, config(), DAY), None, 15))

    assert [(row["item_id"], row["value"]) for row in marks] == [("s#2", "unmapped_status")]


def test_names_are_found_for_few_items_and_for_many(engine: Engine) -> None:
    labels = [HistoryRow("item", "s#1", "label", label, day(1)) for label in ("b", "a")]
    other = structs.replace(ITEM, item_id="s#2", key="A-2")
    hidden = HistoryRow("item", "s#2", "label", "not asked for", day(1))
    world = world_of(*labels).add(other, hidden).present(other)
    tables = world.tables(engine)
    scope = scope_at(tables, config(), DAY)
    named = {"label": {"s#1": ["a", "b"]}}
    many = ["s#1", *(f"s#{number}" for number in range(10, 10 + FEW))]

    assert member_names(tables, scope, ["s#1"], ["label"]) == named
    assert member_names(tables, scope, many, ["label"]) == named


def test_months_before_a_months_last_day_keep_to_the_last_day() -> None:
    ends = period_ends(date(2026, 5, 31), "month", 5)

    assert [str(end) for end in ends] == [
        "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31",
    ]  # fmt: skip


VERSION = Milestone(
    "s#m", "s", "A", "v1", "closed", "https://x/m", due=date(2026, 3, 1), finished=date(2026, 1, 20)
)
IN_IT = HistoryRow("item", "s#1", "milestone", "s#m", day(1))
SEEN = (
    HistoryRow("milestone", "s#m", "state", "open", day(10), day(20), origin="observed"),
    HistoryRow("milestone", "s#m", "state", "closed", day(20), origin="observed"),
    HistoryRow("milestone", "s#m", "due", "2026-01-12", day(10), day(14), origin="observed"),
    HistoryRow("milestone", "s#m", "due", "2026-03-01", day(14), origin="observed"),
)


@pytest.mark.parametrize(
    ("number", "marks"),
    [
        (9, []),  # before anybody looked: what it is, but closed no earlier than it says
        (11, []),
        (13, ["overdue_milestone"]),  # due on the 12th, as it said then
        (15, []),
        (21, ["closed_milestone"]),
    ],
)
def test_a_milestone_is_what_it_was_on_the_day(
    engine: Engine, number: int, marks: list[str]
) -> None:
    tables = world_of(*moves((1, "new")), IN_IT, *SEEN).add(VERSION).tables(engine)

    found = records(with_marks(tables, scope_at(tables, config(), date(2026, 1, number)), None, 15))

    assert [row["value"] for row in found if row["field"] == "quality"] == marks
