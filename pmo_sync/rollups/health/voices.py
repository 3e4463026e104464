"""Who speaks for a project: the boards and items that its configuration names, else the only one
that can."""

from __future__ import annotations

from collections.abc import Mapping

from pmo_sync.config import Config, Project, Source, Voice
from pmo_sync.config.boards import board_key


def voices(config: Config) -> Mapping[str, tuple[Voice, ...]]:
    """Return by project where trackers hold what is declared of it; a project of which nobody
    speaks there is in it with none."""
    users: dict[str, set[str]] = {}
    for project in config.projects:
        for rule in project.select:
            users.setdefault(rule.source.casefold(), set()).add(project.name)
    return {
        project.name: project.declared or _only_ones(config, project, users)
        for project in config.projects
    }


def _only_ones(
    config: Config, project: Project, users: Mapping[str, set[str]]
) -> tuple[Voice, ...]:
    """Return the epic that all of the project is under; else the board that it consists of, or
    the only board of a source that no other project takes from."""
    rules = project.select
    epics = {(rule.source, rule.epic) for rule in rules}
    if len(epics) == 1 and rules[0].epic:
        return (Voice(rules[0].source, item=rules[0].epic),)
    sources = {rule.source.casefold() for rule in rules}
    source = next((s for s in config.sources if {s.name.casefold()} == sources), None)
    if source is None or not source.boards or source.type == "jira":
        return ()
    return _board_of(source, project, alone=len(users[source.name.casefold()]) == 1)


def _board_of(source: Source, project: Project, *, alone: bool) -> tuple[Voice, ...]:
    boards = [board_key(each) for each in source.boards]
    places = {(rule.container or "").casefold() for rule in project.select}
    if len(places) == 1 and places <= set(boards):
        return (Voice(source.name, board=places.pop()),)
    return (Voice(source.name, board=boards[0]),) if alone and len(boards) == 1 else ()
