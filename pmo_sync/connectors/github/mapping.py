"""Payloads to records: pure, no network, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from msgspec import Struct

from pmo_sync.connectors.github.issue_payloads import Issue
from pmo_sync.connectors.github.labels import RANKS, LabelFields, follow
from pmo_sync.connectors.github.links import links_of, named_links
from pmo_sync.connectors.github.members import assignee_rows, label_rows, milestone_rows
from pmo_sync.connectors.github.people import People
from pmo_sync.connectors.github.repository_payloads import Milestone as MilestonePayload
from pmo_sync.connectors.github.repository_payloads import Repository
from pmo_sync.connectors.github.spans import in_order, single_rows
from pmo_sync.connectors.github.story import Notes, Story, story_of
from pmo_sync.connectors.github.timeline import (
    COLUMN,
    DEFAULT_TYPE,
    container_rows,
    parent_rows,
    status_changes,
    title_rows,
    type_name,
    type_rows,
)
from pmo_sync.connectors.github.values import issue_fields
from pmo_sync.model import (
    Category,
    HistoryRow,
    ItemRecord,
    Milestone,
    Observation,
    Person,
    Site,
    Term,
    WorkItem,
    global_id,
)

VERSION = 3
"""Raise it when the same payload gives other records: every store then reads anew, once."""

STATUSES: tuple[tuple[str, str, Category], ...] = (
    ("open", "Open", "todo"),
    ("completed", "Closed as completed", "done"),
    ("not_planned", "Closed as not planned", "dropped"),
    ("duplicate", "Closed as duplicate", "dropped"),
    ("discussion", "Converted to a discussion", "dropped"),
)
_KNOWN = frozenset(status for status, _, _ in STATUSES)


class UnmappableError(ValueError):
    """A payload lacks what an item cannot be without."""


@dataclass(frozen=True, slots=True)
class Context:
    """What an issue does not say of itself: its repository."""

    site: str
    container: str
    repository: str
    restricted: bool
    labels: LabelFields
    milestones: Mapping[str, str] = field(default_factory=dict)
    """Title -> id."""
    issue_fields: Mapping[str, str] = field(default_factory=dict)
    """Name of an issue field, in lower case -> ours."""
    boards: tuple[str, ...] = ()
    """Node ids of the boards whose columns are statuses, the one that rules first."""

    def milestone_id(self, number: int) -> str:
        """A milestone's id: its number in its repository never changes."""
        return global_id(self.site, f"{self.repository}/milestone/{number}")


class Mapped(Struct, frozen=True):
    """An item, and what it brought along."""

    record: ItemRecord
    persons: tuple[Person, ...]
    terms: tuple[Term, ...]
    milestones: tuple[Milestone, ...]
    """Milestones that are only remembered by a title."""
    notes: Notes


def site_of(repository: Repository) -> Site:
    """The installation that a repository is on, by the address that it gives of itself."""
    parts = urlsplit(repository.url)
    return Site(parts.netloc, "github", f"{parts.scheme}://{parts.netloc}", parts.netloc)


def site_terms(site: str) -> tuple[Term, ...]:
    """The words that every GitHub has."""
    statuses = tuple(Term(site, "status", *status) for status in STATUSES)
    return (*statuses, Term(site, "type", DEFAULT_TYPE, DEFAULT_TYPE, rank=0))


def map_milestone(payload: MilestonePayload, context: Context) -> Milestone:
    """One milestone as it is now."""
    return Milestone(
        milestone_id=context.milestone_id(payload.number),
        site=context.site,
        container=context.container,
        name=payload.title,
        state=payload.state.lower(),
        url=_web(payload.url),
        due=payload.due_on.date() if payload.due_on else None,
        finished=payload.closed_at.date() if payload.closed_at else None,
    )


def observe_milestone(milestone: Milestone) -> tuple[Observation, ...]:
    """What may change of a milestone: GitHub keeps no history of it, so we do."""
    due = milestone.due.isoformat() if milestone.due else None
    values = (("name", milestone.name), ("state", milestone.state), ("due", due))
    return tuple(
        Observation("milestone", milestone.milestone_id, name, value) for name, value in values
    )


def map_issue(
    issue: Issue, context: Context, everybody: People | None = None, notes: Notes | None = None
) -> Mapped:
    """One issue with its whole past; raise UnmappableError where it says no id. Whom it names is
    noted in ``everybody``, and what was odd in ``notes``, where these are given."""
    item_id = issue.item_id(context.site)
    if item_id is None:
        raise UnmappableError("the server gives no databaseId")
    people = everybody or People(context.site)
    notes = Notes() if notes is None else notes
    story = story_of(issue, item_id, people, notes)
    made: dict[str, str] = {}
    own = issue_fields(story, context.issue_fields)
    labels = label_rows(story)
    borne = tuple([row.value or "" for row in labels])
    history = [
        *labels,
        *_history(story, context, people, made),
        *_by_labels(story, labels, borne, context.labels),
    ]
    if own.fields:
        history = [*(row for row in history if row.field not in own.fields), *own.rows]
    item = _item(story, context, history)
    links = links_of(story, context.site)
    if "-" in item.title:  # as in every name of another tracker's item
        links += named_links(item)
    record = ItemRecord(item, tuple(history), own.seen, links, empty=own.empty)
    persons = () if everybody else people.persons()
    priorities = own.priorities
    if "priority" not in own.fields:
        priorities = context.labels.priority.written(borne)
    terms = _terms(record, context, priorities)
    return Mapped(record, persons, terms, _remembered(made, context) if made else (), notes)


def _history(
    story: Story, context: Context, people: People, made: dict[str, str]
) -> list[HistoryRow]:
    """What is told of all but labels; of most issues it is little: what is not told is not read."""
    issue, item_id, told = story.issue, story.item_id, story.told
    rows = single_rows(item_id, "status", status_changes(story, context.boards))
    if "title" in told:
        rows += title_rows(story)
    if "type" in told:
        rows += type_rows(story)
    if "container" in told:
        rows += container_rows(story, context.container, _key(issue, context))
    if "parent" in told or issue.parent:
        rows += parent_rows(story, context.site)
    rows += assignee_rows(story, people)
    if "milestone" in told or issue.milestone:
        current = context.milestone_id(issue.milestone.number) if issue.milestone else None
        prefix = global_id(context.site, f"{context.repository}/milestone/titled ")
        rows += milestone_rows(story, context.milestones, current, made, prefix)
    return rows


def _by_labels(
    story: Story, rows: Sequence[HistoryRow], borne: tuple[str, ...], fields: LabelFields
) -> list[HistoryRow]:
    """The rows of the fields that labels carry; ``borne`` are the labels of the rows."""
    made: list[HistoryRow] = []
    for one in (fields.points, fields.priority):
        if changes := follow(rows, borne, one):
            changes = in_order([story.opened(None), *changes])
            made += single_rows(story.item_id, one.name, changes)
    return made


def _item(story: Story, context: Context, history: list[HistoryRow]) -> WorkItem:
    """The issue as it is now; what history knows is read from there, so that they agree."""
    issue = story.issue
    now = {row.field: row.value for row in history if row.valid_to is None}
    points = now.get("points")
    return WorkItem(
        item_id=story.item_id,
        site=context.site,
        key=_key(issue, context),
        container=context.container,
        type=type_name(issue.issue_type),
        rank=1 if issue.sub_issues_summary and issue.sub_issues_summary.total else 0,
        title=issue.title or "",
        status=now["status"] or "",
        created=issue.created_at,
        updated=issue.updated_at,
        url=_web(issue.url),
        priority=now.get("priority"),
        reporter=story.author,
        parent=now.get("parent"),
        points=float(points) if points else None,
        start=_day(now.get("start")),
        due=_day(now.get("due")),
        restricted=context.restricted,
    )


def _terms(record: ItemRecord, context: Context, priorities: Iterable[str]) -> tuple[Term, ...]:
    """The words of an item that not every GitHub has; ``priorities`` as they are written."""
    item, words = record.item, []
    if item.type != DEFAULT_TYPE:
        words.append(_term(item.site, "type", item.type))
    words += [_term(item.site, "priority", written) for written in priorities]
    if item.status not in _KNOWN and not item.status.startswith(COLUMN):
        words.append(_term(item.site, "status", item.status))
    if context.boards:
        words += _column_terms(item.site, record.history)
    return tuple(words)


@lru_cache(maxsize=1_000)
def _term(site: str, field: str, word: str) -> Term:
    if field == "status":
        return Term(site, field, word, word.replace("_", " ").capitalize())
    if field == "priority":
        return Term(site, field, word.casefold(), word, rank=RANKS.get(word.casefold()))
    return Term(site, field, word, word, rank=0)


def column_term(site: str, status: str) -> Term:
    """A column as a word of the site; what it means is policy."""
    return Term(site, "status", status, status.removeprefix(COLUMN))


def _column_terms(site: str, history: Sequence[HistoryRow]) -> list[Term]:
    statuses = {row.value for row in history if row.field == "status" and row.value}
    return [column_term(site, one) for one in sorted(statuses) if one.startswith(COLUMN)]


def _remembered(made: Mapping[str, str], context: Context) -> tuple[Milestone, ...]:
    return tuple(
        Milestone(milestone_id, context.site, context.container, title, "unknown", "")
        for milestone_id, title in made.items()
    )


def _key(issue: Issue, context: Context) -> str:
    return f"{context.container}#{issue.number}"


def _web(url: str) -> str:
    """An address that may become a link; a tracker's text is not trusted to be one."""
    return url if url.startswith(("https://", "http://")) else ""


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
