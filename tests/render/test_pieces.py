"""The smallest pieces of a page never let a tracker's words be more than words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from pmo_sync.render.pieces import day_element, isolated, safe


@pytest.mark.parametrize("piece", [safe, isolated])
def test_words_are_escaped_and_cleaned(piece: Callable[[str], Markup]) -> None:
    assert "<b>" not in piece("<b>bold</b>\u202e")
    assert "\u202e" not in piece("<b>bold</b>\u202e")


@given(st.text(max_size=20))
def test_what_was_markup_once_lets_nothing_through(text: str) -> None:
    """Markup equals the text that it is: what is remembered of one must not serve the other."""
    marked = f"<i>{text}</i>"
    assert isolated(Markup(marked)) == f"<bdi>{marked}</bdi>"
    assert "<i>" not in isolated(marked)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 3, 1), '<time datetime="2026-03-01">1 Mar 2026</time>'),
        (None, "&lt;never&gt;"),
    ],
)
def test_a_day_or_what_is_said_where_there_is_none(day: date | None, said: str) -> None:
    assert day_element(day, "<never>") == said
