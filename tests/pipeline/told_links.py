"""What links the trackers of a world must tell, worked out from its events and pull requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time

from pmo_sync.demo.facts import Field, Item, Team, World
from pmo_sync.demo.github_names import GithubNames
from pmo_sync.demo.github_pull_plan import pull_plan
from tests.pipeline.told import key_of

Told = tuple[str, str, str]
"""A link: from, kind, to."""
Homes = dict[str, tuple[Team, Item]]
ACROSS: tuple[Field, ...] = ("blocks", "relates")
"""What makes the world's developers name work of another tracker in a pull request's title."""


def links_of(world: World) -> set[Told]:
    """Return all links: of items, and of the pull requests of GitHub's teams."""
    homes = {item.key: (team, item) for team in world.teams for item in team.items}
    return {*_of_items(world, homes), *_of_pulls(world, homes)}


def undirected(links: Iterable[Told]) -> list[Told]:
    """Turn what relates a Jira and a GitHub so that GitHub's end comes first: either may have
    told it, and it is one link without a direction."""
    return [
        (to, kind, of) if kind == "relates" and "#" in to and "#" not in of else (of, kind, to)
        for of, kind, to in links
    ]


def _of_items(world: World, homes: Homes) -> Iterator[Told]:
    """Yield what items tell: a Jira's link to pages of GitHub too."""
    for team in world.teams:
        kinds = ("blocks", "duplicates") if team.tracker == "github" else (
            "blocks", "duplicates", "relates")  # fmt: skip
        for item in team.items:
            for event in item.events:
                there = homes.get(event.new or "")
                known = team.tracker if team.tracker == "github" else (team.tracker, "github")
                if event.field in kinds and there and there[0].tracker in known:
                    yield key_of(team, item), event.field, key_of(*there)


def _of_pulls(world: World, homes: Homes) -> Iterator[Told]:
    """Yield what pull requests close, and the Jira items that their titles name."""
    teams = [team for team in world.teams if team.tracker == "github"]
    names = GithubNames(world, teams)
    end = datetime.combine(world.until, time.max, UTC)
    across = _across(world, homes)
    for team in teams:
        for item in team.items:
            if plan := pull_plan(names, item, end):
                pull = f"{team.container}#{plan.number}"
                yield pull, "closes", key_of(team, item)
                yield from ((pull, "relates", other) for other in across.get(item.key, ()))


def _across(world: World, homes: Homes) -> dict[str, set[str]]:
    """Return the Jira items that an item of GitHub is linked with, whichever side says so."""
    found: dict[str, set[str]] = {}
    for item in world.items():
        for event in item.events:
            if event.field in ACROSS and event.new in homes:
                for one, other in ((item.key, event.new), (event.new, item.key)):
                    if _on_github(homes, one) and not _on_github(homes, other):
                        found.setdefault(one, set()).add(other)
    return found


def _on_github(homes: Homes, key: str) -> bool:
    return homes[key][0].tracker == "github"
