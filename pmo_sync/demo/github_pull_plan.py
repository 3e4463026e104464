"""When the work on an item was put up as a pull request, reviewed and merged.

Everything follows from the item's own events and a number drawn from its key, so that a later day
of the world has the same past.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pmo_sync.demo.facts import Item
from pmo_sync.demo.github_names import GithubNames, number_of

NUMBERS_FROM = 1_000_000
"""The world's numbers are its items'; pull requests are numbered far behind them."""


@dataclass(frozen=True, slots=True)
class PullPlan:
    """A pull request for an item; what lies ahead of the world's day is None."""

    item: Item
    author: str | None
    reviewer: str | None
    created: datetime
    ready: datetime | None
    reviewed: datetime | None
    merged: datetime | None
    closed: datetime | None

    @property
    def number(self) -> int:
        """Its number in the repository."""
        return NUMBERS_FROM + self.item.number


def pull_plan(names: GithubNames, item: Item, end: datetime) -> PullPlan | None:
    """Return an item's pull request by the end of a day; None where there is none (yet)."""
    lot = number_of(f"pull:{item.key}", 6)
    started = _first(names, item, "in_progress")
    if item.level > 0 or lot % 3 == 0 or started is None:
        return None
    created = started + timedelta(hours=2 + lot % 5, minutes=lot % 60)
    closed = _first(names, item, "done", created)
    if created > end or _first(names, item, "done") not in (None, closed):
        return None
    ready = created + timedelta(hours=lot % 7)
    until = closed or end
    author = next((one.new for one in item.events if one.field == "assignee"), None)
    reviewer = item.reporter if item.reporter not in (None, author) else None
    reviewed = ready + timedelta(hours=1 + lot % 4)
    finished = _finished(item, closed)
    return PullPlan(
        item, author, reviewer if reviewer and not names.people[reviewer].bot else None, created,
        ready=ready if ready < until else None,
        reviewed=reviewed if reviewed < until else None,
        merged=closed if finished else None,
        closed=closed,
    )  # fmt: skip


def _first(
    names: GithubNames, item: Item, category: str, since: datetime | None = None
) -> datetime | None:
    """Return when an item's status first had a category, after a time."""
    for event in item.events:
        later = since is None or event.at > since
        if event.field == "status" and later and names.category(item, event.new) == category:
            return event.at
    return None


def _finished(item: Item, closed: datetime | None) -> bool:
    """Say whether an item was closed then because it was done."""
    return any(event.field == "resolution" and event.at == closed and event.new == "done"
               for event in item.events)  # fmt: skip
