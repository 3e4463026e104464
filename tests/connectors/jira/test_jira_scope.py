"""Which issues a source means, and where a sync stands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pmo_sync.connectors.jira.fields import map_fields
from pmo_sync.connectors.jira.payloads import Field, FieldSchema, Project
from pmo_sync.connectors.jira.scope import Place, place_of, scope_clause
from tests.connectors.jira.jira_wire import source

PROJECTS = [Project("1", "PAY"), Project("2", 'O"PS')]


@pytest.mark.parametrize(
    ("scope", "clause"),
    [
        ({}, 'project in ("PAY", "O\\"PS")'),
        ({"jql": "a = 1 OR b = 2"}, "(a = 1 OR b = 2)"),
        ({"jql": "a = 1 order  by rank, key DESC "}, "(a = 1)"),
        ({"jql": 'summary ~ "order by me"'}, '(summary ~ "order by me")'),
    ],
)
def test_the_clause_of_a_scope(scope: dict[str, Any], clause: str) -> None:
    assert scope_clause(source("https://x", **scope), PROJECTS) == clause


def test_a_place_only_moves_forward() -> None:
    start = place_of(None)
    later = start.moved_to(datetime(2026, 1, 2, tzinfo=UTC))
    assert start == Place()
    assert later.moved_to(datetime(2026, 1, 1, tzinfo=UTC)) == later
    assert later.moved_to(None) == later
    assert place_of(later.text()) == later


PLAN = "com.atlassian.jpo:jpo-custom-field-"
TYPES = "com.atlassian.jira.plugin.system.customfieldtypes:"
FIELDS = [
    Field("summary", "Summary"),
    Field("cf1", "Story Points"),
    Field("cf2", "Story point estimate"),
    Field("cf3", "Puntos", "Story Points"),
    Field("cf4", "Sprinten", None, FieldSchema("array", "com.pyxis.greenhopper.jira:gh-sprint")),
    Field("cf5", "Start date"),
    Field("duedate", "Due date"),
    Field("cf6", "Zielende", None, FieldSchema("date", PLAN + "baseline-end")),
    Field("cf7", "Target start"),
    Field("cf8", "Lag", None, FieldSchema("team", TYPES + "atlassian-team")),
]


@pytest.mark.parametrize(
    ("configured", "ours", "ids"),
    [
        ({}, "points", ("cf1", "cf3", "cf2")),
        ({}, "iteration", ("cf4",)),
        ({}, "due", ("duedate",)),
        ({}, "flagged", None),
        ({}, "target_end", ("cf6",)),
        # Only a field of the planner's own kind is known to hold a date.
        ({}, "target_start", None),
        ({"target_start": "target START"}, "target_start", ("cf7",)),
        ({}, "tracker_team", ("cf8",)),
        ({"points": "cf2"}, "points", ("cf2",)),
        ({"points": "story point ESTIMATE"}, "points", ("cf2",)),
        ({"due": "Start date"}, "due", ("cf5",)),
    ],
)
def test_where_fields_are_found(
    configured: dict[str, str], ours: str, ids: tuple[str, ...] | None
) -> None:
    assert map_fields(FIELDS, configured).ids.get(ours) == ids
