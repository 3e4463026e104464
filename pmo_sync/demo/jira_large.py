"""A Jira of any size, Cloud or Data Center, rendered a team at a time: its issues go to a file.

Worklogs and links to pages elsewhere are not kept: a site that is served whole has them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from pmo_sync.demo.facts import Team, Tracker, World
from pmo_sync.demo.jira_catalogue import Catalogue
from pmo_sync.demo.jira_dc_catalogue import FIRST_PERSON, DcCatalogue
from pmo_sync.demo.jira_fields import jira_fields
from pmo_sync.demo.jira_site import JiraSite, Json
from pmo_sync.demo.jira_spool import JiraSpool
from pmo_sync.demo.jira_web_links import NO_PAGES
from pmo_sync.demo.names import ORGANIZATION, TITLE
from pmo_sync.demo.render_jira import CLOUD_ID, login, site_of
from pmo_sync.demo.render_jira_dc import dc_site_of
from pmo_sync.demo.scale import Part
from pmo_sync.demo.world import UNTIL


@dataclass(slots=True)
class _Given:
    """How many ids the site has given out, the statuses that it has, and its people's numbers."""

    teams: int = 0
    issues: int = 0
    versions: int = 0
    components: int = 0
    statuses: dict[str, Json] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)


class _Following(Catalogue):
    """Looks up the JSON and the ids of one team, whose ids follow those of the teams before."""

    def follow(self, team: Team, given: _Given) -> None:
        """Give the team ids that are not taken, and take note of them."""
        self.first_board = given.teams + 1
        for stage in team.stages:
            number = str(10000 + self.shift + len(given.statuses))
            own = self._status(number, stage.name, stage.category)
            given.statuses.setdefault(stage.name, own)
        self.statuses = {stage.name: given.statuses[stage.name] for stage in team.stages}
        self.projects = {team.key: self._project(str(10200 + self.shift + given.teams), team)}
        self.sprint_ids = _after(self.sprint_ids, 1000 * given.teams)
        self.version_ids = _after(self.version_ids, given.versions)
        self.components = _after(self.components, given.components)
        self.issue_ids = {
            key: str(int(number) + given.issues) for key, number in self.issue_ids.items()
        }
        given.teams += 1
        given.issues += len(self.issue_ids)
        given.versions += len(self.version_ids)
        given.components += len(self.components)


class _DcFollowing(_Following, DcCatalogue):
    """The same of a Data Center, which numbers its people too."""

    def follow(self, team: Team, given: _Given) -> None:
        """Give the team ids that are not taken, and take note of them."""
        super().follow(team, given)
        for key in self.people:
            given.people.setdefault(key, len(given.people))
        self.numbers = {key: FIRST_PERSON + given.people[key] for key in self.people}


def jira_large(
    parts: Iterable[Part], url: str, tracker: Tracker = "jira"
) -> tuple[JiraSite, JiraSpool]:
    """Return the site of the parts that are on a Jira, and the issues that it shows."""
    spool, given = JiraSpool(), _Given()
    lists: dict[str, list[Json]] = {"projects": [], "boards": []}
    by_key: dict[str, dict[Any, Any]] = {
        "versions": {}, "sprints": {}, "configurations": {}, "board_projects": {},
    }  # fmt: skip
    users: dict[str, Json] = {}
    site = JiraSite(url, CLOUD_ID, f"{TITLE} Jira", {}, (), fields=jira_fields())
    for part in parts:
        if part.team.tracker != tracker:
            continue
        site = _team_site(part, url, given)
        spool.add(site.issues)
        for name, values in lists.items():
            values.extend(getattr(site, name))
        for name, held in by_key.items():
            held.update(getattr(site, name))
        users |= {user["self"]: user for user in site.users}
    shown: dict[str, Any] = {**{name: tuple(values) for name, values in lists.items()}, **by_key}
    site = replace(
        site, issues=(), statuses=tuple(given.statuses.values()), users=tuple(users.values()),
        worklogs={}, removed_worklogs=(), remote_links={}, **shown,
    )  # fmt: skip
    spool.finish(site)
    return site, spool


def _team_site(part: Part, url: str, given: _Given) -> JiraSite:
    """Return the site as one team sees it."""
    world = World(0, UNTIL, ORGANIZATION, TITLE, part.people, (part.team,), ())
    if part.team.tracker == "jira_dc":
        center = _DcFollowing(world, url, [part.team])
        center.follow(part.team, given)
        return dc_site_of(world, center)
    cloud = _Following(world, url, [part.team])
    cloud.follow(part.team, given)
    return site_of(world, cloud, login(cloud), NO_PAGES)


def _after(numbers: dict[str, int], last: int) -> dict[str, int]:
    return {key: number + last for key, number in numbers.items()}
