"""The report as JSON."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pmo_sync.render.json import render_json, to_json
from pmo_sync.render.text import escape_invisible
from tests.render.sample_report import status_report

TEXTS = st.text(st.characters())  # lone surrogates too
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
)  # fmt: skip


def test_is_the_whole_view_model_in_the_order_of_its_fields() -> None:
    report = status_report()
    document = json.loads(render_json(report))
    assert list(document) == [field.name for field in fields(report)]
    assert document["as_of"] == "2026-03-14"
    assert document["sources"][0]["synced"] == "2026-03-14T21:05:00Z"
    assert document["attention"][0]["target"]["slip"] == 22
    assert document["totals"][0] == [
        "Open items",
        {"value": 4312, "text": "4,312", "of": None, "note": "", "items": "open"},
    ]


def test_is_indented_and_ends_in_a_newline() -> None:
    data = render_json(status_report())
    assert data.startswith(b'{\n  "report": "status",\n')
    assert data.endswith(b"}\n")


def test_text_is_complete_and_invisible_characters_are_escaped() -> None:
    report = replace(status_report(), headline="a\u202eb \x1b ü")
    data = render_json(report)
    assert json.loads(data)["headline"] == report.headline
    assert '"headline": "a\\u202eb \\u001b ü"'.encode() in data


@given(VALUES)
@example("\ud800 alone")
@example({"a": [], "b": {}, "c": [1e16, -0.0, "\\u0041", 2**70]})
def test_any_value_is_written_as_python_writes_it(value: object) -> None:
    plain = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    assert to_json(value) == escape_invisible(plain).encode()


def test_a_value_that_is_no_number_is_an_error() -> None:
    report = replace(status_report(), totals=(("x", float("nan")),))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="JSON compliant"):
        render_json(report)
