"""Proving a source before its first sync: what a person must mend is a finding, not an error."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from pmo_sync.config import Source
from pmo_sync.connectors.base import Finding
from pmo_sync.connectors.jira.client import JiraClient
from pmo_sync.connectors.jira.failures import RefusedError
from pmo_sync.connectors.jira.fields import KNOWN, map_fields
from pmo_sync.connectors.jira.metadata import NO_SPRINTS, identify
from pmo_sync.connectors.jira.payloads import Board
from pmo_sync.errors import PmoSyncError

WITHOUT = {
    "points": "story points, so scope and velocity in points will say 'no data'",
    "iteration": "sprints, so figures by iteration will say 'no data'",
    "start": "start dates, so planned durations will say 'no data'",
    "flagged": "flags, so blocked items are known by links, statuses and labels only",
}
"""What reports lack where a field is not found."""


def findings(client: JiraClient, source: Source) -> Iterator[Finding]:
    """Look at one thing after the other; stop where the rest could only fail as well."""
    try:
        site, deployment = identify(client, source)
        yield Finding("ok", "site", f"{site.title} ({site.url}), Jira {deployment}")
        me = client.myself()
        yield Finding("ok", "login", me.display_name or me.identity)
        yield from _projects(client, source)
        yield from _fields(client, source)
        yield from _boards(client, source)
    except PmoSyncError as error:
        yield Finding("error", "source", str(error))


def _projects(client: JiraClient, source: Source) -> Iterator[Finding]:
    visible = [project.key for project in client.projects()]
    if not visible:
        yield Finding("error", "projects", "this login can see no project")
    for key in source.projects:
        try:
            allowed = client.may_browse(key)
        except RefusedError:
            allowed = False
        if allowed:
            yield Finding("ok", f"project {key}", "can be read")
        else:
            near = get_close_matches(key.upper(), visible, 3, 0.5)
            hint = f" (nearest: {', '.join(near)})" if near else ""
            yield Finding(
                "error", f"project {key}", f"not found, or 'Browse projects' is missing{hint}"
            )


def _fields(client: JiraClient, source: Source) -> Iterator[Finding]:
    fields = map_fields(client.fields(), source.fields)
    for ours in dict.fromkeys((*KNOWN, *source.fields)):
        if ours in fields.problems:
            yield Finding("error", f"field {ours}", fields.problems[ours])
        elif ours in fields.ids:
            yield Finding("ok", f"field {ours}", ", ".join(fields.ids[ours]))
        elif ours in WITHOUT:
            yield Finding("warning", f"field {ours}", f"the site has no {WITHOUT[ours]}")


def _boards(client: JiraClient, source: Source) -> Iterator[Finding]:
    """Boards that cannot be seen cost sprint dates, nothing else."""
    found: dict[int, Board] = {}
    for project in source.projects or (None,):
        try:
            found.update({board.id: board for board in client.boards(project)})
        except RefusedError as error:
            where = f"boards of {project}" if project else "boards"
            yield Finding("warning", where, f"cannot be seen ({error.status}): no sprint dates")
    names = {name for board in found.values() for name in (board.name, str(board.id))}
    missing = [name for name in source.boards if name not in names]
    if missing:
        yield Finding("warning", "boards", f"not visible: {', '.join(missing)}")
    for board in found.values():
        if board.type not in NO_SPRINTS:
            yield from _board(client, board.id, board.name)


def _board(client: JiraClient, board: int, name: str) -> Iterator[Finding]:
    try:
        client.sprints(board)
    except RefusedError as error:
        if error.status != 400:
            text = f"cannot be seen ({error.status}): its sprints have no dates"
            yield Finding("warning", f"board {name}", text)
