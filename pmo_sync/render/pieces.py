"""The smallest pieces of a page, which it has by the ten thousand: a call of a template's macro
takes ten times as long."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from markupsafe import Markup, escape

from pmo_sync.render.text import clean
from pmo_sync.reports.words import day

ABSENT = "–"
KNOWN = 20_000
"""Pieces that are remembered as they were written: most say what others said."""


@lru_cache(KNOWN, typed=True)  # for Markup equals the text that it is
def safe(text: str) -> Markup:
    """Write a text as HTML: cleaned and escaped, unless it is Markup already."""
    return text if isinstance(text, Markup) else escape(clean(text))


@lru_cache(KNOWN, typed=True)
def isolated(text: str) -> Markup:
    """Write a tracker's words so that their direction does not turn what is around them."""
    return Markup(f"<bdi>{safe(text)}</bdi>")  # noqa: S704 (escaped)


@lru_cache(KNOWN, typed=True)
def day_element(value: date | None, absent: str = ABSENT) -> Markup:
    """Write a day, or what is said where there is none."""
    if value is None:
        return safe(absent)
    return Markup(f'<time datetime="{value.isoformat()}">{day(value)}</time>')  # noqa: S704 (ours)
