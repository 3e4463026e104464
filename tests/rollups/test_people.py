"""What people are called, by each policy: on both engines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_sync.config import Config, PersonConfig, Project
from pmo_sync.frames.tables import Tables, records
from pmo_sync.model import Person
from pmo_sync.policy import Policy
from pmo_sync.rollups.measures import member_names
from pmo_sync.rollups.people import APPS, NO_TEAM, SOMEBODY, initials, people
from pmo_sync.rollups.scope import scope_at
from tests.frames.engines import ENGINES, Engine, World
from tests.rollups.test_scope import item, row, status, world

DAY = date(2026, 1, 20)
ADA = PersonConfig("Ada Lovelace", ("jira:ada", "jira:ada2"), team="Engines")
ANN = PersonConfig("Ann Lee", ("jira:ann",), team="Engines")
TRACKER = (
    Person("s#1", "s", "ada", "Countess"),
    Person("s#2", "s", "ada2", "A."),
    Person("s#3", "s", "ann", "Ann"),
    Person("s#4", "s", "zoe", "Zoe Bell"),
    Person("s#5", "s", "zoe-bell", "zoe bell"),
)
HELD = {1: ["s#1", "s#2"], 2: ["s#1", "s#3"], 3: ["s#4"], 4: ["s#9"]}
"""Item -> the accounts that it is assigned to; the last one is deleted, and no table names it."""


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    chosen: Engine = request.param
    return chosen


def made() -> World:
    return world(*(item(n) for n in HELD)).add(
        *TRACKER,
        *(each for n in HELD for each in status(n, (1, "new"))),
        *(row(n, "assignee", who, 1) for n, accounts in HELD.items() for who in accounts),
    )


def config(policy: str, *projects: Project) -> Config:
    return Config(
        Path("pmo-sync.toml"),
        policy=replace(Policy(), people=policy),  # type: ignore[arg-type]
        projects=projects,
        people=(ADA, ANN),
    )


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("names", [["Ada Lovelace"], ["Ada Lovelace", "Ann Lee"], ["Zoe Bell"], ["s#9"]]),
        ("initials", [["AL-1"], ["AL-1", "AL-2"], ["ZB"], ["S9"]]),
        ("teams", [["Engines"], ["Engines"], [NO_TEAM], [NO_TEAM]]),
    ],
)
def test_what_assignees_are_called(
    engine: Engine, policy: str, expected: Sequence[Sequence[str]]
) -> None:
    tables = made().tables(engine)
    scope = scope_at(tables, config(policy), DAY)

    found = member_names(tables, scope, [f"s#{n}" for n in HELD], ["assignee"])["assignee"]

    assert [found[f"s#{n}"] for n in HELD] == expected
    said = {r["value"] for r in records(scope.members) if r["field"] == "assignee"}
    assert said == {n for each in expected for n in each}


@pytest.mark.parametrize(
    ("policy", "owner", "shown"),
    [
        ("names", "Ann Lee", "Ann Lee"), ("initials", "ann lee", "AL-2"),
        ("teams", "Ann Lee", "Engines"),
        ("names", "Sonja Berg", "Sonja Berg"), ("initials", "Sonja Berg", "SB"),
        ("teams", "Sonja Berg", SOMEBODY), ("teams", "Zoe Bell", NO_TEAM),
    ],
)  # fmt: skip
def test_an_owner_is_spoken_of_like_everybody(
    engine: Engine, policy: str, owner: str, shown: str
) -> None:
    projects = [Project("P", owner=owner), Project("Q")]
    scope = scope_at(made().tables(engine), config(policy, *projects), DAY)
    assert [project.owner for project in scope.projects] == [shown, None]


def test_a_person_is_all_accounts_that_are_joined_or_have_one_name(engine: Engine) -> None:
    found = people(made().tables(engine), config("names"))
    assert {h.name: h.accounts for h in found.humans} == {
        "Ada Lovelace": ("s#1", "s#2"), "Ann Lee": ("s#3",), "Zoe Bell": ("s#4", "s#5"),
        "s#9": ("s#9",),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("accounts", "known", "team"),
    [
        ((("bot", "app"),), (), APPS),
        ((("bot", "app"), ("bot", "app")), (), APPS),
        ((("bot", "app"), ("bot", "person")), (), NO_TEAM),
        ((("bot", "unknown"),), (), NO_TEAM),
        ((("bot", "app"),), (PersonConfig("Bot", team="Engines"),), "Engines"),
        ((("bot", "app"),), (PersonConfig("Bot"),), NO_TEAM),
    ],
    ids=["an app", "one of two sites", "a person of its name", "nobody knows", "in a team",
         "configured"],
)  # fmt: skip
def test_an_app_is_no_person_unless_the_configuration_says_so(
    engine: Engine, accounts: Sequence[tuple[str, Any]], known: Sequence[PersonConfig], team: str
) -> None:
    persons = [Person(f"s#{n}", "s", "x", name, kind) for n, (name, kind) in enumerate(accounts)]
    for policy in ("names", "teams"):
        settled = replace(config(policy), people=tuple(known))
        (found,) = people(world().add(*persons).tables(engine), settled).humans
        assert found.team == team
        assert found.shown == (team if policy == "teams" else known[0].name if known else "bot")


@settings(deadline=None, max_examples=30)  # the first one makes the tables
@given(st.lists(st.text(max_size=8), unique_by=str.casefold, max_size=12))
def test_initials_never_take_one_for_another(names: list[str]) -> None:
    persons = tuple(PersonConfig(name) for name in names)
    found = people(nobody(), replace(config("initials"), people=persons))
    assert len({human.shown for human in found.humans}) == len(names)


@cache
def nobody() -> Tables:
    return World().tables("pandas")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Ada Lovelace", "AL"), ("ada-lindqvist", "AL"), ("Anna-Lena Ek", "ALE"), ("ada", "A"),
     ("Åsa Öst", "ÅÖ"), ("🦆", "?"), ("", "?")],
)  # fmt: skip
def test_initials(name: str, expected: str) -> None:
    assert initials(name) == expected
