"""The default world, served by three trackers and synced by the connectors, equals its truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import pytest

from pmo_sync.config.load import load
from pmo_sync.demo.facts import World
from pmo_sync.model import MAPPED_FIELDS, SEVERAL_FIELDS, SINGLE_FIELDS
from pmo_sync.store import Store
from tests.pipeline.told import (
    JIRA_SEVERAL,
    JIRA_SINGLE,
    Fact,
    facts_of,
    forgotten,
    key_of,
    states_of,
)
from tests.pipeline.told_links import Told, links_of, undirected
from tests.pipeline.untold import GITHUBS, NOT_TOLD, TELLERS, Teller, teller_of

FACTS = """
SELECT w.key, h.field, coalesce(p.name, m.name, i.name, other.key, t.name, h.value),
       h.valid_from, h.valid_to
FROM history AS h
JOIN work_item AS w ON w.item_id = h.entity_id
LEFT JOIN person AS p ON h.field = 'assignee' AND p.person_id = h.value
LEFT JOIN milestone AS m ON h.field = 'milestone' AND m.milestone_id = h.value
LEFT JOIN iteration AS i ON h.field = 'iteration' AND i.iteration_id = h.value
LEFT JOIN work_item AS other ON h.field = 'parent' AND other.item_id = h.value
LEFT JOIN term AS t ON t.site = w.site AND t.field = h.field AND t.value = h.value
WHERE h.entity = 'item'
"""
"""Every interval of the store, in words."""
NOW = """
SELECT w.key, ty.name, st.name, re.name, pr.name, w.title, w.container, w.created, parent.key,
       CAST(w.start AS VARCHAR), CAST(w.due AS VARCHAR), w.points, w.flagged
FROM work_item AS w
LEFT JOIN term AS ty ON ty.site = w.site AND ty.field = 'type' AND ty.value = w.type
LEFT JOIN term AS st ON st.site = w.site AND st.field = 'status' AND st.value = w.status
LEFT JOIN term AS re ON re.site = w.site AND re.field = 'resolution' AND re.value = w.resolution
LEFT JOIN term AS pr ON pr.site = w.site AND pr.field = 'priority' AND pr.value = w.priority
LEFT JOIN work_item AS parent ON parent.item_id = w.parent
"""
"""What each item is now, in words."""
FIELDS = [*JIRA_SINGLE, *JIRA_SEVERAL, "spent"]


@pytest.fixture(scope="module")
def synced(demo_folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with Store(load(demo_folder / "pmo-sync.toml").store_path).read() as con:
        yield con


@pytest.fixture(scope="module")
def tellers(world: World) -> dict[str, Teller]:
    return {key_of(team, item): teller_of(team) for team in world.teams for item in team.items}


@pytest.fixture(scope="module")
def stored(
    synced: duckdb.DuckDBPyConnection, world: World, tellers: dict[str, Teller]
) -> list[Fact]:
    found: list[Fact] = synced.execute(FACTS).fetchall()
    return remembered(found, world, tellers)


@pytest.fixture(scope="module")
def true(world: World, tellers: dict[str, Teller]) -> list[Fact]:
    return remembered(facts_of(world), world, tellers)


def remembered(facts: Iterable[Fact], world: World, tellers: dict[str, Teller]) -> list[Fact]:
    gone = forgotten(world)
    return [
        fact
        for fact in facts
        if not (tellers[fact[0]] in GITHUBS and fact[1] == "assignee" and fact[2] in gone)
    ]


def differing(found: Iterable[object], wanted: Iterable[object]) -> dict[str, object]:
    """Return how many are too many and too few, and the first of each."""
    first, second = set(found), set(wanted)
    extra, missing = sorted(first - second, key=repr), sorted(second - first, key=repr)
    return {} if first == second else {
        "too many": len(extra), "too few": len(missing), "e.g.": [extra[:3], missing[:3]]
    }  # fmt: skip


def test_every_item_is_there_once_and_no_other(
    synced: duckdb.DuckDBPyConnection, tellers: dict[str, Teller]
) -> None:
    keys = [row[0] for row in synced.execute("SELECT key FROM work_item").fetchall()]
    assert len(keys) == len(set(keys)) == len(tellers) > 5000
    assert differing(keys, tellers) == {}


@pytest.mark.parametrize("teller", TELLERS)
@pytest.mark.parametrize("field", FIELDS)
def test_every_interval(
    stored: list[Fact], true: list[Fact], tellers: dict[str, Teller], teller: Teller, field: str
) -> None:
    found = [fact for fact in stored if fact[1] == field and tellers[fact[0]] == teller]
    wanted = [fact for fact in true if fact[1] == field and tellers[fact[0]] == teller]
    assert differing(found, wanted) == {}
    assert bool(wanted) != (field in NOT_TOLD[teller])
    assert len(found) == len(wanted)


@pytest.mark.parametrize("teller", TELLERS)
def test_what_cannot_be_known_is_not_made_up(
    stored: list[Fact], tellers: dict[str, Teller], teller: Teller
) -> None:
    told = {fact[1] for fact in stored if tellers[fact[0]] == teller}
    assert told.isdisjoint(NOT_TOLD[teller])
    known = {*SINGLE_FIELDS, *SEVERAL_FIELDS, *MAPPED_FIELDS}
    assert known - told == NOT_TOLD[teller].keys()


def test_every_link(synced: duckdb.DuckDBPyConnection, world: World) -> None:
    found: list[Told] = synced.execute(
        "SELECT DISTINCT from_key, kind, to_key FROM link WHERE valid_to IS NULL"
    ).fetchall()
    assert differing(undirected(found), undirected(links_of(world))) == {}
    assert len(set(undirected(found))) == len(found), "a link is there in both directions"


def test_every_item_is_what_it_is_now(synced: duckdb.DuckDBPyConnection, world: World) -> None:
    found = [tuple(row) for row in synced.execute(NOW).fetchall()]
    assert differing(found, states_of(world)) == {}
