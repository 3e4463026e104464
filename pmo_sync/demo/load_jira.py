"""The world's Jira items as records, without a Jira: what a connector would have made of them.

Native ids are the world's own keys. Links lead to items of the same team; what lies on another
tracker a Jira knows as a page alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain
from types import MappingProxyType

from pmo_sync.demo.facts import RISK, Event, Person, Sprint, Team, Tracker, WorldMilestone
from pmo_sync.demo.jira_catalogue import ZONE
from pmo_sync.demo.jira_dc_catalogue import LOGIN_ZONE
from pmo_sync.demo.load_jira_item import LINKS, RESOLUTIONS, JiraStory, Pages
from pmo_sync.model import (
    Batch,
    Entity,
    Iteration,
    Milestone,
    Observation,
    Site,
    Term,
    global_id,
)
from pmo_sync.model import Person as Account

TYPES = {"Epic": 1, "Story": 0, "Bug": 0, "Task": 0, "Sub-task": -1, RISK: 0}
NO_PAGES: Pages = MappingProxyType({})
PRIORITIES = ("Highest", "High", "Medium", "Low", "Lowest")


class JiraRecords:
    """One site's records, team by team; what was handed over already is not said again."""

    def __init__(self, site: Site, tracker: Tracker = "jira", pages: Pages = NO_PAGES) -> None:
        self.site = site
        self._pages = pages
        self._tracker = tracker
        self._said: set[str] = set()
        self._boards = 0

    def opening(self) -> Batch:
        """Return what the site says before any team: itself, and the words that it comes with."""
        site = self.site.site
        return Batch(
            sites=(self.site,),
            terms=(
                *(Term(site, "type", name, name, rank=rank) for name, rank in TYPES.items()),
                *(Term(site, "priority", word, word, rank=n) for n, word in enumerate(PRIORITIES)),
                *(Term(site, "resolution", word, word, rank=n)
                  for n, word in enumerate(RESOLUTIONS.values())),
            ),
        )  # fmt: skip

    def setting(self, team: Team) -> Batch:
        """Return what a team works with: its statuses, versions and sprints."""
        self._boards += 1
        milestones = tuple(self._milestone(team, one) for one in team.milestones)
        iterations = tuple(self._iteration(one, self._boards) for one in team.sprints)
        observations = [
            *chain.from_iterable(map(_version, milestones)),
            *chain.from_iterable(map(_sprint, iterations)),
        ]
        return Batch(
            terms=tuple(
                Term(self.site.site, "status", stage.name, stage.name, stage.category)
                for stage in team.stages
                if self._first(f"status {stage.name}")
            ),
            milestones=milestones,
            iterations=iterations,
            observations=tuple(observations),
        )

    def items(self, team: Team, people: Mapping[str, Person]) -> Iterator[Batch]:
        """Yield the team's items, each with the time noted on it and the accounts that were not
        met before."""
        keys = {item.key for item in team.items}
        incoming: dict[str, list[tuple[Event, str]]] = {}
        for item in team.items:
            for event in item.events:
                if event.field in LINKS and event.new in keys:
                    incoming.setdefault(event.new, []).append((event, item.key))
        for item in team.items:
            story = JiraStory(self.site, team, item, incoming.get(item.key, []), keys, self._pages)
            met = (people[key] for key in story.people() if self._first(f"person {key}"))
            accounts = tuple(map(self._account, met))
            yield Batch(items=(story.record(),), persons=accounts, worklogs=story.worklogs())

    def id_of(self, key: str) -> str:
        """Return the id of any record of the site."""
        return global_id(self.site.site, key)

    def _first(self, what: str) -> bool:
        new = what not in self._said
        self._said.add(what)
        return new

    def _account(self, person: Person) -> Account:
        """Return an account. Data Center names its log-in name, and does not tell machines from
        people; Cloud hides the e-mail address of a closed one."""
        cloud = self._tracker == "jira"
        return Account(
            self.id_of(person.key), self.site.site,
            f"{person.key}@example.com" if cloud and person.active else person.key, person.name,
            "app" if cloud and person.bot else "person", person.active,
            ZONE if cloud else LOGIN_ZONE,
        )  # fmt: skip

    def _milestone(self, team: Team, one: WorldMilestone) -> Milestone:
        return Milestone(
            self.id_of(one.key), self.site.site, team.container, one.name,
            "released" if one.released else "unreleased",
            f"{self.site.url}/projects/{team.container}/versions/{one.name}",
            one.created.date(), one.due, one.due if one.released else None,
        )  # fmt: skip

    def _iteration(self, one: Sprint, board: int) -> Iteration:
        """Return a sprint; one that has not begun is not dated."""
        state = "closed" if one.completed else "active" if one.started else "future"
        start, end = (one.start, one.end) if one.started else (None, None)
        return Iteration(
            self.id_of(one.key), self.site.site, one.name, state, str(board), start, end,
            one.completed,
        )  # fmt: skip


def _version(of: Milestone) -> list[Observation]:
    return _observed("milestone", of.milestone_id, (of.name, of.state, of.start, of.due))


def _sprint(of: Iteration) -> list[Observation]:
    return _observed("iteration", of.iteration_id, (of.name, of.state, of.start, of.end))


def _observed(
    entity: Entity, entity_id: str, values: tuple[str, str, date | None, date | None]
) -> list[Observation]:
    """List what Jira keeps no history of."""
    texts = (value.isoformat() if isinstance(value, date) else value for value in values)
    return [
        Observation(entity, entity_id, name, text)
        for name, text in zip(("title", "state", "start", "due"), texts, strict=True)
    ]
