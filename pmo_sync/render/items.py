"""The rows of the lists of items: so many that a template would spend half of a page on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from markupsafe import Markup, escape

from pmo_sync.render.environment import http_url, number
from pmo_sync.render.text import clean
from pmo_sync.reports.base import ItemRow
from pmo_sync.reports.words import day

CATEGORY_WORDS = {
    "todo": "To do",
    "in_progress": "In progress",
    "done": "Done",
    "dropped": "Dropped",
}
ABSENT = "–"
KNOWN = 20_000
"""Cells that are remembered as they were written: most rows hold what others held."""


def item_rows(rows: Sequence[ItemRow], remarked: bool) -> Markup:
    """Write the rows of a list, with a column of remarks where it is ``remarked``."""
    return Markup("".join(_row(row, remarked) for row in rows))  # noqa: S704 (every text escaped)


def _row(row: ItemRow, remarked: bool) -> str:
    key, url = _text(row.key), _safe(row.url)
    named = f'<a href="{url}">{key}</a>' if url else key
    remark = f'<td class="remark">{_text(row.note)}</td>' if remarked else ""
    held = _text(", ".join(row.assignees)) if row.assignees else '<span class="quiet">Nobody</span>'
    age = ABSENT if row.age is None else number(row.age)
    return (
        f'<tr><th scope="row">{named}</th><td class="title">{_text(row.title)}</td>{remark}'
        f"<td>{_text(row.project)}</td><td>{_text(row.type)}</td>"
        f"<td>{_state(row.status, row.category)}</td><td>{held}</td>"
        f'<td class="num">{age}</td><td class="date">{_day(row.due)}</td>'
        f'<td class="date">{_day(row.updated)}</td></tr>\n'
    )


@lru_cache(KNOWN)
def _text(text: str) -> str:
    return f"<bdi>{escape(clean(text))}</bdi>"


@lru_cache(KNOWN)
def _safe(url: str) -> str:
    return str(escape(clean(http_url(url))))


@lru_cache(KNOWN)
def _state(status: str, category: str) -> str:
    """Write a status, and what it means where that is another word."""
    meaning = CATEGORY_WORDS.get(category, category)
    if status.lower() == meaning.lower():
        return _text(status)
    return f'{_text(status)}<span class="note">{escape(clean(meaning))}</span>'


@lru_cache(KNOWN)
def _day(value: date | None) -> str:
    return f'<time datetime="{value.isoformat()}">{day(value)}</time>' if value else ABSENT
