"""Tracker text made harmless."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.render.text import clean, escape_invisible

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("plain, with ü, 漢字 and 🎉", "plain, with ü, 漢字 and 🎉"),
        ("two\nlines\tand\u2028three", "two lines and three"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("pay\u200bments\ufeff\u2066\u2069", "payments"),
        ("tag\U000e0041ged", "tagged"),
        ("half \ud83d of a pair", "half \ufffd of a pair"),
        ("مرحبا שלום", "مرحبا שלום"),
    ],
)
def test_clean(text: str, harmless: str) -> None:
    assert clean(text) == harmless


@given(ANY_TEXT)
def test_clean_text_can_be_written_and_has_no_controls(text: str) -> None:
    done = clean(text)
    done.encode()
    assert not {unicodedata.category(c) for c in done} & {"Cc", "Cs", "Zl", "Zp"}
    assert clean(done) == done


@given(ANY_TEXT)
def test_escaping_a_json_document_keeps_its_meaning(text: str) -> None:
    document = escape_invisible(json.dumps({"x": text}, ensure_ascii=False, indent=2))
    document.encode()
    assert json.loads(document) == json.loads(json.dumps({"x": text}))
    assert not set("\u202e\u200b\x7f\x9b\u2028") & set(document)
