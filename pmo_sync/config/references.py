"""What the parts of a configuration say of each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pmo_sync import registry
from pmo_sync.config.boards import board_key
from pmo_sync.config.locate import KeyPath
from pmo_sync.config.milestones import check_milestone
from pmo_sync.config.problems import Problems, hint
from pmo_sync.config.schema import Config, PersonConfig, Program, Project

CONNECTORS = "pmo_sync.connectors"
PUBLISHERS = "pmo_sync.publishers"


def check_references(config: Config, problems: Problems) -> None:
    """Note names that are used twice, lead nowhere or in a circle, and what has no effect."""
    _check_unique("sources", [source.name for source in config.sources], problems)
    _check_unique("programs", [program.name for program in config.programs], problems)
    _check_unique("projects", [project.name for project in config.projects], problems)
    _check_unique("people", [person.name for person in config.people], problems)
    _check_types("sources", CONNECTORS, [source.type for source in config.sources], problems)
    _check_types("publish", PUBLISHERS, [target.type for target in config.publish], problems)
    names = _Names(config, problems)
    for index, program in enumerate(config.programs):
        names.check("programs", program.parent, ("programs", index, "parent"))
    _check_cycles(config.programs, problems)
    for index, project in enumerate(config.projects):
        _check_project(project, ("projects", index), names, problems)
    _check_unique("milestones", [milestone.name for milestone in config.milestones], problems)
    for index, milestone in enumerate(config.milestones):
        check_milestone(milestone, ("milestones", index), names.check, problems)
    _check_unique("teams", [team.name for team in config.teams], problems)
    _check_teams(config, problems)
    _check_accounts(config.people, names, problems)
    if not config.sources and not problems.spoilt(("sources",)):
        problems.warning((), "there is no [[sources]]: nothing will be read")


class _Names:
    """The sources, programs and projects that others may refer to."""

    def __init__(self, config: Config, problems: Problems) -> None:
        self._problems = problems
        self._boards = {
            source.name: {board_key(each) for each in source.boards} for source in config.sources
        }
        self._known = {
            "sources": [source.name for source in config.sources if source.name],
            "programs": [program.name for program in config.programs if program.name],
            "projects": [project.name for project in config.projects if project.name],
        }

    def reads(self, source: str, board: str) -> bool:
        """Tell whether a source reads a board; one that is not known is an error of its own."""
        return source not in self._boards or board_key(board) in self._boards[source]

    def check(self, table: str, name: str | None, where: KeyPath) -> None:
        """Note a reference to nothing; unless its table could not be read at all."""
        known = self._known[table]
        if name and name not in known and not self._problems.spoilt((table,)):
            self._problems.error(where, f"no {table[:-1]} is called {name!r}{hint(name, known)}")


def _check_unique(table: str, names: Iterable[str], problems: Problems) -> None:
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        # Filters and select rules compare names without case.
        known = first.setdefault(name.casefold(), index)
        if name and known != index:
            text = f"name {name!r} is taken by {table}[{known + 1}]"
            problems.error((table, index, "name"), text)


def _check_types(table: str, group: str, types: Collection[str], problems: Problems) -> None:
    known = registry.names(group) if types else []
    for index, name in enumerate(types):
        if name and name not in known:
            text = f"unknown {name!r} (known: {', '.join(known)})"
            problems.error((table, index, "type"), text)


def _check_cycles(programs: Iterable[Program], problems: Problems) -> None:
    """Note each circle once, at its first program in the file."""
    parents: dict[str, str | None] = {}
    for program in programs:
        parents.setdefault(program.name, program.parent)
    reported: set[str] = set()
    for index, program in enumerate(programs):
        circle = [program.name]
        while (parent := parents.get(circle[-1])) and parent not in circle:
            circle.append(parent)
        if parent == program.name and program.name not in reported:
            reported.update(circle)
            text = f"programs nest in a circle: {' > '.join(map(repr, [*circle, parent]))}"
            problems.error(("programs", index, "parent"), text)


def _check_project(project: Project, where: KeyPath, names: _Names, problems: Problems) -> None:
    names.check("programs", project.program, (*where, "program"))
    for index, rule in enumerate(project.select):
        names.check("sources", rule.source, (*where, "select", index, "source"))
    for index, voice in enumerate(project.declared):
        names.check("sources", voice.source, (*where, "declared", index, "source"))
        if voice.board and not names.reads(voice.source, voice.board):
            text = f"source {voice.source!r} reads no board {voice.board!r}: add it to its boards"
            problems.warning((*where, "declared", index), text)
    if not project.select and not problems.spoilt((*where, "select")):
        problems.warning(where, "selects nothing: add a [[projects.select]]")
    if project.start and project.target and project.start > project.target:
        text = f"start {project.start} is after target {project.target}"
        problems.error(where, text, "start")


def _check_teams(config: Config, problems: Problems) -> None:
    """Note a team that nobody is in: what it says has no effect."""
    known = sorted({person.team for person in config.people if person.team})
    for index, team in enumerate(config.teams):
        if team.name and team.name not in known and not problems.spoilt(("people",)):
            text = f"no person's team is {team.name!r}{hint(team.name, known)}"
            problems.error(("teams", index, "name"), text)


def _check_accounts(people: Iterable[PersonConfig], names: _Names, problems: Problems) -> None:
    owners: dict[str, int] = {}
    for index, person in enumerate(people):
        for position, account in enumerate(person.accounts):
            where: KeyPath = ("people", index, "accounts", position)
            source, _, login = account.partition(":")
            if account and not (source and login):
                problems.error(where, f"must be written source:login, is {account!r}")
                continue
            names.check("sources", source, where)
            if account and owners.setdefault(account, index) != index:
                text = f"{account!r} is already an account of people[{owners[account] + 1}]"
                problems.error(where, text)
