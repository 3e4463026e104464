"""How dates of milestones were moved: what is on record, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.config import Dating, MilestoneConfig
from pmo_sync.model import HistoryRow
from pmo_sync.reports.status.moved import moved, moves_of
from pmo_sync.reports.status.trend import trend
from pmo_sync.rollups.dated import (
    Dated,
    History,
    believed,
    configured_dates,
    latest_of,
    moves,
    tracker_dates,
)
from pmo_sync.rollups.projects import Recorded
from pmo_sync.rollups.scope import Scope, scope_at
from tests.rollups.test_scope import DAY, config, item, status, world


def d(month: int, day: int) -> date:
    return date(2026, month, day)


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


MAY, JUNE, JULY = d(5, 1), d(6, 1), d(7, 12)
MOVED: list[tuple[str, History, str]] = [
    ("never dated", (), ""),
    ("never dated, told so", (Dated(d(1, 1), None),), ""),
    ("held", (Dated(d(1, 1), MAY),), "not moved since 1 Jan 2026"),
    ("known since today", (Dated(DAY, MAY),), "no earlier date on record"),
    ("once", (Dated(d(1, 1), MAY), Dated(d(1, 9), JUNE)),
     "moved once, 31 calendar days later than first said"),
    ("twice, and earlier", (Dated(d(1, 1), JUNE), Dated(d(1, 9), JULY), Dated(d(1, 12), MAY)),
     "moved twice, 31 calendar days earlier than first said"),
    ("three times", (Dated(d(1, 1), JUNE), Dated(d(1, 2), MAY), Dated(d(1, 3), JUNE),
                     Dated(d(1, 4), JULY)),
     "moved 3 times, 41 calendar days later than first said"),
    ("and back", (Dated(d(1, 1), MAY), Dated(d(1, 9), JUNE), Dated(d(1, 12), MAY)),
     "moved twice, back to what was first said"),
    ("taken away", (Dated(d(1, 1), MAY), Dated(d(1, 9), None)), "moved once, and has no date now"),
    ("a first date is no move", (Dated(d(1, 1), None), Dated(d(1, 9), MAY)),
     "not moved since 9 Jan 2026"),
]  # fmt: skip


@pytest.mark.parametrize(("dates", "text"), [r[1:] for r in MOVED], ids=[r[0] for r in MOVED])
def test_in_words(dates: History, text: str) -> None:
    assert moved(dates, DAY) == text


def test_each_move_says_when_who_and_why() -> None:
    told = (
        Dated(d(1, 1), MAY),
        Dated(d(1, 9), JUNE, "Ada", "the supplier"),
        Dated(d(1, 13), MAY, seen_before=d(1, 6)),
        Dated(d(1, 20), None),
    )
    assert [each.text for each in moves_of(told)] == [
        "9 Jan 2026, by Ada: from 1 May 2026 to 1 Jun 2026 (31 calendar days later): the supplier",
        "between 6 Jan 2026 and 13 Jan 2026: from 1 Jun 2026 to 1 May 2026"
        " (31 calendar days earlier)",
        "20 Jan 2026: from 1 May 2026 to no date",
    ]
    assert [each.days for each in moves(told)] == [31, -31, None]


@pytest.fixture
def scope() -> Scope:
    return scope_at(world(item(1)).add(*status(1, (1, "new"))).tables("pandas"), config(), DAY)


def recorded(*values: tuple[datetime, date | None]) -> list[Recorded]:
    return [
        Recorded("M", "target", due.isoformat() if due else None, since.replace(tzinfo=None), None)
        for since, due in values
    ]


TOLD = MilestoneConfig(
    "M", target=JUNE, dates=(Dating(MAY, d(1, 2)), Dating(JUNE, d(1, 8), "Ada", "late"))
)
CONFIGURED: list[tuple[str, MilestoneConfig, list[Recorded], History]] = [
    ("told by hand alone", TOLD, [],
     (Dated(d(1, 2), MAY), Dated(d(1, 8), JUNE, "Ada", "late"))),
    ("recorded alone", replace(TOLD, dates=()), recorded((at(1, 5), MAY), (at(1, 12), JUNE)),
     (Dated(d(1, 5), MAY), Dated(d(1, 12), JUNE))),
    ("who and why are told for what was recorded", TOLD,
     recorded((at(1, 5), MAY), (at(1, 12), JUNE)),
     (Dated(d(1, 2), MAY), Dated(d(1, 8), JUNE, "Ada", "late"))),
    ("what was recorded and never told is not hidden", TOLD,
     recorded((at(1, 5), MAY), (at(1, 6), JULY), (at(1, 12), JUNE)),
     (Dated(d(1, 2), MAY), Dated(d(1, 6), JULY), Dated(d(1, 8), JUNE, "Ada", "late"))),
    ("not yet recorded", replace(TOLD, dates=()), recorded((at(1, 5), MAY)),
     (Dated(d(1, 5), MAY), Dated(DAY, JUNE))),
    ("recorded after as-of", replace(TOLD, dates=(), target=MAY),
     recorded((at(1, 5), MAY), (at(1, 25), JUNE)), (Dated(d(1, 5), MAY),)),
    ("told for later than as-of",
     replace(TOLD, target=MAY, dates=(*TOLD.dates[:1], Dating(JUNE, d(1, 25), "Ada"))), [],
     (Dated(d(1, 2), MAY),)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "rows", "expected"), [r[1:] for r in CONFIGURED], ids=[r[0] for r in CONFIGURED]
)
def test_dates_of_the_configuration(
    scope: Scope, one: MilestoneConfig, rows: list[Recorded], expected: History
) -> None:
    assert configured_dates(one, rows, scope) == expected


def test_dates_of_a_tracker_are_those_that_syncs_saw(scope: Scope) -> None:
    def due(value: date | None, since: datetime, until: datetime | None) -> HistoryRow:
        return HistoryRow("milestone", "s#v1", "due", value.isoformat() if value else None, since,
                          until, None, "observed")  # fmt: skip

    made = world(item(1)).add(
        *status(1, (1, "new")), due(MAY, at(1, 3), at(1, 9)), due(JUNE, at(1, 9), at(1, 30)),
        due(None, at(1, 30), None),
    )  # fmt: skip
    tables = made.tables("duckdb")
    assert tracker_dates(tables, scope_at(tables, config(), DAY)) == {
        "s#v1": (Dated(d(1, 3), MAY), Dated(d(1, 9), JUNE))
    }


def test_of_several_milestones_the_latest_counts() -> None:
    one = (Dated(d(1, 1), MAY), Dated(d(1, 9), JULY), Dated(d(1, 15), MAY))
    two = (Dated(d(1, 3), JUNE), Dated(d(1, 12), None))
    assert [(each.since, each.due) for each in latest_of([one, two])] == [
        (d(1, 1), MAY), (d(1, 3), JUNE), (d(1, 9), JULY), (d(1, 15), MAY),
    ]  # fmt: skip


DATES = st.dates(d(1, 1), d(12, 31))
HISTORIES = st.lists(st.tuples(DATES, st.none() | DATES), max_size=6).map(
    lambda rows: tuple(Dated(since, due) for since, due in sorted(rows, key=lambda row: row[0]))
)


@given(st.lists(HISTORIES, max_size=4), DATES)
def test_the_latest_is_that_of_every_day(histories: list[History], day: date) -> None:
    known = [due for dates in histories if (due := believed(dates, day))]
    assert believed(latest_of(histories), day) == max(known, default=None)


def test_a_trend_tells_what_was_believed_on_each_report_day() -> None:
    held, late = (Dated(d(1, 1), MAY),), (Dated(d(1, 8), MAY), Dated(d(1, 14), JUNE))
    told = trend("t", "P", [("Held", held), ("None", ()), ("Late", late)], DAY, "week")
    assert told is not None
    assert told.x == (d(1, 6), d(1, 13), d(1, 20))
    assert [(line.name, line.dates, line.text) for line in told.lines] == [
        ("Late", (None, MAY, JUNE), "moved once, 31 calendar days later than first said"),
        ("Held", (MAY, MAY, MAY), "not moved since 1 Jan 2026"),
    ]


def test_without_a_date_there_is_no_trend() -> None:
    assert trend("t", "P", [("None", ()), ("Nor", (Dated(d(1, 1), None),))], DAY, "week") is None
