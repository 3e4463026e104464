"""One Jira issue in a file: how it is written down, and read when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from pmo_sync.demo.http import encode
from pmo_sync.demo.jira_columns import Columns, Row
from pmo_sync.demo.jira_index import History, JiraCard
from pmo_sync.demo.jira_site import Json
from pmo_sync.demo.jql_query import EPOCH, MILLISECOND


class Packed(msgspec.Struct, array_like=True):
    """An issue in the file. A history is its time (epoch milliseconds), that time as it is
    written, its number, its place in ``embedded``, its fields."""

    head: bytes
    fields: dict[str, bytes]
    summary: str
    status: str
    embedded: list[bytes]
    histories: list[tuple[int, bytes, int, int, list[str]]]


_DECODER = msgspec.msgpack.Decoder(Packed)


def pack(issue: Json, card: JiraCard) -> bytes:
    """Write an issue down as the file keeps it."""
    entries = issue.get("changelog", {}).get("histories", ())
    told = {int(entry["id"]): (place, entry["created"]) for place, entry in enumerate(entries)}
    histories = []
    for one in card.histories:
        place, created = told[one.number]
        at = (one.created - EPOCH) // MILLISECOND
        written = b'"created":' + encode(created)
        histories.append((at, written, one.number, place, sorted(one.fields)))
    parts = Packed(
        card.head, dict(card.fields), card.summary, card.status, list(card.embedded), histories
    )
    return msgspec.msgpack.encode(parts)


def unpack(body: bytes) -> Packed:
    """Read what ``pack`` wrote."""
    return _DECODER.decode(body)


class SpooledCard(Row):
    """One issue; its parts are read from the file once they are asked for."""

    __slots__ = ("_packed", "_read")

    def __init__(self, columns: Columns, row: int, read: Callable[[int], Packed]) -> None:
        super().__init__(columns, row)
        self._read = read
        self._packed: Packed | None = None

    @property
    def _parts(self) -> Packed:
        if self._packed is None:
            self._packed = self._read(self.row)
        return self._packed

    @property
    def summary(self) -> str:
        """The issue's title."""
        return self._parts.summary

    @property
    def status(self) -> str:
        """The name of the issue's status."""
        return self._parts.status

    @property
    def head(self) -> bytes:
        """The issue's own names as an object that is not closed."""
        return self._parts.head

    @property
    def fields(self) -> Mapping[str, bytes]:
        """Each field's name and value, by its name."""
        return self._parts.fields

    @property
    def embedded(self) -> Sequence[bytes]:
        """Histories in the order that search embeds them."""
        return self._parts.embedded

    @property
    def histories(self) -> Sequence[History]:
        """Histories oldest first."""
        parts = self._parts
        return [
            History(
                EPOCH + at * MILLISECOND, number, parts.embedded[place],
                parts.embedded[place].replace(written, b'"created":%d' % at, 1),
                frozenset(fields),
            )
            for at, written, number, place, fields in parts.histories
        ]  # fmt: skip
