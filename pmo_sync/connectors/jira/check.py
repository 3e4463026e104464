"""Proving a source before its first sync: what a person must mend is a finding, not an error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Literal

from pmo_sync.config import Source
from pmo_sync.connectors.base import Finding
from pmo_sync.connectors.jira.client import JiraClient
from pmo_sync.connectors.jira.failures import RefusedError
from pmo_sync.connectors.jira.fields import KNOWN, FieldMap, map_fields
from pmo_sync.connectors.jira.issue import ParsedIssue, Unread
from pmo_sync.connectors.jira.metadata import NO_SPRINTS, identify
from pmo_sync.connectors.jira.payloads import Board
from pmo_sync.connectors.jira.reading import IssueReader
from pmo_sync.connectors.jira.remote_links import is_linked
from pmo_sync.connectors.jira.scope import Place, clause_of, query_of
from pmo_sync.connectors.jira.worklogs import UNSEEN
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
        yield from _Checkup(client, source).findings()
    except PmoSyncError as error:
        yield Finding("error", "source", str(error))


class _Checkup:
    """One look at a source; it learns which projects can be read, and which fields items have."""

    def __init__(self, client: JiraClient, source: Source) -> None:
        self._client = client
        self._source = source
        self._readable: list[str] = []
        self._read = 0
        self._present: set[str] = set()
        self._sample: ParsedIssue | None = None
        """An item to ask about its links, one that has some where there is one."""

    def findings(self) -> Iterator[Finding]:
        site, deployment = identify(self._client, self._source)
        yield Finding("ok", "site", f"{site.title} ({site.url}), Jira {deployment}")
        me = self._client.myself()
        yield Finding("ok", "login", me.display_name or me.identity)
        yield from self._projects()
        fields = map_fields(self._client.fields(), self._source.fields)
        yield from self._items(fields)
        yield from self._risks()
        yield from self._links()
        yield from self._worklogs()
        yield from self._fields(fields)
        yield from self._statuses()
        yield from self._boards()

    def _projects(self) -> Iterator[Finding]:
        visible = [project.key for project in self._client.projects()]
        if not visible:
            yield Finding("error", "projects", "this login can see no project: it needs Jira "
                          "access and 'Browse projects' in one")  # fmt: skip
        for key in self._source.projects:
            if self._may_browse(key):
                self._readable.append(key)
                yield Finding("ok", f"project {key}", "can be read")
            else:
                yield Finding("error", f"project {key}", _not_readable(key, visible))
        if not self._source.projects and not self._source.jql:
            self._readable = visible

    def _may_browse(self, key: str) -> bool:
        try:
            return self._client.may_browse(key)
        except RefusedError:
            return False

    def _items(self, fields: FieldMap) -> Iterator[Finding]:
        """Look at a page of each project's items: what is found, and which fields it has."""
        each = [(key,) for key in self._readable] if self._source.projects else [
            tuple(self._readable)]  # fmt: skip
        for keys in each:
            clause = clause_of(self._source, keys)
            if clause:
                subject = f"items of {keys[0]}" if self._source.projects else "items"
                yield self._page(subject, clause, fields)

    def _page(self, subject: str, clause: str, fields: FieldMap) -> Finding:
        reader = IssueReader(fields)
        try:
            page = next(iter(self._client.issues(clause, Place(), reader)), None)
        except RefusedError as error:
            advice = ": correct jql of the source" if self._source.jql else ""
            return Finding("error", subject, f"{error}{advice}")
        return self._seen(subject, reader, page.open() if page else ())

    def _risks(self) -> Iterator[Finding]:
        if not self._source.risk_jql:
            return
        scope = [clause_of(self._source, self._readable), f"({query_of(self._source.risk_jql)})"]
        try:
            page = next(iter(self._client.references(" AND ".join(filter(None, scope)))), ())
        except RefusedError as error:
            yield Finding("error", "risk_jql", f"{error}: correct risk_jql of the source")
        else:
            level: Literal["ok", "warning"] = "ok" if page else "warning"
            yield Finding(level, "risk_jql", f"finds {len(page) or 'no'} risks")

    def _links(self) -> Iterator[Finding]:
        """Where links to pages elsewhere are refused, the first item that has some ends a sync."""
        if not self._source.remote_links or self._sample is None:
            return
        try:
            self._client.remote_links([self._sample.id])
        except RefusedError as error:
            yield Finding("error", "remote links", str(error))
        else:
            yield Finding("ok", "remote links", "can be read")

    def _worklogs(self) -> Iterator[Finding]:
        """Where the site says that they are not to be seen, a sync goes on without."""
        if not self._source.worklogs:
            return
        try:
            next(iter(self._client.changed_worklogs(0)), None)
        except RefusedError as error:
            level: Literal["warning", "error"] = "warning" if error.status in UNSEEN else "error"
            advice = "an administrator can allow it, or set worklogs = false of the source"
            yield Finding(level, "worklogs", f"time noted on items is not read: {error}; {advice}")
        else:
            yield Finding("ok", "worklogs", "can be read")

    def _seen(
        self, subject: str, reader: IssueReader, issues: Sequence[ParsedIssue | Unread]
    ) -> Finding:
        wrong: dict[str, str] = {}
        for issue in issues:
            if isinstance(issue, Unread):
                wrong[issue.key] = issue.reason
            else:
                self._present.update(reader.shown(issue))
                if self._sample is None or is_linked(issue.histories):
                    self._sample = issue
        self._read += len(issues) - len(wrong)
        if not issues:
            return Finding("warning", subject, "none that this login can see: a query or a "
                           "security level may leave none")  # fmt: skip
        if wrong:
            key, mistake = next(iter(wrong.items()))
            text = f"{len(wrong)} of {len(issues)} cannot be read and will be told as rejected"
            return Finding("warning", subject, f"{text}: {key}: {mistake}")
        return Finding("ok", subject, f"{len(issues)} looked at, all can be read")

    def _fields(self, fields: FieldMap) -> Iterator[Finding]:
        for ours in dict.fromkeys((*KNOWN, *self._source.fields)):
            subject, ids = f"field {ours}", fields.ids.get(ours, ())
            if ours in fields.problems:
                yield Finding("error", subject, fields.problems[ours])
            elif ids and self._read and self._present.isdisjoint(ids):
                yield Finding("warning", subject, f"{', '.join(ids)} is hidden from the "
                              f"{self._read} items looked at: an administrator can show it in "
                              "their field configuration and its context")  # fmt: skip
            elif ids:
                yield Finding("ok", subject, ", ".join(ids))
            elif ours in WITHOUT:
                yield Finding("warning", subject, f"the site has no {WITHOUT[ours]}")

    def _statuses(self) -> Iterator[Finding]:
        """Look for what the configuration says of statuses; those of old workflows are no more."""
        if not self._source.statuses:
            return
        statuses = self._client.statuses()
        known = {word.casefold() for one in statuses for word in (one.name, one.id)}
        for name in self._source.statuses:
            if name.casefold() in known:
                yield Finding("ok", f"status {name}", self._source.statuses[name])
            else:
                near = get_close_matches(name, sorted({one.name for one in statuses}), 3, 0.5)
                hint = f" (nearest: {', '.join(near)})" if near else ""
                yield Finding("warning", f"status {name}", f"not on the site{hint}")

    def _boards(self) -> Iterator[Finding]:
        """Boards that cannot be seen cost sprint dates, nothing else."""
        found: dict[int, Board] = {}
        for project in self._source.projects or (None,):
            try:
                found.update({board.id: board for board in self._client.boards(project)})
            except RefusedError as error:
                where = f"boards of {project}" if project else "boards"
                yield Finding("warning", where, f"no sprint dates: {_unseen(error)}")
        names = {name for board in found.values() for name in (board.name, str(board.id))}
        missing = [name for name in self._source.boards if name not in names]
        if missing:
            text = f"not visible: {', '.join(missing)}: share their filters with this login"
            yield Finding("warning", "boards", text)
        for board in found.values():
            if board.type not in NO_SPRINTS:
                yield from self._board(board.id, board.name)

    def _board(self, board: int, name: str) -> Iterator[Finding]:
        try:
            self._client.sprints(board)
        except RefusedError as error:
            if error.status != 400:
                text = f"its sprints have no dates: {_unseen(error)}"
                yield Finding("warning", f"board {name}", text)


def _unseen(error: RefusedError) -> str:
    if error.status == 404:
        return "nothing there (404): this login has no access to Jira Software, or it is not there"
    return str(error)


def _not_readable(key: str, visible: Sequence[str]) -> str:
    near = get_close_matches(key.upper(), visible, 3, 0.5)
    hint = f" (nearest: {', '.join(near)})" if near else ""
    return (
        f"not found, or 'Browse projects' is missing{hint}: a project administrator can grant it "
        "in the permission scheme"
    )
