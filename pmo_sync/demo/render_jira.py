"""The world's Jira teams as a Jira Cloud site."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pmo_sync.demo.facts import Item, Team, World
from pmo_sync.demo.jira_catalogue import ZONE, Catalogue
from pmo_sync.demo.jira_fields import (
    POINTS,
    RANK,
    jira_fields,
)
from pmo_sync.demo.jira_issues import IssueRenderer
from pmo_sync.demo.jira_known import KnownIssues, ingredients
from pmo_sync.demo.jira_site import JiraSite, Json
from pmo_sync.demo.jira_time_spent import TimeSpent
from pmo_sync.demo.jira_web_links import NO_PAGES, Pages, WebLinks

CLOUD_ID = "7f0c1e2a-5b3d-4c66-9d0e-de4000000001"


def jira_site(
    world: World,
    url: str,
    teams: Sequence[Team] | None = None,
    pages: Pages = NO_PAGES,
    known: KnownIssues | None = None,
) -> JiraSite:
    """Return the Cloud site of these teams (all that use Jira unless given) at an address.

    ``pages`` are what items of other trackers are linked to by, ``known`` the issues that were
    written for an earlier day of the same site.
    """
    if teams is None:
        teams = [team for team in world.teams if team.tracker == "jira"]
    catalogue = Catalogue(world, url, teams)
    return site_of(world, catalogue, login(catalogue), pages, known)


def site_of(
    world: World,
    catalogue: Catalogue,
    account: Json,
    pages: Pages,
    known: KnownIssues | None = None,
    shape: Callable[[Json], Json] = lambda issue: issue,
) -> JiraSite:
    """Return the site of a catalogue, as the login ``account`` sees it.

    ``shape`` makes Cloud's issue one of the site's own kind.
    """
    url = catalogue.url
    web_links, time_spent = WebLinks(catalogue, pages), TimeSpent(catalogue)
    writer = IssueRenderer(catalogue, web_links, time_spent)
    known = known or KnownIssues()
    boards = {
        team.key: number for number, team in enumerate(catalogue.teams, start=catalogue.first_board)
    }
    return JiraSite(
        base_url=url,
        cloud_id=CLOUD_ID,
        title=f"{world.title} Jira",
        account=account,
        issues=tuple(
            known.issue(
                item,
                ingredients(catalogue, pages, item, writer.incoming.get(item.key, [])),
                lambda item=item: shape(writer.issue(item, boards[item.project])),  # type: ignore[misc]
            )
            for item in catalogue.items.values()
        ),
        fields=jira_fields(),
        statuses=tuple(catalogue.statuses.values()),
        issue_types=tuple(catalogue.types.values()),
        priorities=tuple(catalogue.priorities.values()),
        resolutions=tuple(catalogue.resolutions.values()),
        projects=tuple(sorted(catalogue.projects.values(), key=lambda one: str(one["key"]))),
        versions={
            team.container: tuple(
                catalogue.project_version(one.key, team, world.until) for one in team.milestones
            )
            for team in catalogue.teams
        },
        boards=tuple(_board(catalogue, team, boards[team.key]) for team in catalogue.teams),
        sprints={
            boards[team.key]: tuple(
                catalogue.board_sprint(one.key, boards[team.key]) for one in team.sprints
            )
            for team in catalogue.teams
            if team.sprints
        },
        configurations={
            boards[team.key]: _configuration(catalogue, team, boards[team.key])
            for team in catalogue.teams
        },
        users=(account, *_users(catalogue)),
        worklogs=_by_issue(catalogue, time_spent.worklogs),
        removed_worklogs=tuple(
            log for item in catalogue.items.values() for log in time_spent.removed(item)
        ),
        remote_links=_by_issue(catalogue, web_links.of),
    )


def _by_issue(
    catalogue: Catalogue, read: Callable[[Item], list[Json]]
) -> dict[str, tuple[Json, ...]]:
    """Return what items have, by issue id, without those that have none."""
    found = ((catalogue.issue_ids[item.key], read(item)) for item in catalogue.items.values())
    return {number: tuple(values) for number, values in found if values}


def _users(catalogue: Catalogue) -> Iterator[Json]:
    """Yield the users who ever took part in something on the site."""
    keys: dict[str | None, None] = {}
    for item in catalogue.items.values():
        keys[item.reporter] = None
        keys |= dict.fromkeys(event.actor for event in item.events)
        keys |= dict.fromkeys(event.new for event in item.events if event.field == "assignee")
        keys |= dict.fromkeys(log.author for log in item.worklogs)
    for key in keys:
        if user := catalogue.user(key):
            yield user


def login(catalogue: Catalogue) -> Json:
    """Return the login that the demo reads with: an account that nobody works under."""
    account = catalogue.account_id("pmo")
    return {
        "self": catalogue.rest(f"user?accountId={account}"),
        "accountId": account,
        "accountType": "atlassian",
        "emailAddress": "pmo@example.com",
        "displayName": "Portfolio office",
        "active": True,
        "timeZone": ZONE,
        "locale": "en_US",
        "groups": {"size": 1, "items": []},
        "applicationRoles": {"size": 1, "items": []},
    }


def _board(catalogue: Catalogue, team: Team, number: int) -> Json:
    project = catalogue.projects[team.key]
    return {
        "id": number,
        "self": f"{catalogue.url}/rest/agile/1.0/board/{number}",
        "name": f"{team.name} board",
        "type": "scrum" if team.sprints else "kanban",
        "isPrivate": False,
        "location": {
            "projectId": int(project["id"]),
            "projectKey": project["key"],
            "projectName": project["name"],
            "projectTypeKey": "software",
            "displayName": f"{project['name']} ({project['key']})",
            "name": f"{project['name']} ({project['key']})",
        },
    }


def _configuration(catalogue: Catalogue, team: Team, number: int) -> Json:
    columns = [
        {"name": stage.name, "statuses": [{"id": catalogue.statuses[stage.name]["id"]}]}
        for stage in team.stages
    ]
    configuration: dict[str, object] = {
        "id": number,
        "name": f"{team.name} board",
        "type": "scrum" if team.sprints else "kanban",
        "self": f"{catalogue.url}/rest/agile/1.0/board/{number}/configuration",
        "location": {"type": "project", "projectKeyOrId": team.container},
        "filter": {"id": str(10000 + number)},
        "columnConfig": {"columns": columns, "constraintType": "none"},
        "ranking": {"rankCustomFieldId": int(RANK.rpartition("_")[2])},
    }
    if team.sprints:
        field = {"fieldId": POINTS, "displayName": "Story Points"}
        configuration["estimation"] = {"type": "field", "field": field}
    return configuration
