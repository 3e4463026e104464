"""A world in which something is noted that no tracker's defaults have: time, links elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pmo_sync.demo.facts import Event, Item, Worklog, World

PAGE = "https://elsewhere.invalid/harbourline/portal/issues/9"
PAGES = {"portal-9": (PAGE, "Show the new prices")}
"""Where an item of another tracker can be read."""


def noted(world: World, key: str = "PAY-20") -> World:
    """The world with three worklogs (one edited, one removed) and a link away on one item, and no
    worklogs elsewhere."""
    teams = tuple(
        replace(team, items=tuple(_noted(item) if item.key == key else replace(item, worklogs=())
                                  for item in team.items))
        for team in world.teams
    )  # fmt: skip
    return replace(world, teams=teams)


def _noted(item: Item) -> Item:
    first = item.created + timedelta(hours=1)
    later, last = first + timedelta(days=1), first + timedelta(days=2)
    link = Event(last + timedelta(days=1), "ada", "blocks", None, "portal-9")
    return replace(
        item,
        events=tuple(sorted([*item.events, link], key=lambda event: event.at)),
        worklogs=(
            Worklog("ada", first, 5400, first, first),
            Worklog("ada", later, 3600, later, last + timedelta(hours=3)),
            Worklog("ada", last, 600, last, last, removed=last + timedelta(hours=1)),
        ),
    )
