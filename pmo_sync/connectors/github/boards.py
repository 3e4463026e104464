"""Reads boards: every row at every sync, for a board's values move no issue's ``updatedAt``.

What a row says is handed over where the row or what it shows has changed; an issue whose row has
changed is read anew, with its timeline, as is what only a board leads to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from pmo_sync.config import Source
from pmo_sync.connectors.base import Progress
from pmo_sync.connectors.decoding import decoder
from pmo_sync.connectors.github import board_queries, issue_queries
from pmo_sync.connectors.github.board import (
    Board,
    board_iterations,
    board_terms,
    column_of,
    declarations,
    draft_id,
    draft_record,
    draft_terms,
    row_values,
    site_of_board,
)
from pmo_sync.connectors.github.board_payloads import FieldValue, Row, RowPage
from pmo_sync.connectors.github.client import GithubClient
from pmo_sync.connectors.github.fields import FieldNames
from pmo_sync.connectors.github.mapping import site_terms
from pmo_sync.connectors.github.pages import RestPage
from pmo_sync.connectors.github.paging import by_id, gather, walk
from pmo_sync.connectors.github.payloads import Connection, When
from pmo_sync.connectors.github.people import People
from pmo_sync.connectors.github.queries import PAGE
from pmo_sync.connectors.github.refusal import advice
from pmo_sync.connectors.github.scope import BoardPlace, board_places
from pmo_sync.connectors.github.shape import Shape
from pmo_sync.connectors.github.story import Notes
from pmo_sync.errors import AccessError
from pmo_sync.model import Batch, ItemRecord, Observation, Sweep, global_id

OVERLAP = timedelta(minutes=2)
"""What changed so shortly before a sync, or during it, is looked at again by the next one."""
WANTED = "boards want Projects: read (a classic token: the scope read:project)"
"""The permission of boards is one of its own."""
BY_ID = 50
"""Issues in one request for single ones."""
FOREIGN = "repositories of boards"
"""Scope of the state that names the repositories that only boards lead to."""
Reader = Callable[[str, Sequence[msgspec.Raw]], Iterable[Batch]]
"""Maps issues of a repository (by name) as a reading of it does."""


class BoardState(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the last complete reading of a board found: the newest change, and the issues on it
    (node id, a blank, native id)."""

    shape: str
    since: When | None = None
    rows: tuple[str, ...] = ()


def open_boards(
    client: GithubClient, source: Source, shape: Shape, names: FieldNames
) -> tuple[list[Board], list[str]]:
    """The boards of the source, one request each, which brings the first page of rows along, and
    why others cannot be read."""
    found, problems = [], []
    for place in board_places(source):
        try:
            found.append(open_board(client, place, shape, names, rows=True))
        except AccessError as error:
            problems.append(str(error))
    return found, problems


def open_board(
    client: GithubClient, place: BoardPlace, shape: Shape, names: FieldNames, *, rows: bool = False
) -> Board:
    """A board and its fields; AccessError where it is not there for this login."""
    query = board_queries.board(shape, rows=rows)
    asked = {"owner": place.owner, "number": place.number}
    try:
        reply = client.ask_once(query, asked, largest=PAGE if rows else None)
    except AccessError as error:
        raise AccessError(f"board {place.key}: {error}; {WANTED}") from None
    owner = reply.data.owner
    if owner is None or owner.board is None:
        raise AccessError(f"board {place.key}: {advice(reply.errors)}; {WANTED}")
    fields = owner.board.fields.members() if owner.board.fields else ()
    return Board(place, owner.board, names.of_board(fields), len(reply.errors))


@dataclass(slots=True)
class BoardsReading:
    """All boards of a source, the one that rules first; ``scope`` names the repositories that are
    read for themselves."""

    client: GithubClient
    source: Source
    shape: Shape
    version: str
    scope: frozenset[str]
    now: datetime
    read_issues: Reader
    progress: Progress
    notes: Notes = field(default_factory=Notes)
    _claimed: dict[str, frozenset[str]] = field(default_factory=dict)
    """Native id -> our fields that a board before has told."""
    _left_one: set[str] = field(default_factory=set)
    """Native ids of what left a board: the next board on which it is has a say now."""
    _foreign: dict[str, set[str]] = field(default_factory=dict)
    """Repository that only boards lead to -> the ids of its issues on them."""

    def batches(
        self, boards: Sequence[Board], state: Mapping[str, str], *, complete: bool
    ) -> Iterator[Batch]:
        """Yield what changed on each board; where they are ``complete``, what is on none of them
        any more has left."""
        for board in boards:
            yield from self._board(board, _state(state.get(_scope(board), ""), self.version))
        if complete:
            yield self._left(boards[0].site, state.get(FOREIGN, ""))
        for note, count in sorted((+self.notes).items()):
            self.progress.step(self.source.name, f"boards: {note}: {count}")

    def _board(self, board: Board, last: BoardState) -> Iterator[Batch]:
        people, site = People(board.site), board.site
        yield Batch(
            sites=(site_of_board(board),),
            terms=(*site_terms(site), *draft_terms(site), *board_terms(board)),
            iterations=tuple(board_iterations(board, self.now.date())),
            status_updates=tuple(declarations(board, people)),
            persons=people.persons(),
        )
        seen = _Seen(last.since or self.now - OVERLAP)
        for rows, total in self._pages(board):
            yield self._page(board, rows, last, seen)
            text = f"{board.place.key}: items"
            self.progress.step(self.source.name, text, seen.count, total)
        yield self._gone(board, last, seen)
        yield from self._issues(seen.stale)
        yield self._swept(board, last, seen)

    def _pages(self, board: Board) -> Iterator[tuple[list[Row], int | None]]:
        query = board_queries.rows(self.shape)
        self.notes["error in a partial answer"] += board.errors
        for page in walk(
            self.client, query, {"board": board.head.id}, _rows, begun=board.head.items
        ):
            self.notes["error in a partial answer"] += len(page.errors)
            yield [self._whole(row) for row in page.nodes if row], page.total

    def _whole(self, row: Row) -> Row:
        """Fetch the values that did not fit into the page."""
        values: Connection[FieldValue] = gather(
            self.client, board_queries.MORE_VALUES, {"id": row.id}, _rest, row.field_values
        )
        return msgspec.structs.replace(row, field_values=values)

    def _page(self, board: Board, rows: Sequence[Row], last: BoardState, seen: _Seen) -> Batch:
        people = People(board.site)
        drafts: list[ItemRecord] = []
        told: list[Observation] = []
        for row in rows:
            seen.newest = max(seen.newest or row.touched, row.touched)
            seen.count += 1
            kind = row.content.typename if row.content else ""
            fresh = last.since is None or row.touched > last.since
            if kind == "DraftIssue":
                seen.drafts.append(draft_id(board, row))
                record = draft_record(board, row, people) if fresh else None
                drafts += [record] if record else []
            elif kind == "Issue" or (kind and self.source.pull_requests == "items"):
                told += self._issue(board, row, seen, fresh=fresh)
            elif not kind:
                self.notes["row that this token may not see"] += 1
        return Batch(items=tuple(drafts), observations=tuple(told), persons=people.persons())

    def _issue(self, board: Board, row: Row, seen: _Seen, *, fresh: bool) -> Iterator[Observation]:
        content = row.content
        native = content.native if content else None
        if content is None or native is None:
            return
        container = content.repository.name_with_owner if content.repository else ""
        claimed = self._claimed.get(native, frozenset())
        self._claimed[native] = claimed | set(board.fields.values())
        if content.typename == "Issue":
            seen.issues.append(f"{content.id} {native}")
            if container not in self.scope:
                self._foreign.setdefault(container, set()).add(global_id(board.site, native))
            told = container in self.scope and row.updated_at <= seen.since
            if fresh and not told:
                seen.stale.append(content.id)
        if fresh or native in self._left_one:
            item_id = global_id(board.site, native)
            for ours, value in row_values(board, row).items():
                if ours not in claimed:
                    yield Observation("item", item_id, ours, value)
            yield Observation("item", item_id, kept_status(board), column_of(board, row) or "")

    def _gone(self, board: Board, last: BoardState, seen: _Seen) -> Batch:
        """What left the board has no values there any more."""
        missing = sorted(set(last.rows) - set(seen.issues))
        told = []
        for node, _, native in (one.partition(" ") for one in missing):
            seen.stale.append(node)
            self._left_one.add(native)
            fields = set(board.fields.values()) - self._claimed.get(native, frozenset())
            item_id = global_id(board.site, native)
            names = (*sorted(fields), kept_status(board))
            told += [Observation("item", item_id, name, None) for name in names]
        return Batch(observations=tuple(told))

    def _issues(self, nodes: Sequence[str]) -> Iterator[Batch]:
        """Read single issues, wherever they are."""
        for page in by_id(self.client, issue_queries.again(self.shape), nodes, size=BY_ID):
            grouped: dict[str, list[msgspec.Raw]] = {}
            for raw in page.members():
                grouped.setdefault(_container(raw), []).append(raw)
            for container, found in grouped.items():
                if container:
                    yield from self.read_issues(container, found)

    def _swept(self, board: Board, last: BoardState, seen: _Seen) -> Batch:
        """What is on the board now is what there is of its drafts."""
        sweep = Sweep(board.site, board.place.key, tuple(sorted(seen.drafts)))
        before = last.since or self.now - OVERLAP
        since = min(seen.newest, self.now - OVERLAP) if seen.newest else before
        since = max(since, last.since) if last.since else since
        state = BoardState(self.version, since, tuple(sorted(seen.issues)))
        text = {} if state == last else {_scope(board): msgspec.json.encode(state).decode()}
        return Batch(sweeps=(sweep,), state=text)

    def _left(self, site: str, before: str) -> Batch:
        """Sweep the repositories that only boards lead to, or led to before."""
        now = sorted(self._foreign)
        named = [name for name in {*before.split(), *now} if name not in self.scope]
        sweeps = tuple(
            Sweep(site, name, tuple(sorted(self._foreign.get(name, ())))) for name in sorted(named)
        )
        text = " ".join(now)
        return Batch(sweeps=sweeps, state={} if text == before else {FOREIGN: text})


@dataclass(slots=True)
class _Seen:
    """What a reading has met so far; issues whose rows changed after ``since`` are stale."""

    since: datetime
    newest: datetime | None = None
    count: int = 0
    issues: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)


def kept_status(board: Board) -> str:
    """The field under which an item's column on each board is kept, whichever rules."""
    return f"status@{board.place.key}"


def _scope(board: Board) -> str:
    return f"board {board.place.key}"


def _state(text: str, version: str) -> BoardState:
    try:
        state = decoder(BoardState).decode(text)
    except msgspec.DecodeError:
        return BoardState(version)
    return state if state.shape == version else BoardState(version)


def _rows(page: RowPage) -> Connection[Row] | None:
    return page.node.items if page.node else None


def _rest(page: RestPage[FieldValue]) -> Connection[FieldValue] | None:
    return page.node.rest if page.node else None


class _Placed(msgspec.Struct, frozen=True, rename="camel"):
    repository: dict[str, str] | None = None


def _container(raw: msgspec.Raw) -> str:
    """The repository that an issue is in; empty where it does not say."""
    try:
        placed = decoder(_Placed).decode(raw)
    except msgspec.DecodeError:
        return ""
    return (placed.repository or {}).get("nameWithOwner", "")
