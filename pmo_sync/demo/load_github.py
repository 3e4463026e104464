"""The world's GitHub items as records, without a GitHub: what a connector would have made of them.

Native ids are the world's own keys. GitHub notes what is open, closed and labelled: work in
progress and what is blocked are labels; estimates, dates and priorities are noted only where the
repository keeps issue fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from pmo_sync.demo.facts import Event, Person, Team, WorldMilestone
from pmo_sync.demo.load_github_item import TYPES, GithubStory
from pmo_sync.demo.render_github_fields import COLORS, keeps_fields
from pmo_sync.model import (
    Batch,
    Category,
    Milestone,
    Observation,
    Site,
    Term,
    global_id,
)
from pmo_sync.model import Person as Account

STATUSES: tuple[tuple[str, str, Category], ...] = (
    ("open", "Open", "todo"),
    ("completed", "Closed as completed", "done"),
    ("not_planned", "Closed as not planned", "dropped"),
    ("duplicate", "Closed as duplicate", "dropped"),
    ("discussion", "Converted to a discussion", "dropped"),
)


class GithubRecords:
    """One GitHub's records, team by team; what was handed over already is not said again."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._met: set[str] = set()

    def opening(self) -> Batch:
        """Return what the site says before any team: itself, and the words that it comes with."""
        site = self.site.site
        statuses = tuple(Term(site, "status", *status) for status in STATUSES)
        kinds = ("Issue", *TYPES.values())
        types = tuple(Term(site, "type", name, name, rank=0) for name in kinds)
        return Batch(sites=(self.site,), terms=(*statuses, *types))

    def setting(self, team: Team) -> Batch:
        """Return what a team works with: its milestones."""
        milestones = tuple(
            self._milestone(team, one, number)
            for number, one in enumerate(team.milestones, start=1)
        )
        observations = tuple(chain.from_iterable(map(_observed, milestones)))
        events = (event for item in team.items for event in item.events)
        told = {event.new for event in events if event.field == "priority"}
        terms = tuple(
            Term(self.site.site, "priority", name.casefold(), name, rank=rank)
            for rank, name in enumerate(COLORS)
            if name in told and keeps_fields(team)
        )
        return Batch(milestones=milestones, observations=observations, terms=terms)

    def items(self, team: Team, people: Mapping[str, Person]) -> Iterator[Batch]:
        """Yield the team's items, each with the accounts that were not met before."""
        incoming: dict[str, list[tuple[Event, str]]] = {}
        for item in team.items:
            for event in item.events:
                if event.field in ("blocks", "parent"):
                    other = event.new or event.old or ""
                    incoming.setdefault(other, []).append((event, item.key))
        keys = {item.key for item in team.items}
        categories = {stage.name: stage.category for stage in team.stages}
        for item in team.items:
            story = GithubStory(
                self.site, people, team, item, incoming.get(item.key, []), keys, categories
            )
            record = story.record()
            new = {key: people[key] for key in story.people if key not in self._met}
            self._met |= new.keys()
            yield Batch(items=(record,), persons=tuple(map(self._account, new.values())))

    def id_of(self, key: str) -> str:
        """Return the id of any record of the site."""
        return global_id(self.site.site, key)

    def _account(self, person: Person) -> Account:
        login = person.accounts["github"]
        return Account(
            self.id_of(person.key), self.site.site, login, login if person.bot else person.name,
            "app" if person.bot else "person",
        )  # fmt: skip

    def _milestone(self, team: Team, one: WorldMilestone, number: int) -> Milestone:
        return Milestone(
            self.id_of(one.key), self.site.site, team.container, one.name,
            "closed" if one.released else "open",
            f"{self.site.url}/{team.container}/milestone/{number}",
            None, one.due, one.released.date() if one.released else None,
        )  # fmt: skip


def _observed(of: Milestone) -> list[Observation]:
    """List what GitHub keeps no history of."""
    due = of.due.isoformat() if of.due else None
    values = (("name", of.name), ("state", of.state), ("due", due))
    return [Observation("milestone", of.milestone_id, name, value) for name, value in values]
