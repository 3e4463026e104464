"""What a milestone of the portfolio gathers, by each kind of rule: on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pmo_sync.config import Config, Gather, MilestoneConfig, Project, Select
from pmo_sync.errors import ConfigError
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import records
from pmo_sync.model import HistoryRow, Milestone
from pmo_sync.rollups.asked import with_asked
from pmo_sync.rollups.defined import defined_at, milestone_observations
from pmo_sync.rollups.gathering import gathered, of_milestones
from pmo_sync.rollups.measures import select
from pmo_sync.rollups.scope import scope_at
from tests.frames.engines import ENGINES, Engine, World
from tests.rollups.test_scope import DAY, config, item, on, row, status, world


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    chosen: Engine = request.param
    return chosen


def made() -> World:
    """A-1 above A-2 above A-3 above A-4; version 3.0 of A has A-2, that of B has B-5, and until the
    9th B-6; all are of the source jira, B-6 of github too."""
    items = [item(1), item(2, parent=1), item(3, parent=2), item(4, parent=3), item(5, "B"),
             item(6, "B")]  # fmt: skip
    told = world(*items).present(items[5], source="github")
    return told.add(
        *(each for n in range(1, 7) for each in status(n, (1, "new"))),
        *(row(n, "parent", f"s#{n - 1}", 1) for n in (2, 3, 4)),
        Milestone("s#v1", "s", "A", "3.0", "open", "https://x/v1", due=date(2026, 3, 1)),
        Milestone("s#v2", "s", "B", "3.0", "open", "https://x/v2", due=date(2026, 4, 1)),
        row(2, "milestone", "s#v1", 1), row(5, "milestone", "s#v2", 1),
        row(6, "milestone", "s#v2", 1, 9), row(4, "label", "Launch", 1),
    )  # fmt: skip


CONFIG = config(Project("P", select=(Select("jira", container="A"),)))


def of(*rules: Gather) -> Config:
    return replace(CONFIG, milestones=(MilestoneConfig("Go-live", gather=rules),))


def names(tables: Tables, told: Config, day: date = DAY) -> list[int]:
    scope = scope_at(tables, told, day)
    found = of_milestones(gathered(tables, told, scope, defined_at(tables, told, scope.at)))
    rows = records(found)
    assert {each["group"] for each in rows} <= {"Go-live"}
    return sorted(int(each["item_id"].removeprefix("s#")) for each in rows)


RULES: list[tuple[str, tuple[Gather, ...], list[int]]] = [
    ("a version of every place", (Gather(milestone="3.0"),), [2, 5]),
    ("of one place, whatever the case", (Gather(milestone="3.0", container="b"),), [5]),
    ("of one source", (Gather(milestone="3.0", source="github"),), []),
    ("an epic, its children and theirs", (Gather(epic="a-1"),), [1, 2, 3]),
    ("a single item", (Gather(item="B-6"),), [6]),
    ("an item as another source sees it", (Gather(item="B-6", source="GitHub"),), [6]),
    ("a filter", (Gather(where="label = launch or key = A-1"),), [1, 4]),
    ("a filter by project", (Gather(where="project = P and not (key in (A-1, A-2))"),), [3, 4]),
    ("what two rules gather is once", (Gather(epic="A-1"), Gather(where="key = A-2")), [1, 2, 3]),
    ("nothing", (Gather(milestone="4.0"), Gather(epic="C-1"), Gather(item="C-9")), []),
    ("no rule", (), []),
]


@pytest.mark.parametrize(("rules", "expected"), [r[1:] for r in RULES], ids=[r[0] for r in RULES])
def test_rules(engine: Engine, rules: tuple[Gather, ...], expected: list[int]) -> None:
    assert names(made().tables(engine), of(*rules)) == expected


def test_a_past_day_gathers_what_was_in_the_version_then(engine: Engine) -> None:
    tables = made().tables(engine)
    assert names(tables, of(Gather(milestone="3.0", container="B")), date(2026, 1, 8)) == [5, 6]


def test_a_past_day_gathers_by_the_rules_of_then(engine: Engine) -> None:
    """As recorded on the 2nd: the item B-6; the configuration in hand says A-1, since the 15th."""
    then, now = of(Gather(item="B-6")), of(Gather(item="A-1"))
    told = made()
    for start, end, each in ((2, 15, then), (15, None, now)):
        told.add(
            *(
                HistoryRow(o.entity, o.entity_id, o.field, o.value, on(start),
                           on(end) if end else None, None, "config")
                for o in milestone_observations(each.milestones)
            )
        )  # fmt: skip
    tables = told.tables(engine)
    assert names(tables, now, date(2026, 1, 14)) == [6]
    assert names(tables, now) == [1]


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("change = reopened", "a milestone cannot gather by change"),
        ("portfolio_milestone = Go-live", "a milestone cannot gather by portfolio_milestone"),
        ("lable = x", "unknown field 'lable'"),
    ],
)
def test_a_filter_that_cannot_be_meant(engine: Engine, where: str, message: str) -> None:
    place = "milestones 'Go-live': gather: where"
    with pytest.raises(ConfigError, match=f"^{place}.*{message}"):
        names(made().tables(engine), of(Gather(where=where)))


def test_a_filter_can_name_the_milestone(engine: Engine) -> None:
    tables, told = made().tables(engine), of(Gather(epic="A-1"))
    scope = with_asked(tables, told, scope_at(tables, told, DAY), {"portfolio_milestone"}, DAY)
    for where, expected in (
        ("portfolio_milestone = 'go-live' and key != A-1", {"A-2", "A-3"}),
        ("portfolio_milestone is empty", {"A-4", "B-5", "B-6"}),
    ):
        assert {each["key"] for each in records(select(scope, where))} == expected
