"""A page of issues, decoded in one pass."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from pmo_sync.connectors.jira.fields import FieldMap
from pmo_sync.connectors.jira.issue import ParsedIssue, Unread
from pmo_sync.connectors.jira.issue_payloads import BulkPage
from pmo_sync.connectors.jira.reading import IssueReader
from pmo_sync.connectors.jira.words import words
from tests.connectors.jira.jira_wire import encoded, issue

FIELDS = FieldMap(
    {"points": ("cf_points", "cf_estimate"), "impact": ("priority",), "due": ("duedate",)}, {}
)


def page(*issues: dict[str, Any]) -> list[ParsedIssue | Unread]:
    read = IssueReader(FIELDS).pages(BulkPage)
    return list(read(encoded({"issues": list(issues)})).issues)


@pytest.mark.parametrize(
    "wrong", [{"status": None}, {"updated": "2026-01-01T00:00:00"}, {"labels": "none"}]
)
def test_an_issue_that_makes_no_sense_spoils_no_other(wrong: dict[str, Any]) -> None:
    first, bad, last = page(issue(1, "P-1"), issue(2, "P-2", **wrong), issue(3, "P-3"))
    assert isinstance(bad, Unread)
    assert (bad.id, bad.key, bool(bad.reason)) == ("2", "P-2", True)
    assert [one.key for one in (first, last) if isinstance(one, ParsedIssue)] == ["P-1", "P-3"]


@pytest.mark.parametrize("named", [b'"key": "P-2"', b'"id": "2"'])
def test_a_name_that_is_no_text_spoils_no_other(named: bytes) -> None:
    body = encoded({"issues": [issue(1, "P-1"), issue(2, "P-2")]})
    broken = body.replace(named, named[:-1] + b'\xff"')
    assert broken != body
    first, bad = IssueReader(FIELDS).pages(BulkPage)(broken).issues
    assert isinstance(bad, Unread) and bad.reason
    assert isinstance(first, ParsedIssue) and first.key == "P-1"


def test_a_page_that_makes_no_sense_is_told() -> None:
    with pytest.raises(msgspec.ValidationError):
        IssueReader(FIELDS).pages(BulkPage)(b'{"issues": 3}')


def test_of_two_fields_the_first_with_a_value_counts() -> None:
    both, second, none = (
        page(issue(1, "P-1", **values))[0]
        for values in (
            {"cf_points": 3, "cf_estimate": 5},
            {"cf_points": None, "cf_estimate": "5"},
            {},
        )
    )
    assert [
        (one.points(), one.used.get("points"))
        for one in (both, second, none)
        if isinstance(one, ParsedIssue)
    ] == [(3.0, "cf_points"), (5.0, "cf_estimate"), (None, None)]


def test_a_field_of_the_trackers_own_may_be_mapped_to_one_of_ours() -> None:
    (one,) = page(issue(1, "P-1", priority={"id": "3", "name": "High", "iconUrl": "x"}))
    assert isinstance(one, ParsedIssue)
    assert words(one.values["impact"]) == "High"
    assert one.fields.priority and one.fields.priority.id == "3"


def test_which_fields_an_issue_came_with() -> None:
    (one,) = page(issue(1, "P-1", cf_points=None))
    assert isinstance(one, ParsedIssue)
    shown = IssueReader(FIELDS).shown(one)
    assert "cf_points" in shown
    assert "cf_estimate" not in shown
