"""The boards of the world's GitHub organization.

One holds the issues of all repositories, one a project holds its epics and what its owner
declared. GitHub keeps no history of a board's dates, numbers, selections and iterations: they are
shown as they are on the world's day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pmo_sync.demo.facts import Item, Team, World, WorldProject
from pmo_sync.demo.github_board_site import (
    Board,
    BoardField,
    BoardItem,
    BoardIteration,
    BoardStatus,
    Declared,
    Draft,
    FieldType,
    Option,
)
from pmo_sync.demo.github_columns import COLUMNS, DONE, WAITING, moves
from pmo_sync.demo.github_names import GithubNames, github_time, node_id, number_of
from pmo_sync.demo.plans import START
from pmo_sync.demo.render_github_pulls import PullRenderer, pull_id

PORTFOLIO = "portfolio"
GOAL = "Goal date"
"""What the boards of projects call an epic's date. It is no due date that is found by itself: those
boards show epics alone, and a board's field is told for all items of its source."""
FORTNIGHT = timedelta(days=14)
_COLORS = dict(zip(COLUMNS, ("GRAY", "YELLOW", "RED", "GREEN"), strict=True))
_PRIORITIES = ("Highest", "High", "Medium", "Low", "Lowest")
_OWN: tuple[tuple[str, FieldType], ...] = (
    ("Title", "TITLE"), ("Assignees", "ASSIGNEES"), ("Labels", "LABELS"),
    ("Linked pull requests", "LINKED_PULL_REQUESTS"), ("Milestone", "MILESTONE"),
    ("Repository", "REPOSITORY"), ("Reviewers", "REVIEWERS"), ("Parent issue", "PARENT_ISSUE"),
    ("Sub-issues progress", "SUB_ISSUES_PROGRESS"), ("Type", "ISSUE_TYPE"),
)  # fmt: skip
_DECLARED: dict[str, Declared] = {
    "on_track": "ON_TRACK", "at_risk": "AT_RISK", "off_track": "OFF_TRACK",
    "complete": "COMPLETE", "inactive": "INACTIVE",
}  # fmt: skip


class BoardRenderer:
    """Puts items on boards."""

    def __init__(
        self, world: World, names: GithubNames, pulls: PullRenderer, teams: list[Team]
    ) -> None:
        self._world = world
        self._names = names
        self._pulls = pulls
        self._teams = teams
        self._now = datetime.combine(world.until, time.max, UTC)
        self._dues = {one.key: one.due for team in teams for one in team.milestones}

    def boards(self) -> Iterator[Board]:
        """Yield the portfolio's board, then one a project."""
        drafts = [draft for team in self._teams for draft in self._drafts(team)]
        items = [item for team in self._teams for item in team.items]
        rows = [*map(self._row, items), *self._open_pulls(items), *drafts]
        started = min((team.started for team in self._teams), default=self._now)
        yield self._board(PORTFOLIO, 1, "Portfolio delivery", started, rows, self._fields())
        for number, team in enumerate(self._teams, start=2):
            yield self._of_project(number, team)

    def _of_project(self, number: int, team: Team) -> Board:
        project = self._project(team)
        rows = [self._row(item, team.key) for item in team.items if item.level > 0]
        title = project.name if project else team.name
        fields = [
            *self._own(team.key),
            _selection(team.key, "Status", COLUMNS),
            _field(team.key, GOAL, "DATE"),
        ]
        statuses = tuple(self._declared(project)) if project else ()
        return self._board(team.key, number, title, team.started, rows, fields, statuses)

    def _project(self, team: Team) -> WorldProject | None:
        """Find the project whose work a team does."""
        for project in self._world.portfolio.projects:
            if any(rule.container == team.container for rule in project.select):
                return project
        return None

    def _board(
        self,
        key: str,
        number: int,
        title: str,
        started: datetime,
        rows: list[BoardItem],
        fields: list[BoardField],
        statuses: tuple[BoardStatus, ...] = (),
    ) -> Board:
        return Board(
            node_id=node_id("PVT", key),
            database_id=number_of(f"board:{key}"),
            owner=self._world.organization,
            number=number,
            title=title,
            created_at=github_time(started),
            updated_at=max([github_time(started), *(row.updated_at for row in rows)]),
            fields=tuple(fields),
            items=tuple(rows),
            statuses=statuses,
        )

    def _own(self, key: str) -> list[BoardField]:
        return [_field(key, name, kind) for name, kind in _OWN]

    def _fields(self) -> list[BoardField]:
        running, over = self._iterations()
        name = node_id("PVTIF", PORTFOLIO)
        return [
            *self._own(PORTFOLIO),
            _selection(PORTFOLIO, "Status", COLUMNS),
            _selection(PORTFOLIO, "Priority", _PRIORITIES),
            _field(PORTFOLIO, "Estimate", "NUMBER"),
            _field(PORTFOLIO, "Start date", "DATE"),
            _field(PORTFOLIO, "Target date", "DATE"),
            BoardField(name, number_of(name), "Iteration", "ITERATION", (), running, over),
        ]

    def _iterations(self) -> tuple[tuple[BoardIteration, ...], tuple[BoardIteration, ...]]:
        """Return (running and the next two, those that are over: the newest first)."""
        running = _iteration_number(self._world.until)
        over = (_iteration(number) for number in range(running - 1, -1, -1))
        ahead = (_iteration(number) for number in range(running, running + 3))
        return tuple(ahead), tuple(over)

    def _row(self, item: Item, board: str = PORTFOLIO) -> BoardItem:
        name = f"{board}:{item.key}"
        path = list(moves(self._names, item))
        finished = path[-1].at if path and path[-1].after == DONE else None
        updated = path[-1].at if path else item.created
        return BoardItem(
            node_id=node_id("PVTI", name),
            database_id=number_of(name),
            kind="ISSUE",
            created_at=github_time(item.created),
            updated_at=github_time(updated),
            content=self._names.node(item.key),
            values=self._filled(item, board, path[-1].after if path else COLUMNS[0]),
            creator=self._names.login(item.reporter),
            archived=finished is not None and self._now - finished > timedelta(days=365),
        )

    def _filled(self, item: Item, board: str, column: str) -> dict[str, str | float]:
        found: dict[str, str | float] = {"Status": _option(board, "Status", column)}
        if target := self._target(item):
            found["Target date" if board == PORTFOLIO else GOAL] = target
        if board != PORTFOLIO:
            return found
        if priority := item.value("priority"):
            found["Priority"] = _option(board, "Priority", priority)
        if points := _noted(item, "points"):
            found["Estimate"] = float(points)
        if start := _noted(item, "start"):
            found["Start date"] = start
        if iteration := self._iteration(item):
            found["Iteration"] = iteration
        return found

    def _target(self, item: Item) -> str | None:
        """An item's own date, else its milestone's."""
        dues = [due for key in item.values("milestone") if (due := self._dues[key])]
        return _noted(item, "due") or (dues[-1].isoformat() if dues else None)

    def _iteration(self, item: Item) -> str | None:
        """What is worked on is in the iteration that runs, what is done in that of its end."""
        path = [one for one in moves(self._names, item) if one.after != COLUMNS[0]]
        if not path or item.level > 0:
            return None
        day = path[-1].at.date() if path[-1].after == DONE else self._world.until
        return _iteration(_iteration_number(day)).id

    def _open_pulls(self, items: Iterable[Item]) -> Iterator[BoardItem]:
        for item in items:
            plan = self._pulls.plan(item)
            if plan is None or plan.closed:
                continue
            name = f"{PORTFOLIO}:pull:{item.key}"
            column = WAITING if item.value("blocked") else COLUMNS[1]
            yield BoardItem(
                node_id=node_id("PVTI", name),
                database_id=number_of(name),
                kind="PULL_REQUEST",
                created_at=github_time(plan.created),
                updated_at=github_time(plan.reviewed or plan.ready or plan.created),
                content=pull_id(item),
                values={"Status": _option(PORTFOLIO, "Status", column)},
                creator=self._names.login(plan.author),
            )

    def _drafts(self, team: Team) -> Iterator[BoardItem]:
        """One idea a component that nobody made an issue of yet."""
        at = github_time(team.started + timedelta(days=3))
        for part in team.components:
            name = f"draft:{team.key}:{part}"
            draft = Draft(node_id("DI", name), f"Idea: what {team.name} needs in {part}", None, at,
                          at)  # fmt: skip
            yield BoardItem(node_id("PVTI", name), number_of(name), "DRAFT_ISSUE", at, at,
                            draft=draft)  # fmt: skip

    def _declared(self, project: WorldProject) -> Iterator[BoardStatus]:
        """Yield what was declared of a project, if the world has declarations."""
        for one in declarations(self._world):
            if one.project == project.name:
                name = f"{project.name}:{one.at.isoformat()}"
                yield BoardStatus(
                    node_id("PVTSU", name), number_of(name), _DECLARED.get(one.level),
                    github_time(one.at), one.text, self._names.login(one.author),
                    project.start.isoformat(),
                    project.target.isoformat() if project.target else None,
                )  # fmt: skip


def declarations(world: World) -> Iterable[Any]:
    """Return what was declared of projects (project, at, author, level, text), oldest first."""
    found: Iterable[Any] = getattr(world, "updates", ())
    return found


def _field(board: str, name: str, kind: FieldType) -> BoardField:
    key = f"{board}:{name}"
    return BoardField(node_id("PVTF", key), number_of(key), name, kind)


def _selection(board: str, name: str, choices: Iterable[str]) -> BoardField:
    key = f"{board}:{name}"
    options = tuple(Option(_option(board, name, one), one, _COLORS.get(one, "BLUE"))
                    for one in choices)  # fmt: skip
    return BoardField(node_id("PVTSSF", key), number_of(key), name, "SINGLE_SELECT", options)


def _option(board: str, field: str, name: str) -> str:
    return f"{number_of(f'{board}:{field}:{name}') % 16**8:08x}"


def _iteration_number(day: date) -> int:
    return (day - _first_monday()) // FORTNIGHT


def _iteration(number: int) -> BoardIteration:
    start = _first_monday() + number * FORTNIGHT
    identity = f"{number_of(f'iteration:{number}') % 16**8:08x}"
    return BoardIteration(identity, f"Iteration {number + 1}", start.isoformat(), FORTNIGHT.days)


def _first_monday() -> date:
    return START - timedelta(days=START.weekday())


def _noted(item: Item, name: str) -> str | None:
    """Return the present value of a field that not every world has facts of."""
    return next((event.new for event in reversed(item.events) if event.field == name), None)
