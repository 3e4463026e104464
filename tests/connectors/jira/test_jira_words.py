"""Fields that a configuration maps: what kinds of custom fields say, now and in the changelog."""

from __future__ import annotations

from typing import Any

import pytest

from pmo_sync.connectors.jira.fields import FieldMap, map_fields
from pmo_sync.connectors.jira.mapping import Mapped
from pmo_sync.connectors.jira.payloads import Field, FieldSchema
from pmo_sync.connectors.jira.site import SiteContext
from pmo_sync.connectors.jira.words import words
from tests.connectors.jira.jira_wire import (
    change,
    encoded,
    history,
    issue,
    mapped_by,
    persons_of,
    user,
)

PARAGRAPHS = {
    "type": "doc",
    "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": "Second supplier,"}]},
        {"type": "paragraph", "content": [{"type": "text", "text": "signed\nby May"}]},
    ],
}
SITE = [
    Field("cf_p", "Probability", field_schema=FieldSchema("option")),
    Field("cf_i", "Impact", field_schema=FieldSchema("number")),
    Field("cf_r", "Mitigation", field_schema=FieldSchema("string")),
    Field("cf_o", "Risk owner", field_schema=FieldSchema("user")),
]
MAPPED = {
    "probability": "Probability", "impact": "Impact", "response": "Mitigation",
    "risk_owner": "Risk owner",
}  # fmt: skip
DAY = "2026-01-%02dT00:00:00.000+0000"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, None),
        ("", None),
        ("  High  ", "High"),
        (4.0, "4"),
        (2.5, "2.5"),
        ("4.0", "4"),
        ("v4.0", "v4.0"),
        ({"self": "https://x/1", "value": "Likely", "id": "10023"}, "Likely"),
        ({"value": "High", "child": {"value": "Very"}}, "High Very"),
        ([{"value": "Avoid"}, {"value": "Share"}], "Avoid Share"),
        (user("ada", "Ada L."), "Ada L."),
        (PARAGRAPHS, "Second supplier, signed by May"),
        ({}, None),
        (False, None),
        ("High\0\nrisk", "High risk"),
    ],
)
def test_what_a_field_says(value: Any, said: str | None) -> None:
    assert words(value) == said


def mapped(*histories: dict[str, Any], **fields: Any) -> Mapped:
    context = SiteContext("site", "https://site", map_fields(SITE, MAPPED), {}, {"100": "PAY"})
    return mapped_by(encoded(issue(1, "PAY-1", *histories, **fields)), context)


def told(result: Mapped, field: str) -> list[tuple[str | None, int, int | None]]:
    """The rows of a field as (value, day, until day)."""
    return [
        (row.value, row.valid_from.day, row.valid_to.day if row.valid_to else None)
        for row in result.record.rows()
        if row.field == field
    ]


def test_only_a_configuration_maps_them() -> None:
    assert map_fields(SITE, {}).ids == {}
    assert map_fields(SITE, MAPPED).persons == {"risk_owner"}
    assert map_fields(SITE, {"impact": "Impakt"}).problems == {
        "impact": "fields.impact: the site has no field 'Impakt' (nearest: Impact)"
    }


def test_values_and_their_history() -> None:
    result = mapped(
        history(1, DAY % 5, change("P", "1", "2", names=("Low", "High"), field_id="cf_p")),
        history(2, DAY % 7, change("I", None, None, names=("3", "4"), field_id="cf_i")),
        cf_p={"value": "High", "id": "2"},
        cf_i=4.0,
        cf_r="Second supplier",
    )  # fmt: skip

    assert told(result, "probability") == [("Low", 1, 5), ("High", 5, None)]
    assert told(result, "impact") == [("3", 1, 7), ("4", 7, None)]
    assert told(result, "response") == [("Second supplier", 1, None)]
    assert told(result, "risk_owner") == []
    assert result.disagreements == ()


def test_a_value_that_was_taken_back_is_history() -> None:
    result = mapped(
        history(1, DAY % 5, change("Impact", None, None, names=("5", ""), field_id="cf_i"))
    )
    assert told(result, "impact") == [("5", 1, 5), (None, 5, None)]


def test_an_account_is_a_person() -> None:
    moved = change("Risk owner", "ben", "ada", names=("Ben B.", "Ada L."), field_id="cf_o")
    result = mapped(history(1, DAY % 9, moved), cf_o=user("ada", "Ada L."))

    assert told(result, "risk_owner") == [("site#ben", 1, 9), ("site#ada", 9, None)]
    assert {p.person_id: p.name for p in persons_of(result, "site")}["site#ada"] == "Ada L."
    assert result.former == {"site#ben": "Ben B."}


def test_nothing_of_it_where_nothing_is_mapped() -> None:
    context = SiteContext("site", "https://site", FieldMap({}, {}), {}, {"100": "PAY"})
    result = mapped_by(encoded(issue(1, "PAY-1", cf_p="High")), context)
    assert not {row.field for row in result.record.rows()} & {"probability", "impact"}
