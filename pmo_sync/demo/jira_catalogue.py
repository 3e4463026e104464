"""The ids and names of a simulated Jira Cloud site: what its administrators have set up."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pmo_sync.demo.facts import Event, Item, Person, Sprint, Team, World, WorldMilestone
from pmo_sync.demo.jira_site import Json

ZONE = "Europe/Helsinki"
"""The login's time zone: neither UTC nor the portfolio's."""

_CATEGORIES = {
    "todo": (2, "new", "blue-gray", "To Do"),
    "in_progress": (4, "indeterminate", "yellow", "In Progress"),
    "done": (3, "done", "green", "Done"),
}
_ISSUE_TYPES = (("Epic", 1), ("Story", 0), ("Bug", 0), ("Task", 0), ("Sub-task", -1), ("Risk", 0))
_PRIORITIES = ("Highest", "High", "Medium", "Low", "Lowest")
_RESOLUTIONS = {"done": "Done", "dropped": "Won't Do", "duplicate": "Duplicate"}
LINK_TYPES = {
    "blocks": ("10000", "Blocks", "is blocked by", "blocks"),
    "duplicates": ("10002", "Duplicate", "is duplicated by", "duplicates"),
    "relates": ("10003", "Relates", "relates to", "relates to"),
}
"""Our relation -> id, name, inward words, outward words."""


class Catalogue:
    """Looks up the JSON and the ids of everything that an issue refers to.

    ``teams`` are those who work on the site. What another kind of Jira says otherwise, its
    catalogue overrides; ``api`` is the path of its REST interface, ``zone`` is what times are
    written in, ``shift`` is added to the ids that sites give out themselves.
    """

    api = "rest/api/3"
    zone = ZoneInfo(ZONE)
    shift = 0
    first_board = 1

    def __init__(self, world: World, url: str, teams: Sequence[Team]) -> None:
        self.url = url
        self.teams = tuple(teams)
        self.people = {person.key: person for person in world.people}
        self._users: dict[str, Json] = {}
        stages = {stage.name: stage for team in self.teams for stage in team.stages}
        self.statuses = {
            name: self._status(str(10000 + self.shift + number), name, stage.category)
            for number, (name, stage) in enumerate(stages.items())
        }
        self.priorities = {
            name: self._plain("priority", str(number), name)
            for number, name in enumerate(_PRIORITIES, start=1)
        }
        self.resolutions = {
            key: self._plain("resolution", str(10000 + self.shift + number), name)
            for number, (key, name) in enumerate(_RESOLUTIONS.items())
        }
        self.types = {
            name: self._type(str(10100 + self.shift + number), name, level)
            for number, (name, level) in enumerate(_ISSUE_TYPES)
        }
        self.projects = {
            team.key: self._project(str(10200 + self.shift + number), team)
            for number, team in enumerate(self.teams)
        }
        self.sprint_ids = {
            one.key: 1000 * place + number
            for place, team in enumerate(self.teams, start=1)
            for number, one in enumerate(team.sprints, start=1)
        }
        self.version_ids = _numbers(one.key for team in self.teams for one in team.milestones)
        self.components = _numbers(
            f"{team.key}/{name}" for team in self.teams for name in team.components
        )
        items = sorted(
            (item for team in self.teams for item in team.items),
            key=lambda item: (item.created, item.key),
        )
        self.items = {item.key: item for item in items}
        self.issue_ids = {
            item.key: str(20001 + self.shift + number) for number, item in enumerate(items)
        }
        self.sprints = {one.key: one for team in self.teams for one in team.sprints}
        self.versions = {one.key: one for team in self.teams for one in team.milestones}

    def rest(self, path: str) -> str:
        """Return the address of a REST object."""
        return f"{self.url}/{self.api}/{path}"

    def time(self, at: datetime) -> str:
        """Write a time as Jira does, in the login's zone."""
        told = at.astimezone(self.zone).isoformat(timespec="milliseconds")
        return told[:-3] + told[-2:]

    def account_id(self, person: str) -> str:
        """Return the opaque account id of a person."""
        return hashlib.sha256(f"jira:{person}".encode()).hexdigest()[:24]

    def user(self, person: str | None) -> Json | None:
        """Return a user as Jira embeds it."""
        if person is None:
            return None
        if person not in self._users:
            self._users[person] = self._user(self.people[person])
        return self._users[person]

    def _user(self, one: Person) -> Json:
        """Write a user; a closed account shows no e-mail address."""
        account = self.account_id(one.key)
        user = {
            "self": self.rest(f"user?accountId={account}"),
            "accountId": account,
            "accountType": "app" if one.bot else "atlassian",
            "displayName": one.name,
            "active": one.active,
            "timeZone": ZONE,
        }
        if one.active:
            user["emailAddress"] = f"{one.key}@example.com"
        return user

    def issue_stub(self, item: Item) -> Json:
        """Return an issue as a parent or a link shows it."""
        return {
            "id": self.issue_ids[item.key],
            "key": item.key,
            "self": self.rest(f"issue/{self.issue_ids[item.key]}"),
            "fields": {
                "summary": item.value("title") or item.title,
                "status": self.statuses[item.value("status") or ""],
                "priority": self.priorities[item.value("priority") or "Medium"],
                "issuetype": self.types[item.type],
            },
        }

    def link_id(self, kind: str, source: str, target: str) -> str:
        """Return the id of a link; it does not depend on what else is linked."""
        digest = hashlib.sha256(f"link:{kind}:{source}:{target}".encode()).hexdigest()
        return str(int(digest[:7], 16))

    def component(self, team: str, name: str) -> Json:
        """Return a component."""
        number = self.components[f"{team}/{name}"]
        return {"self": self.rest(f"component/{number}"), "id": str(number), "name": name}

    def version(self, key: str) -> Json:
        """Return a fix version, as an issue embeds it."""
        one: WorldMilestone = self.versions[key]
        number = self.version_ids[key]
        version: dict[str, object] = {
            "self": self.rest(f"version/{number}"),
            "id": str(number),
            "name": one.name,
            "archived": False,
            "released": one.released is not None,
        }
        if one.due:
            version["releaseDate"] = one.due.isoformat()
        return version

    def project_version(self, key: str, team: Team, today: date) -> Json:
        """Return a fix version, as its project lists it."""
        one = self.versions[key]
        late = one.released is None and one.due is not None and one.due < today
        extra: dict[str, object] = {"projectId": int(self.projects[team.key]["id"])}
        if one.released is None:
            extra["overdue"] = late
        extra["startDate"] = one.created.date().isoformat()
        return {**self.version(key), **extra}

    def sprint(self, key: str, board: int) -> Json:
        """Return a sprint, as an issue's Sprint field holds it; its times are in UTC."""
        one: Sprint = self.sprints[key]
        sprint: dict[str, object] = {
            "id": self.sprint_ids[key],
            "name": one.name,
            "state": sprint_state(one),
            "boardId": board,
            "goal": "",
        }
        if one.started:
            sprint |= {"startDate": _utc(one.start), "endDate": _utc(one.end)}
        if one.completed:
            sprint["completeDate"] = _utc(one.completed)
        return sprint

    def board_sprint(self, key: str, board: int) -> Json:
        """Return a sprint, as its board lists it."""
        sprint = dict(self.sprint(key, board))
        number = sprint["id"]
        del sprint["boardId"]
        return {
            **sprint,
            "self": f"{self.url}/rest/agile/1.0/sprint/{number}",
            "originBoardId": board,
        }

    def _plain(self, kind: str, number: str, name: str) -> Json:
        return {"self": self.rest(f"{kind}/{number}"), "id": number, "name": name,
                "description": ""}  # fmt: skip

    def _status(self, number: str, name: str, category: str) -> Json:
        key, word, colour, title = _CATEGORIES[category]
        return {
            "self": self.rest(f"status/{number}"),
            "id": number,
            "name": name,
            "untranslatedName": name,
            "description": "",
            "statusCategory": {
                "self": self.rest(f"statuscategory/{key}"),
                "id": key,
                "key": word,
                "colorName": colour,
                "name": title,
            },
        }

    def _type(self, number: str, name: str, level: int) -> Json:
        return {
            "self": self.rest(f"issuetype/{number}"),
            "id": number,
            "name": name,
            "untranslatedName": name,
            "description": "",
            "subtask": level < 0,
            "hierarchyLevel": level,
        }

    def _project(self, number: str, team: Team) -> Json:
        return {
            "self": self.rest(f"project/{number}"),
            "id": number,
            "key": team.container,
            "name": team.name,
            "projectTypeKey": "software",
            "simplified": False,
            "style": "classic",
            "isPrivate": False,
        }


def sprint_state(sprint: Sprint) -> str:
    """Return Jira's word for where a sprint is."""
    if sprint.completed:
        return "closed"
    return "active" if sprint.started else "future"


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def _numbers(keys: Iterator[str]) -> dict[str, int]:
    return {key: number for number, key in enumerate(keys, start=101)}


def link_events(items: dict[str, Item]) -> dict[str, list[tuple[Event, str]]]:
    """Return, by item, the events by which another item was linked to it, and that item's key."""
    found: dict[str, list[tuple[Event, str]]] = {}
    for item in items.values():
        for event in item.events:
            if event.field in LINK_TYPES and event.new in items:
                found.setdefault(event.new, []).append((event, item.key))
    return found
