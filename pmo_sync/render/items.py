"""The rows of the lists of items: so many that a template would spend half of a page on them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup

from pmo_sync.render.environment import http_url, number
from pmo_sync.render.pieces import ABSENT, KNOWN, day_element, isolated, safe
from pmo_sync.reports.base import ItemRow

CATEGORY_WORDS = {
    "todo": "To do",
    "in_progress": "In progress",
    "done": "Done",
    "dropped": "Dropped",
}
NOBODY = '<span class="quiet">Nobody</span>'


def item_rows(rows: Sequence[ItemRow], remarked: bool) -> Markup:
    """Write the rows of a list, with a column of remarks where it is ``remarked``."""
    return Markup("".join(_row(row, remarked) for row in rows))  # noqa: S704 (every text escaped)


def _row(row: ItemRow, remarked: bool) -> str:
    key, url = isolated(row.key), _address(row.url)
    named = f'<a href="{url}">{key}</a>' if url else key
    remark = f'<td class="remark">{isolated(row.note)}</td>' if remarked else ""
    held = isolated(", ".join(row.assignees)) if row.assignees else NOBODY
    age = ABSENT if row.age is None else number(row.age)
    return (
        f'<tr><th scope="row">{named}</th><td class="title">{isolated(row.title)}</td>{remark}'
        f"<td>{isolated(row.project)}</td><td>{isolated(row.type)}</td>"
        f"<td>{_state(row.status, row.category)}</td><td>{held}</td>"
        f'<td class="num">{age}</td><td class="date">{day_element(row.due)}</td>'
        f'<td class="date">{day_element(row.updated)}</td></tr>\n'
    )


@lru_cache(KNOWN)
def _address(url: str) -> str:
    return safe(http_url(url))


@lru_cache(KNOWN)
def _state(status: str, category: str) -> str:
    """Write a status, and what it means where that is another word."""
    meaning = CATEGORY_WORDS.get(category, category)
    if status.lower() == meaning.lower():
        return isolated(status)
    return f'{isolated(status)}<span class="note">{safe(meaning)}</span>'
