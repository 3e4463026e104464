"""What the administrators of a simulated Jira Data Center have set up, where Cloud differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from pmo_sync.demo.facts import Person, Team, World
from pmo_sync.demo.jira_catalogue import Catalogue
from pmo_sync.demo.jira_site import Json

LOGIN_ZONE = "America/Toronto"
"""The login's time zone, in which it queries; the server writes times in its own, UTC."""
LOGIN = "pmo"
FIRST_PERSON = 10101
"""The number of the first who works there; the login's is one less."""
_COLOURS: Mapping[str, str] = MappingProxyType(
    {"new": "default", "indeterminate": "inprogress", "done": "success"}
)
_CLOUD_NAMES = frozenset({"untranslatedName", "hierarchyLevel", "simplified", "style", "isPrivate"})


class DcCatalogue(Catalogue):
    """Looks up the JSON and the ids of everything that an issue refers to."""

    api = "rest/api/2"
    zone = ZoneInfo("UTC")
    shift = 30000

    def __init__(self, world: World, url: str, teams: Sequence[Team]) -> None:
        super().__init__(world, url, teams)
        self.numbers = {key: number for number, key in enumerate(self.people, start=FIRST_PERSON)}

    def account_id(self, person: str) -> str:
        """Return a user's key, which changelogs name."""
        return f"JIRAUSER{self.numbers.get(person, FIRST_PERSON - 1)}"

    def _user(self, one: Person) -> Json:
        """Write a user; a closed account keeps its e-mail address here."""
        return self.account(one.key, one.name, active=one.active)

    def account(self, person: str, name: str, *, active: bool) -> dict[str, object]:
        """Return a user by the words that a user has."""
        return {
            "self": self.rest(f"user?username={person}"),
            "name": person,
            "key": self.account_id(person),
            "emailAddress": f"{person}@example.com",
            "displayName": name,
            "active": active,
            "timeZone": LOGIN_ZONE,
        }

    def login(self) -> Json:
        """Return the login that the demo reads with: an account that nobody works under."""
        return {
            **self.account(LOGIN, "Portfolio office", active=True),
            "locale": "en_US",
            "groups": {"size": 1, "items": []},
            "applicationRoles": {"size": 1, "items": []},
            "expand": "groups,applicationRoles",
        }

    def version(self, key: str) -> Json:
        """Return a fix version, with its date also as people write it."""
        due = self.versions[key].due
        written = {"userReleaseDate": f"{due:%d/%b/%y}"} if due else {}
        return {**super().version(key), **written}

    def board_sprint(self, key: str, board: int) -> Json:
        """Return a sprint, as its board lists it."""
        sprint = super().board_sprint(key, board)
        begun = {"activatedDate": sprint["startDate"]} if "startDate" in sprint else {}
        return {**sprint, **begun, "synced": False, "autoStartStop": False}

    def _status(self, number: str, name: str, category: str) -> Json:
        status = _without_cloud_names(super()._status(number, name, category))
        of = status["statusCategory"]
        return {**status, "statusCategory": {**of, "colorName": _COLOURS[of["key"]]}}

    def _type(self, number: str, name: str, level: int) -> Json:
        return _without_cloud_names(super()._type(number, name, level))

    def _project(self, number: str, team: Team) -> Json:
        project = _without_cloud_names(super()._project(number, team))
        return {"expand": "description,lead,url,projectKeys", **project}


def _without_cloud_names(value: Json) -> dict[str, Any]:
    return {name: one for name, one in value.items() if name not in _CLOUD_NAMES}
