"""What the simulated Jira understands of JQL, and how it refuses the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pmo_sync.demo.jira_columns import Columns
from pmo_sync.demo.jql import parse
from pmo_sync.demo.jql_query import JqlError, Names, key_order

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
NAMES = Names(frozenset({"pay", "10001", "payments", "idn"}), ZoneInfo("Europe/Helsinki"),
              lambda: NOW)  # fmt: skip


@dataclass(frozen=True)
class Issue:
    id: int
    key: str
    project: frozenset[str]
    created: datetime
    updated: datetime

    @property
    def key_order(self) -> tuple[str, int]:
        return key_order(self.key)


def issue(number: int, key: str, updated: datetime) -> Issue:
    words = {"PAY": {"pay", "10001", "payments"}, "IDN": {"idn"}}[key.partition("-")[0]]
    return Issue(number, key, frozenset(words), datetime(2026, 1, number, tzinfo=UTC), updated)


ISSUES = (
    issue(1, "PAY-2", datetime(2026, 3, 1, 6, 59, tzinfo=UTC)),
    issue(2, "PAY-10", datetime(2026, 3, 1, 7, 0, tzinfo=UTC)),
    issue(3, "IDN-1", datetime(2026, 6, 30, 11, 30, tzinfo=UTC)),
)


def ids_of(query: str) -> list[int]:
    columns = Columns()
    for one in ISSUES:
        columns.add(one)
    return [columns.ids[row] for row in columns.select(parse(query, NAMES))]


EPOCH = int(ISSUES[1].updated.timestamp() * 1000)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("project = PAY", {1, 2}),
        ('project = "Payments"', {1, 2}),
        ("project = 10001", {1, 2}),
        ("project in (PAY, IDN)", {1, 2, 3}),
        ("project in (pay)", {1, 2}),
        ("project != PAY", {3}),
        ("key = PAY-10", {2}),
        ("issuekey in (PAY-2, IDN-1)", {1, 3}),
        ("id in (1, 3)", {1, 3}),
        ("id > 1", {2, 3}),
        ("key >= PAY-3", {2}),
        ("key != PAY-2", {2, 3}),
        ("key < NO-7", set()),
        (f"updated >= {EPOCH}", {2, 3}),
        (f"updated > {EPOCH}", {3}),
        (f"project = PAY AND updated < {EPOCH}", {1}),
        ("updated >= '2026-03-01 09:00'", {2, 3}),
        ('updated >= "2026/03/01 09:00"', {2, 3}),
        ("updated >= 2026-03-02", {3}),
        ("updated >= -1h", {3}),
        ("(project = IDN or key = PAY-2) AND created <= 2026-01-04", {1, 3}),
    ],
)
def test_a_query_finds(query: str, found: set[int]) -> None:
    assert set(ids_of(query)) == found


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        ("ORDER BY key ASC", [3, 1, 2]),
        ("order by updated desc", [3, 2, 1]),
        ("ORDER BY id", [1, 2, 3]),
        ("ORDER BY created DESC, id", [3, 2, 1]),
        ("", [3, 2, 1]),
    ],
)
def test_a_query_orders(order: str, ids: list[int]) -> None:
    assert ids_of(f"project in (PAY, IDN) {order}") == ids


@pytest.mark.parametrize("query", ["", "  ", "ORDER BY created"])
def test_a_query_without_a_restriction_is_unbounded(query: str) -> None:
    assert not parse(query, NAMES).bounded


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'."),
        ("assignee = currentUser()", "Field 'assignee' does not exist"),
        ("updated >= yesterday", "Date value 'yesterday' for field 'updated' is invalid"),
        ("project > PAY", "The operator '>' is not supported by the 'project' field."),
        ("project = PAY ORDER BY rank", "Not able to sort using field 'rank'."),
        ("project =", "Expecting a value before the end of the query"),
        ("project = PAY updated >= 1", "Expecting either 'OR' or 'AND'"),
        ("(project = PAY", "Expecting ')'"),
        ("project = 'PAY", "is a reserved JQL character"),
    ],
)
def test_anything_else_is_refused_in_words(query: str, message: str) -> None:
    with pytest.raises(JqlError) as refusal:
        parse(query, NAMES)
    assert message in str(refusal.value)
