"""What people said of a project by a day: on boards, on items, in the configuration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Literal

import pytest
from msgspec import structs

from pmo_sync.config import Config, Note, PersonConfig, Project, Select, Source, Voice
from pmo_sync.model import DeclaredLevel, HistoryRow, Person, StatusUpdate
from pmo_sync.policy import Policy, declared_level
from pmo_sync.rollups.health.declared import Declaration, declared, said_by
from pmo_sync.rollups.health.voices import voices
from pmo_sync.rollups.scope import scope_at
from tests.frames.engines import ENGINES, Engine, World
from tests.rollups.test_scope import DAY, config, item, on, row, status, world

HUB = "hub.example"
BOARD = Voice("github", board="acme/5")
EPIC = Voice("jira", item="A-1")
JIRA = Source("jira", "jira", "https://jira.example", fields={"health": "Health"})
GITHUB = Source("github", "github", "https://hub.example", boards=("acme/5",))
ADA = Person("s#u1", "s", "ada", "Ada Lovelace")


def update(
    day: int,
    level: DeclaredLevel | None,
    text: str = "",
    board: str = "acme/5",
    site: str = HUB,
    by: str | None = None,
    hour: int = 12,
) -> StatusUpdate:
    at = datetime(2026, 1, day, hour, tzinfo=UTC)
    name = f"{site}#{board}-{day}-{hour}"
    return StatusUpdate(name, site, board, "Board", level, text, at, by, url=f"https://{board}")


def made(*updates: StatusUpdate, rows: Sequence[HistoryRow] = ()) -> World:
    there = world(item(1), item(2)).synced("github", HUB, on(2)).synced("jira", "s", on(2))
    there.add(ADA, *(each for n in (1, 2) for each in status(n, (1, "new"))), *updates, *rows)
    return there


def told(*projects: Project, policy: Policy | None = None) -> Config:
    return replace(config(*projects), sources=(JIRA, GITHUB), policy=policy or Policy())


def spoken(there: World, engine: Engine, config: Config, day: date = DAY) -> list[Declaration]:
    tables = there.tables(engine)
    return list(declared(tables, config, scope_at(tables, config, day))["P"])


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    chosen: Engine = request.param
    return chosen


def test_a_boards_status_updates_are_what_was_declared(engine: Engine) -> None:
    there = made(
        update(12, "at_risk", "The date is tight.", by="s#u1"), update(5, "on_track", "Fine."),
        update(14, "off_track", board="acme/6"), update(14, "off_track", site="elsewhere"),
        update(25, "complete", "Not yet said."),
    )  # fmt: skip

    found = spoken(there, engine, told(Project("P", declared=(BOARD,))))

    assert found == [
        Declaration("on_track", "Fine.", None, date(2026, 1, 5), "board acme/5",
                    url="https://acme/5"),
        Declaration("at_risk", "The date is tight.", "Ada Lovelace", date(2026, 1, 12),
                    "board acme/5", url="https://acme/5"),
    ]  # fmt: skip


def test_of_a_past_day_only_what_had_been_said_by_then(engine: Engine) -> None:
    there = made(update(5, "on_track"), update(12, "at_risk"))
    told_by = {
        day: [one.level for one in spoken(there, engine, told(Project("P", declared=(BOARD,))),
                                          date(2026, 1, day))]
        for day in (4, 5, 11, 12)
    }  # fmt: skip
    assert told_by == {
        4: [], 5: ["on_track"], 11: ["on_track"], 12: ["on_track", "at_risk"],
    }  # fmt: skip


def test_the_day_is_the_portfolios(engine: Engine) -> None:
    """11 in the evening of 11 January is the 12th in Auckland, and the 11th was over by then."""
    there = made(update(11, "at_risk", hour=23))
    base = told(Project("P", declared=(BOARD,)))
    there_now = replace(base, portfolio=replace(base.portfolio, timezone="Pacific/Auckland"))
    assert spoken(there, engine, there_now, date(2026, 1, 11)) == []
    (found,) = spoken(there, engine, there_now, date(2026, 1, 12))
    assert found.day == date(2026, 1, 12)


FIELDS = [
    row(1, "health", "Green", 2, 9), row(1, "health", "Amber", 9),
    row(1, "health_text", "All well", 2, 11), row(1, "health_text", "Waiting <b>", 11),
]  # fmt: skip


def test_an_items_mapped_fields_say_it_each_time_that_they_change(engine: Engine) -> None:
    found = spoken(made(rows=FIELDS), engine, told(Project("P", declared=(EPIC,))))
    assert [(one.level, one.text, one.day.day, one.source) for one in found] == [
        ("on_track", "All well", 2, "A-1"),
        ("at_risk", "All well", 9, "A-1"),
        ("at_risk", "Waiting <b>", 11, "A-1"),
    ]


def test_what_was_emptied_was_taken_back(engine: Engine) -> None:
    rows = [row(1, "health", "Red", 2, 6), row(1, "health", None, 6, 9),
            row(1, "health", "Green", 9)]  # fmt: skip
    project = told(Project("P", declared=(EPIC,)))
    assert spoken(made(rows=rows), engine, project, date(2026, 1, 7)) == []
    assert [one.level for one in spoken(made(rows=rows), engine, project)] == ["on_track"]


def test_who_changed_it_is_called_as_the_policy_speaks_of_people(engine: Engine) -> None:
    rows = [HistoryRow("item", "s#1", "health", "Red", on(2), None, "s#u1")]
    called = {}
    for people in ("names", "initials", "teams"):
        base = told(Project("P", declared=(EPIC,)), policy=Policy(people=people))
        who = replace(base, people=(PersonConfig("Ada Lovelace", ("jira:ada",), "Engines"),))
        called[people] = spoken(made(rows=rows), engine, who)[0].by
    assert called == {"names": "Ada Lovelace", "initials": "AL", "teams": "Engines"}


def test_a_word_that_nobody_knows_is_no_level_and_is_said(engine: Engine) -> None:
    rows = [row(1, "health", "Purple", 2)]
    (found,) = spoken(made(rows=rows), engine, told(Project("P", declared=(EPIC,))))
    assert (found.level, found.unknown) == (None, "Purple")


@pytest.mark.parametrize(
    ("restricted", "policy", "text"),
    [(True, "mask", "(restricted)"), (False, "mask", "We may sell X."),
     (True, "show", "We may sell X.")],
)  # fmt: skip
def test_the_text_of_a_private_board_is_masked_where_the_policy_says_so(
    engine: Engine, restricted: bool, policy: Literal["show", "mask"], text: str
) -> None:
    there = made(replace(update(12, "at_risk", "We may sell X."), restricted=restricted))
    project = told(Project("P", declared=(BOARD,)), policy=Policy(restricted=policy))
    (found,) = spoken(there, engine, project)
    assert (found.level, found.text) == ("at_risk", text)


def test_the_text_of_a_restricted_item_is_masked_as_its_title_is(engine: Engine) -> None:
    there = world(structs.replace(item(1), restricted=True)).add(
        *status(1, (1, "new")), row(1, "health", "Red", 2), row(1, "health_text", "Secret", 2)
    )
    project = told(Project("P", declared=(EPIC,)), policy=Policy(restricted="mask"))
    (found,) = spoken(there, engine, project)
    assert (found.level, found.text) == ("off_track", "(restricted)")


def test_the_newest_word_counts_wherever_it_comes_from(engine: Engine) -> None:
    notes = (
        Note("Said in the meeting.", date(2026, 1, 10), "Bo", "off_track"),
        Note("Said after as-of.", date(2026, 1, 21), "Bo", "on_track"),
        Note("Without a day."),
    )
    project = Project("P", notes=notes, declared=(BOARD, EPIC))
    there = made(update(8, "on_track"), update(10, "at_risk"), rows=[row(1, "health", "Red", 9)])

    found = spoken(there, engine, told(project))

    assert [(one.level, one.source) for one in found] == [
        ("on_track", "board acme/5"), ("off_track", "A-1"), ("at_risk", "board acme/5"),
        ("off_track", "configuration"),
    ]  # fmt: skip
    assert said_by(found, date(2026, 1, 9)) == found[1]
    assert said_by(found, date(2026, 1, 7)) is None


def rules(*select: Select) -> Project:
    return Project("P", select=select)


OTHER = Project("Q", select=(Select("github", label="q"),))
DEFAULTS = [
    ("what is written", Project("P", select=(Select("jira", epic="A-1"),), declared=(BOARD,)), (),
     (BOARD,)),
    ("the epic that all of it is under", rules(Select("jira", epic="A-1")), (), (EPIC,)),
    ("not one of two epics", rules(Select("jira", epic="A-1"), Select("jira", epic="A-2")), (),
     ()),
    ("not where there is more than the epic",
     rules(Select("jira", epic="A-1"), Select("jira", label="x")), (), ()),
    ("the only board of its own source", rules(Select("github", container="acme/shop")), (),
     (BOARD,)),
    ("not where others take from that source", rules(Select("github", container="acme/shop")),
     (OTHER,), ()),
    ("the board that it is", rules(Select("github", container="Acme/5")), (OTHER,), (BOARD,)),
    ("nobody in a Jira project", rules(Select("jira", container="A")), (), ()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("project", "others", "expected"), [each[1:] for each in DEFAULTS],
    ids=[each[0] for each in DEFAULTS],
)  # fmt: skip
def test_who_speaks_for_a_project(
    project: Project, others: tuple[Project, ...], expected: tuple[Voice, ...]
) -> None:
    assert voices(told(project, *others))["P"] == expected


def test_a_source_may_name_its_board_by_the_address() -> None:
    board = replace(GITHUB, boards=("https://github.com/orgs/Acme/projects/5/views/1",))
    found = replace(told(rules(Select("github"))), sources=(board,))
    assert voices(found)["P"] == (BOARD,)


WORDS = [
    ("On track", "on_track"), ("ON_TRACK", "on_track"), ("on-track!", "on_track"),
    ("  Green ", "on_track"), ("G", "on_track"), ("\U0001f7e2 On track", "on_track"),
    ("\U0001f7e2", "on_track"), ("Amber", "at_risk"), ("Yellow", "at_risk"),
    ("At Risk", "at_risk"), ("\U0001f7e1", "at_risk"), ("Red", "off_track"),
    ("Off-Track", "off_track"), ("\U0001f534", "off_track"), ("Completed", "complete"),
    ("On hold", "inactive"), ("Purple", None), ("not green", None), ("", None), ("?", None),
]  # fmt: skip


@pytest.mark.parametrize(("said", "level"), WORDS)
def test_well_known_words(said: str, level: str | None) -> None:
    assert declared_level(said, Policy()) == level


def test_the_policys_own_words_go_first() -> None:
    policy = Policy(declared={"Grün": "on_track", "Blue": "at_risk"})
    assert [declared_level(word, policy) for word in ("grün", "BLUE", "red")] == [
        "on_track", "at_risk", "off_track",
    ]  # fmt: skip
