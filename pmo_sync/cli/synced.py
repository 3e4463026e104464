"""The line that a sync of a source ends with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pmo_sync.model import Spent


def synced(source: str, items: int, changed: int, requests: int, spent: Spent | None) -> str:
    """Say what was read and what it cost, beside how few requests there must have been."""
    from pmo_sync.reports.words import several

    cost = several(requests, "request")
    if spent:
        cost = f"{several(spent.data, 'request')} for data (at least {spent.least:,})"
        cost += f", {spent.site:,} for the site" if spent.site else ""
    return f"{source}: {several(items, 'item')} read, {changed:,} changed; {cost}"
