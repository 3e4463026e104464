"""A Jira site's issues prepared for serving: each field and history encoded once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pmo_sync.demo.http import encode
from pmo_sync.demo.jira_cards import ServedCard
from pmo_sync.demo.jira_columns import Columns
from pmo_sync.demo.jira_site import JiraSite, Json
from pmo_sync.demo.jira_writing import IssueWriter
from pmo_sync.demo.jql_query import Query, key_order


@dataclass(frozen=True, slots=True)
class History:
    """One entry of a changelog; ``created`` for order, ``bulk`` with epoch milliseconds."""

    created: datetime
    number: int
    body: bytes
    bulk: bytes
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class JiraCard:
    """One issue: what queries ask of it, and its parts as JSON."""

    issue: Json
    id: int
    key: str
    key_order: tuple[str, int]
    project: frozenset[str]
    created: datetime
    updated: datetime
    summary: str
    status: str
    head: bytes
    fields: Mapping[str, bytes]
    embedded: tuple[bytes, ...]
    """Histories in the order that search embeds them."""
    histories: tuple[History, ...]
    """Histories oldest first."""


def jira_time(text: str) -> datetime:
    """Read a time as Jira writes it: 2026-03-01T09:12:13.123+0200."""
    return datetime.fromisoformat(text)


def _history(entry: Json) -> History:
    created = jira_time(entry["created"])
    bulk = {**entry, "created": int(created.timestamp() * 1000)}
    fields = frozenset(str(item.get("fieldId") or item["field"]) for item in entry["items"])
    return History(created, int(entry["id"]), encode(entry), encode(bulk), fields)


def card_of(issue: Json) -> JiraCard:
    """Encode an issue's parts, once."""
    values = issue["fields"]
    project = values["project"]
    entries = issue.get("changelog", {}).get("histories", ())
    histories = [_history(entry) for entry in entries]
    head = {name: issue[name] for name in ("expand", "id", "self", "key") if name in issue}
    return JiraCard(
        issue=issue,
        id=int(issue["id"]),
        key=issue["key"],
        key_order=key_order(issue["key"]),
        project=frozenset(str(project[name]).casefold() for name in ("id", "key", "name")),
        created=jira_time(values["created"]),
        updated=jira_time(values["updated"]),
        summary=str(values.get("summary")),
        status=str(values["status"]["name"]),
        head=encode(head)[:-1],
        fields={name: encode(name) + b":" + encode(value) for name, value in values.items()},
        embedded=tuple(history.body for history in histories),
        histories=tuple(sorted(histories, key=lambda one: (one.created, one.number))),
    )


def _same(issue: Json, card: JiraCard | None) -> JiraCard:
    return card if card and card.issue == issue else card_of(issue)


class JiraIndex:
    """The issues of a site, found by id, key or query, and written as JSON.

    What is as it was in an ``earlier`` index is not written anew.
    """

    def __init__(self, site: JiraSite, earlier: JiraIndex | None = None) -> None:
        known = {card.issue["id"]: card for card in earlier.cards} if earlier else {}
        self.cards: tuple[JiraCard, ...] = tuple(
            _same(issue, known.get(issue["id"])) for issue in site.issues
        )
        self._columns = Columns()
        for card in self.cards:
            self._columns.add(card)
        self._by_id = {str(card.id): card for card in self.cards}
        self._by_key = {card.key: card for card in self.cards}
        names = {name for card in self.cards for name in card.fields}
        self._writer = IssueWriter(site.fields, names)

    def find(self, id_or_key: str) -> JiraCard | None:
        """Find an issue by its id or its key."""
        return self._by_id.get(id_or_key) or self._by_key.get(id_or_key.upper())

    def select(self, query: Query) -> list[JiraCard]:
        """Return all issues that match, in the query's order; ties by id, newest first."""
        return [self.cards[row] for row in self._columns.select(query)]

    def page(
        self, query: Query, after: list[Any], size: int
    ) -> tuple[list[JiraCard], list[Any] | None]:
        """Return so many that come after a place (empty: from the start), and the place of the
        last one; None where no more come."""
        rows, last = self._columns.page(self._columns.select(query), query.order, after, size)
        return [self.cards[row] for row in rows], last

    def write(self, card: ServedCard, wanted: Sequence[str], changelog: int | None) -> bytes:
        """Write one issue with the wanted fields and at most ``changelog`` histories of it."""
        return self._writer.write(card, wanted, changelog)


def join(items: Iterable[bytes]) -> bytes:
    """Return a JSON array of encoded values."""
    return b"[" + b",".join(items) + b"]"
