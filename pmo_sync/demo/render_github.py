"""The world's GitHub teams as a GitHub organization.

A closed item is a closed issue, work in progress is the label ``in progress``, what is blocked
has the label ``blocked``; estimates, dates and priorities are on a board, and in one repository
issue fields too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time

from pmo_sync.demo.facts import Item, Team, World, WorldMilestone
from pmo_sync.demo.github_board_site import Board
from pmo_sync.demo.github_names import (
    BLOCKED,
    IN_PROGRESS,
    REASONS,
    GithubNames,
    github_time,
    node_id,
    number_of,
)
from pmo_sync.demo.github_site import (
    Account,
    GithubIssue,
    GithubMilestone,
    GithubRepository,
    GithubSite,
    TimelineEvent,
)
from pmo_sync.demo.github_timeline import GithubTimelines
from pmo_sync.demo.render_github_boards import PORTFOLIO, BoardRenderer
from pmo_sync.demo.render_github_fields import field_values, issue_fields, keeps_fields
from pmo_sync.demo.render_github_pulls import PullRenderer

VIEWER = "portfolio-office"
_TYPES = {"Story": "Feature", "Bug": "Bug", "Task": "Task", "Epic": "Epic"}


def github_site(world: World, url: str) -> GithubSite:
    """Return the GitHub that shows the world's GitHub teams at an address."""
    teams = [team for team in world.teams if team.tracker == "github"]
    renderer = _Renderer(world, url, teams)
    return GithubSite(
        url=url,
        viewer=VIEWER,
        accounts=tuple(renderer.accounts()),
        repositories=tuple(renderer.repository(team) for team in teams),
        boards=tuple(renderer.boards()),
        issue_fields=issue_fields(),
    )


def github_pages(world: World, url: str) -> dict[str, tuple[str, str]]:
    """Return the address and the title of every GitHub item's page, by item key."""
    return {
        item.key: (issue_page(url, team, item), item.value("title") or item.title)
        for team in world.teams
        if team.tracker == "github"
        for item in team.items
    }


def issue_page(url: str, team: Team, item: Item) -> str:
    """Return the address of an issue's page."""
    return f"{url}/{team.container}/issues/{item.number}"


class _Renderer:
    """Turns teams into repositories; events that touch two issues are noted on both."""

    def __init__(self, world: World, url: str, teams: list[Team]) -> None:
        self._world = world
        self._url = url
        self._names = GithubNames(world, teams)
        self._timelines = GithubTimelines(
            self._names, {team.key for team in teams if keeps_fields(team)}
        )
        self._pulls = PullRenderer(world, self._names, teams, url)
        self._teams = teams

    def boards(self) -> Iterator[Board]:
        """Yield the organization's boards."""
        return BoardRenderer(self._world, self._names, self._pulls, self._teams).boards()

    def accounts(self) -> Iterator[Account]:
        """Yield all accounts that still exist."""
        organization = self._world.organization
        yield Account(
            organization, number_of(organization), node_id("O", organization), "Organization",
            self._world.title,
        )  # fmt: skip
        yield Account(VIEWER, number_of(VIEWER), node_id("U", VIEWER), "User", "Portfolio office")
        for person in self._names.people.values():
            login = self._names.login(person.key)
            if login:
                kind = "Bot" if person.bot else "User"
                name = None if person.bot else person.name
                yield Account(
                    login, number_of(login), node_id(kind[0], login),
                    "Bot" if person.bot else "User", name,
                )  # fmt: skip

    def repository(self, team: Team) -> GithubRepository:
        """Return a team's repository."""
        owner, _, name = team.container.partition("/")
        issues = tuple(self._issue(team, item) for item in team.items)
        last = max((issue.updated_at for issue in issues), default=github_time(team.started))
        return GithubRepository(
            owner=owner,
            name=name,
            database_id=number_of(team.container, 8),
            node_id=node_id("R", team.container),
            url=f"{self._url}/{team.container}",
            created_at=github_time(team.started),
            updated_at=last,
            issues=issues,
            labels=tuple(self._names.label(team.key, label) for label in self._labels(team)),
            milestones=tuple(
                _milestone(one, number) for number, one in enumerate(team.milestones, start=1)
            ),
            description=team.name,
            private=True,
            pulls=tuple(self._pulls.pulls(team)),
        )

    def _labels(self, team: Team) -> list[str]:
        used = {event.new for item in team.items for event in item.events
                if event.field == "label" and event.new}  # fmt: skip
        return sorted({IN_PROGRESS, BLOCKED, *team.components, *used})

    def _issue(self, team: Team, item: Item) -> GithubIssue:
        board = node_id("PVT", PORTFOLIO)
        events = self._timelines.events(item, board, self._pulls.plan(item))
        status = self._names.category(item, item.value("status"))
        closed = status == "done"
        reopened = any(event.type == "ReopenedEvent" for event in events)
        reason = REASONS[item.value("resolution") or "done"] if closed else None
        assignee = self._names.login(item.value("assignee"))
        milestone = item.values("milestone")
        parent = item.value("parent")
        last = max([github_time(item.created), *_touches(events)])
        return GithubIssue(
            node_id=self._names.node(item.key),
            database_id=number_of(item.key, 10),
            number=item.number,
            title=item.value("title") or item.title,
            url=issue_page(self._url, team, item),
            state="CLOSED" if closed else "OPEN",
            state_reason=reason or ("REOPENED" if reopened else None),
            created_at=github_time(item.created),
            updated_at=last,
            closed_at=_last_closing(events) if closed else None,
            author=self._names.login(item.reporter),
            assignees=(assignee,) if assignee else (),
            labels=self._present_labels(item, status),
            milestone=self._milestone_number(team, milestone[-1]) if milestone else None,
            issue_type=_TYPES[item.type],
            parent=self._names.node(parent) if parent else None,
            blocked_by=self._blockers(item),
            events=tuple(events),
            field_values=field_values(item) if keeps_fields(team) else {},
        )  # fmt: skip

    def _blockers(self, item: Item) -> tuple[str, ...]:
        found = (
            self._names.node(other)
            for event, other in self._names.mirrored.get(item.key, ())
            if event.field == "blocks"
        )
        return tuple(dict.fromkeys(found))

    def _milestone_number(self, team: Team, key: str) -> int:
        return [one.key for one in team.milestones].index(key) + 1

    def _present_labels(self, item: Item, category: str) -> tuple[str, ...]:
        labels = {*item.values("label"), *item.values("component")}
        if category == "in_progress":
            labels.add(IN_PROGRESS)
        if item.value("blocked") and category != "done":
            labels.add(BLOCKED)
        return tuple(sorted(labels))


def _touches(events: list[TimelineEvent]) -> Iterator[str]:
    """Yield when an issue was changed; that another thread names it changes nothing of it."""
    for event in events:
        if event.created_at and event.type != "CrossReferencedEvent":
            yield event.created_at


def _last_closing(events: list[TimelineEvent]) -> str | None:
    closings = (event.created_at for event in reversed(events) if event.type == "ClosedEvent")
    return next(closings, None)


def _milestone(one: WorldMilestone, number: int) -> GithubMilestone:
    due = datetime.combine(one.due, time(7), UTC) if one.due else None
    return GithubMilestone(
        node_id=node_id("MI", one.key),
        number=number,
        title=one.name,
        state="CLOSED" if one.released else "OPEN",
        created_at=github_time(one.created),
        updated_at=github_time(one.released or one.created),
        due_on=github_time(due) if due else None,
        closed_at=github_time(one.released) if one.released else None,
    )
