"""Who and what the simulated GitHub knows by which login, label and node id."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from pmo_sync.demo.facts import Event, Item, Person, Team, World
from pmo_sync.demo.github_site import Label

IN_PROGRESS = "in progress"
BLOCKED = "blocked"
REASONS = {"done": "COMPLETED", "dropped": "NOT_PLANNED", "duplicate": "DUPLICATE"}
_COLORS = {IN_PROGRESS: "fbca04", BLOCKED: "b60205"}


def number_of(text: str, digits: int = 9) -> int:
    """Return a fixed number for a text, as a database id."""
    size: int = 10**digits
    return size + int(hashlib.sha256(text.encode()).hexdigest()[:12], 16) % size


def node_id(prefix: str, text: str) -> str:
    """Return an opaque node id."""
    digest = hashlib.sha256(f"{prefix}:{text}".encode()).digest()[:12]
    return f"{prefix}_kw{base64.urlsafe_b64encode(digest).decode()}"


def github_time(at: datetime) -> str:
    """Write a time as GitHub does."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


class GithubNames:
    """Looks up what an issue or an event refers to."""

    def __init__(self, world: World, teams: Sequence[Team]) -> None:
        self.people: Mapping[str, Person] = {person.key: person for person in world.people}
        self.milestones = {one.key: one for team in teams for one in team.milestones}
        self._items = {item.key: item for team in teams for item in team.items}
        self._stages = {
            (team.key, stage.name): stage.category for team in teams for stage in team.stages
        }
        self.mirrored = self._mirror()
        """By item, the events of other items that its timeline shows too, and whose they are."""

    def login(self, person: str | None) -> str | None:
        """Return the account of a person, None where they have none (any more)."""
        if person is None or not self.people[person].active:
            return None
        return self.people[person].accounts.get("github")

    def label(self, team: str, name: str) -> Label:
        """Return a label of a team's repository."""
        return Label(node_id("LA", f"{team}:{name}"), name, _COLORS.get(name, "ededed"))

    def node(self, key: str) -> str:
        """Return the node id of an item's issue."""
        return node_id("I", key)

    def knows(self, key: str) -> bool:
        """Say whether an item is on this GitHub."""
        return key in self._items

    def category(self, item: Item, status: str | None) -> str:
        """Return what a status of an item's team means."""
        return self._stages[item.project, str(status)]

    def _mirror(self) -> dict[str, list[tuple[Event, str]]]:
        found: dict[str, list[tuple[Event, str]]] = {}
        for item in self._items.values():
            for event in item.events:
                other = event.new or event.old
                if event.field in ("blocks", "parent") and other in self._items:
                    found.setdefault(str(other), []).append((event, item.key))
        return found
