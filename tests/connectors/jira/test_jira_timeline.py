"""Intervals: every instant since creation has exactly one value, however the changes came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.connectors.jira.fields import FieldMap
from pmo_sync.connectors.jira.mapping import Mapped
from pmo_sync.connectors.jira.site import SiteContext
from pmo_sync.connectors.jira.timeline import Step, timeline
from pmo_sync.model import ATTRIBUTE_FIELDS, SEVERAL_FIELDS, HistoryRow
from tests.connectors.jira.jira_wire import change, encoded, history, issue, mapped_by

START = datetime(2026, 1, 1, tzinfo=UTC)
CONTEXT = SiteContext(
    "s", "https://s", FieldMap({"iteration": ("cf1",), "points": ("cf2",)}, {}), {}, {}
)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def laid(current: str | None, updated: float, *steps: tuple[float, str | None]) -> list[str]:
    plain: list[Step] = [(at(hour), value, None, "changelog") for hour, value in steps]
    first, *others = plain
    rows = timeline("s#1", "status", first, others, current, at(updated)).rows
    return [
        f"{row.value}:{(row.valid_from - START) / timedelta(hours=1):g}-"
        + ("" if row.valid_to is None else f"{(row.valid_to - START) / timedelta(hours=1):g}")
        for row in rows
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
days = st.none() | st.sampled_from(["2026-03-01", "2026-03-02"])


def _changes(name: str, field_id: str | None, values: st.SearchStrategy[Any]) -> Any:
    return st.builds(lambda a, b: change(name, a, b, field_id=field_id), values, values)


def _texts(name: str, field_id: str | None, values: st.SearchStrategy[Any]) -> Any:
    """What a field says that has no ids."""
    return st.builds(
        lambda a, b: change(name, None, None, names=(a or "", b or ""), field_id=field_id),
        values, values,
    )  # fmt: skip


item = st.one_of(
    _changes("status", "status", ids),
    _changes("resolution", "resolution", maybe),
    _changes("priority", "priority", maybe),
    _changes("issuetype", "issuetype", ids),
    _changes("assignee", "assignee", maybe),
    _changes("timeestimate", "timeestimate", maybe),
    _changes("IssueParentAssociation", None, maybe),
    _changes("project", None, ids),
    _changes("Fix Version", "fixVersions", maybe),
    _changes("Component", "components", maybe),
    _changes("Sprint", "cf1", several),
    _changes("duedate", None, days),
    _texts("Points", "cf2", ids),
    _texts("Flagged", None, st.sampled_from(["", "Impediment"])),
    _texts("Key", None, st.sampled_from(["P-1", "OLD-3"])),
    _texts("labels", "labels", several.map(lambda text: text.replace(",", ""))),
    st.just(change("Workflow", "1", "2")),
)
entries = st.lists(st.tuples(hours, st.lists(item, max_size=3)), max_size=8)
named = st.none() | ids.map(lambda one: {"id": one, "name": "n"})


def _named(natives: list[str]) -> list[dict[str, str]]:
    return [{"id": native, "name": native} for native in natives]


present = st.fixed_dictionaries(
    {
        "resolution": named,
        "priority": named,
        "assignee": st.none() | ids.map(lambda one: {"accountId": one}),
        "parent": st.none() | ids.map(lambda one: {"id": one, "key": f"P-{one}"}),
        "timeestimate": st.none() | st.integers(0, 9),
        "duedate": days,
        "fixVersions": st.lists(ids, unique=True).map(_named),
        "components": st.lists(ids, unique=True).map(_named),
        "labels": st.lists(ids, unique=True),
        "cf1": st.none() | st.lists(ids, unique=True).map(
            lambda natives: [{"id": int(native)} for native in natives]),
        "cf2": st.none() | st.integers(0, 9),
        "updated": hours.map(lambda hour: at(hour).isoformat()),
    }
)  # fmt: skip
"""What the item has now: whatever its changelog says."""


@given(entries=entries, fields=present, data=st.data())
def test_history_is_whole_and_ends_with_what_the_item_has(
    entries: list[tuple[int, list[dict[str, str]]]], fields: dict[str, Any], data: st.DataObject
) -> None:
    """No two rows of a field or member overlap, a single value leaves no gap, and where the
    changelog does not end with the present value, a corrected row says so. Histories that come
    shuffled and twice change nothing."""
    histories = [
        history(number, at(hour).isoformat(), *items)
        for number, (hour, items) in enumerate(entries, start=8)
    ]
    again = data.draw(st.permutations(histories + histories[:3]))
    mapped = _mapped(issue(1, "P-1", *histories, **fields))
    rows = mapped.record.rows()
    shuffled = _mapped(issue(1, "P-1", *again, **fields)).record.rows()
    assert sorted(rows, key=repr) == sorted(shuffled, key=repr)
    lanes: dict[tuple[str, str | None], list[HistoryRow]] = {}
    for row in rows:
        member = row.value if row.field in SEVERAL_FIELDS else None
        lanes.setdefault((row.field, member), []).append(row)
    for (name, member), lane in lanes.items():
        _check_lane(lane, single=member is None)
        assert name in SEVERAL_FIELDS or lane[-1].value == _single_values(mapped)[name]
    assert {key for key, value in _single_values(mapped).items() if value is not None} <= {
        name for name, _ in lanes
    } | set(ATTRIBUTE_FIELDS)
    now = {(row.field, row.value) for row in rows if row.valid_to is None}
    assert {pair for pair in now if pair[0] in SEVERAL_FIELDS} == _members(fields)
    corrected = {row.field for row in rows if row.origin == "corrected"}
    assert corrected == {one.field for one in mapped.disagreements}


def _check_lane(lane: list[HistoryRow], *, single: bool) -> None:
    lane.sort(key=lambda row: row.valid_from)
    assert lane[0].valid_from >= START
    assert all(row.valid_to is None or row.valid_from < row.valid_to for row in lane)
    for before, after in pairwise(lane):
        assert before.valid_to is not None
        assert before.valid_to <= after.valid_from
        assert not single or before.valid_to == after.valid_from
    if single:
        assert lane[0].valid_from == START
        assert lane[-1].valid_to is None


def _single_values(mapped: Mapped) -> dict[str, str | None]:
    """What the item has, as history writes it."""
    item = mapped.record.item
    return {
        "status": item.status, "resolution": item.resolution, "priority": item.priority,
        "points": None if item.points is None else repr(item.points),
        "due": item.due.isoformat() if item.due else None,
        "remaining": None if item.remaining is None else str(item.remaining),
        "parent": item.parent, "flagged": "true" if item.flagged else None,
        "key": item.key, "container": item.container, "type": item.type, "title": item.title,
    }  # fmt: skip


def _members(fields: dict[str, Any]) -> set[tuple[str, str | None]]:
    assignee, sprints = fields["assignee"], fields["cf1"] or []
    return {
        *((("assignee", f"s#{assignee['accountId']}"),) if assignee else ()),
        *(("milestone", f"s#{version['id']}") for version in fields["fixVersions"]),
        *(("iteration", f"s#{sprint['id']}") for sprint in sprints),
        *(("component", component["name"]) for component in fields["components"]),
        *(("label", label) for label in fields["labels"]),
    }


def _mapped(payload: dict[str, object]) -> Mapped:
    return mapped_by(encoded(payload), CONTEXT)


@pytest.mark.parametrize("updated", [3, 20])
def test_a_member_that_went_without_a_change_was_there_until_the_last_update(updated: int) -> None:
    came = history(1, at(3).isoformat(), change("Fix Version", None, "2", field_id="fixVersions"))
    record = _mapped(issue(1, "P-1", came, updated=at(updated).isoformat())).record
    (row,) = (row for row in record.rows() if row.field == "milestone")
    end = at(updated) if updated > 3 else at(3) + timedelta(milliseconds=1)
    assert (row.valid_from, row.valid_to, row.origin) == (at(3), end, "corrected")


def test_a_value_that_lasted_no_time_leaves_its_correction_behind() -> None:
    closed = history(1, at(3).isoformat(), change("status", "1", "3", field_id="status"))
    record = _mapped(issue(1, "P-1", closed, updated=at(3).isoformat())).record
    (row,) = (row for row in record.rows() if row.field == "status")
    assert (row.value, row.valid_from, row.valid_to, row.origin) == ("1", START, None, "corrected")
