"""One board as records: its iterations, what was declared of it, the values of its rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from pmo_sync.connectors.github.board_payloads import (
    BoardField,
    BoardHead,
    Declared,
    FieldValue,
    IterationSpan,
    Row,
)
from pmo_sync.connectors.github.fields import STATUS
from pmo_sync.connectors.github.mapping import column_term
from pmo_sync.connectors.github.people import People
from pmo_sync.connectors.github.scope import BoardPlace
from pmo_sync.connectors.github.timeline import OPEN, column_status
from pmo_sync.connectors.github.values import Said, observations, priority_term, value_of
from pmo_sync.model import (
    DeclaredLevel,
    HistoryRow,
    ItemRecord,
    Iteration,
    Site,
    StatusUpdate,
    Term,
    WorkItem,
    global_id,
)
from pmo_sync.policy import WELL_KNOWN_STATUSES

DRAFT = "Draft"
ARCHIVED = "archived"
LEVELS: Mapping[str, DeclaredLevel] = {
    "ON_TRACK": "on_track",
    "AT_RISK": "at_risk",
    "OFF_TRACK": "off_track",
    "COMPLETE": "complete",
    "INACTIVE": "inactive",
}


@dataclass(frozen=True, slots=True)
class Board:
    """A board, which of its fields are ours (id -> our field), and how much of it the server could
    not give."""

    place: BoardPlace
    head: BoardHead
    fields: Mapping[str, str]
    errors: int = 0

    @property
    def site(self) -> str:
        """The installation that it is on."""
        return urlsplit(self.head.url).netloc

    @property
    def status_field(self) -> BoardField | None:
        """The field that its columns are of."""
        known = self.head.fields.members() if self.head.fields else ()
        return next((one for one in known if one.name == STATUS and one.options is not None), None)

    def iteration_id(self, native: str) -> str:
        """An iteration's id: its own is unique within its field alone."""
        return global_id(self.site, f"{self.head.id}/iteration/{native}")


def site_of_board(board: Board) -> Site:
    """The installation by the address that a board gives of itself."""
    parts = urlsplit(board.head.url)
    return Site(parts.netloc, "github", f"{parts.scheme}://{parts.netloc}", parts.netloc)


def board_terms(board: Board) -> Iterator[Term]:
    """Its columns, and its priorities in their order."""
    for option in (board.status_field.options or ()) if board.status_field else ():
        yield column_term(board.site, column_status(option.name))
    for field in board.head.fields.members() if board.head.fields else ():
        if board.fields.get(field.id) == "priority":
            for place, option in enumerate(field.options or ()):
                word = option.name.strip().casefold()
                yield priority_term(board.site, word, option.name, place)


def board_iterations(board: Board, today: date) -> Iterator[Iteration]:
    """The iterations of the field that is ours, those that are over too."""
    for field in board.head.fields.members() if board.head.fields else ():
        if board.fields.get(field.id) == "iteration" and field.configuration:
            for span in field.configuration.iterations:
                yield _iteration(board, span, today, over=False)
            for span in field.configuration.completed_iterations:
                yield _iteration(board, span, today, over=True)


def _iteration(board: Board, span: IterationSpan, today: date, *, over: bool) -> Iteration:
    start = span.start_date
    end = start + timedelta(days=span.duration) if start else None
    begun = start is not None and start <= today
    return Iteration(
        iteration_id=board.iteration_id(span.id),
        site=board.site,
        name=span.title,
        state="closed" if over else "active" if begun else "future",
        board=board.head.title,
        start=_midnight(start),
        end=_midnight(end),
        completed=_midnight(end) if over else None,
    )


def declarations(board: Board, people: People) -> Iterator[StatusUpdate]:
    """What was declared of it; an update without a time cannot be placed."""
    for one in board.head.status_updates.members() if board.head.status_updates else ():
        if one.created_at is not None:
            yield _declaration(board, one, one.created_at, people)


def _declaration(board: Board, one: Declared, at: datetime, people: People) -> StatusUpdate:
    return StatusUpdate(
        update_id=global_id(board.site, one.id),
        site=board.site,
        board=board.place.key,
        board_title=board.head.title,
        level=LEVELS.get(one.status or ""),
        text=one.body or "",
        created=at,
        author=people.id_of(one.creator),
        start=one.start_date,
        target=one.target_date,
        url=board.head.url,
        restricted=not board.head.public,
    )


def column_of(board: Board, row: Row) -> str | None:
    """The name of the column that a row stands in."""
    field = board.status_field
    for value in _values(row):
        if field and value.field and value.field.id == field.id:
            return value.name
    return None


def row_values(board: Board, row: Row) -> dict[str, str | None]:
    """Our field -> its value on this board, None where there is none."""
    found: dict[str, str | None] = dict.fromkeys(board.fields.values())
    for value in _values(row):
        ours = board.fields.get(value.field.id) if value.field else None
        if ours == "iteration":
            found[ours] = board.iteration_id(value.iteration_id) if value.iteration_id else None
        elif ours:
            found[ours] = value_of(ours, Said(value.name or value.text, value.number, value.date))
    return found


def draft_id(board: Board, row: Row) -> str:
    """A draft's id: that of its row, which stays when it becomes an issue."""
    return global_id(board.site, f"draft/{row.full_database_id or row.id}")


def draft_record(board: Board, row: Row, people: People) -> ItemRecord | None:
    """A draft as an item of its board; None where its content says too little. GitHub keeps no
    history of it: what it says is observed."""
    draft = row.content
    if draft is None or draft.created_at is None:
        return None
    item_id, updated = draft_id(board, row), row.touched
    status = draft_status(board, row)
    reporter = people.id_of(draft.creator)
    item = WorkItem(
        item_id=item_id,
        site=board.site,
        key=f"{board.place.key}#{row.full_database_id or row.id}",
        container=board.place.key,
        type=DRAFT,
        rank=0,
        title=draft.title or "",
        status=status,
        created=draft.created_at,
        updated=updated,
        url=board.head.url,
        reporter=reporter,
        restricted=not board.head.public,
    )
    seen = observations(item_id, {"status": status, **row_values(board, row)})
    assignees = draft.assignees.members() if draft.assignees else ()
    members = dict.fromkeys(filter(None, map(people.id_of, assignees)))
    since = draft.updated_at or draft.created_at
    rows = tuple(HistoryRow("item", item_id, "assignee", one, since) for one in members)
    return ItemRecord(item, rows, seen)


def draft_status(board: Board, row: Row) -> str:
    """The column that it stands in; of an archived one that was not done: archived."""
    column = column_of(board, row)
    done = column is not None and WELL_KNOWN_STATUSES.get(column.casefold()) == "done"
    if row.is_archived and not done:
        return ARCHIVED
    return column_status(column) if column else OPEN


def draft_terms(site: str) -> tuple[Term, ...]:
    """The words that drafts bring along."""
    return (
        Term(site, "type", DRAFT, DRAFT, rank=0),
        Term(site, "status", ARCHIVED, "Archived", "dropped"),
    )


def _values(row: Row) -> Iterable[FieldValue]:
    return row.field_values.members() if row.field_values else ()


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None
