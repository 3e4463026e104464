"""Intervals: every instant since creation has exactly one value, however the changes came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.connectors.jira.fields import FieldMap
from pmo_sync.connectors.jira.issue import parse
from pmo_sync.connectors.jira.mapping import map_issue
from pmo_sync.connectors.jira.site import SiteContext
from pmo_sync.connectors.jira.timeline import Step, timeline
from pmo_sync.model import SEVERAL_FIELDS, HistoryRow
from tests.connectors.jira.jira_wire import change, encoded, history, issue

START = datetime(2026, 1, 1, tzinfo=UTC)
CONTEXT = SiteContext(
    "s", "https://s", FieldMap({"iteration": ("cf1",), "points": ("cf2",)}, {}), {}, {}
)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def laid(current: str | None, updated: float, *steps: tuple[float, str | None]) -> list[str]:
    first, *others = (Step(at(hour), value) for hour, value in steps)
    spans = timeline(first, others, current, at(updated)).spans
    return [
        f"{span.value}:{(span.start - START) / timedelta(hours=1):g}-"
        + ("" if span.end is None else f"{(span.end - START) / timedelta(hours=1):g}")
        for span in spans
    ]


@pytest.mark.parametrize(
    ("current", "updated", "steps", "spans"),
    [
        ("a", 9, [(0, "a")], ["a:0-"]),
        ("b", 9, [(0, "a"), (3, "b")], ["a:0-3", "b:3-"]),
        ("b", 9, [(0, None), (3, "b")], ["None:0-3", "b:3-"]),
        # The same value again is no change.
        ("b", 9, [(0, "a"), (3, "b"), (5, "b")], ["a:0-3", "b:3-"]),
        # What lasted no time was never the value of any day.
        ("c", 9, [(0, "a"), (3, "b"), (3, "c")], ["a:0-3", "c:3-"]),
        ("a", 9, [(0, "a"), (3, "b"), (3, "a")], ["a:0-"]),
        ("b", 9, [(0, "a"), (0, "b")], ["b:0-"]),
        # A change that is older than the item counts from its creation.
        ("b", 9, [(0, "a"), (-2, "b")], ["b:0-"]),
        # The item's present value wins, from its last update on ...
        ("x", 9, [(0, "a"), (3, "b")], ["a:0-3", "b:3-9", "x:9-"]),
        (None, 9, [(0, "a")], ["a:0-9", "None:9-"]),
        # ... or from the last change, where that did not count as an update.
        ("x", 2, [(0, "a"), (3, "b")], ["a:0-3", "x:3-"]),
    ],
)
def test_spans(
    current: str | None, updated: float, steps: list[tuple[float, str | None]], spans: list[str]
) -> None:
    assert laid(current, updated, *steps) == spans


hours = st.integers(min_value=-3, max_value=60)
ids = st.sampled_from(["1", "2", "3"])
maybe = st.one_of(st.none(), st.just(""), ids)
several = st.lists(ids, unique=True).map(", ".join)
item = st.one_of(
    st.builds(lambda a, b: change("status", a, b, field_id="status"), ids, ids),
    st.builds(lambda a, b: change("resolution", a, b, field_id="resolution"), maybe, maybe),
    st.builds(lambda a, b: change("assignee", a, b, field_id="assignee"), maybe, maybe),
    st.builds(lambda a, b: change("Fix Version", a, b, field_id="fixVersions"), maybe, maybe),
    st.builds(lambda a, b: change("Sprint", a, b, field_id="cf1"), several, several),
    st.builds(lambda a, b: change("Points", None, None, names=(a, b), field_id="cf2"), ids, ids),
    st.just(change("Workflow", "1", "2")),
)
entries = st.lists(st.tuples(hours, st.lists(item, max_size=3)), max_size=8)


@given(entries=entries, data=st.data())
def test_no_two_rows_of_a_field_or_member_overlap(
    entries: list[tuple[int, list[dict[str, str]]]], data: st.DataObject
) -> None:
    """Also when histories come shuffled and twice; the order they come in changes nothing."""
    histories = [
        history(number, at(hour).isoformat(), *items)
        for number, (hour, items) in enumerate(entries, start=8)
    ]
    fields: dict[str, Any] = {
        "resolution": data.draw(st.none() | ids.map(lambda one: {"id": one, "name": "r"})),
        "fixVersions": data.draw(st.lists(ids, unique=True).map(_named)),
        "cf2": data.draw(st.none() | st.integers(0, 9)),
        "updated": at(data.draw(hours)).isoformat(),
    }
    again = data.draw(st.permutations(histories + histories[:3]))
    rows = _rows(issue(1, "P-1", *histories, **fields))
    assert sorted(rows, key=repr) == sorted(_rows(issue(1, "P-1", *again, **fields)), key=repr)
    lanes: dict[tuple[str, str | None], list[HistoryRow]] = {}
    for row in rows:
        assert row.valid_to is None or row.valid_from < row.valid_to
        assert row.valid_from >= START
        member = row.value if row.field in SEVERAL_FIELDS else None
        lanes.setdefault((row.field, member), []).append(row)
    for (name, _), lane in lanes.items():
        lane.sort(key=lambda row: row.valid_from)
        for before, after in pairwise(lane):
            assert before.valid_to is not None
            assert before.valid_to <= after.valid_from
            if name not in SEVERAL_FIELDS:
                assert before.valid_to == after.valid_from
    now = {(row.field, row.value) for row in rows if row.valid_to is None}
    assert ("status", "1") in now
    assert {value for name, value in now if name == "milestone"} == {
        f"s#{version['id']}" for version in fields["fixVersions"]
    }


def _named(natives: list[str]) -> list[dict[str, str]]:
    return [{"id": native, "name": f"v{native}"} for native in natives]


def _rows(payload: dict[str, object]) -> tuple[HistoryRow, ...]:
    return map_issue(parse(encoded(payload)), CONTEXT, {}).record.history
