"""One issue as decoded: its fields, those custom ones that the site maps, and its changes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import msgspec
from msgspec import Raw

from pmo_sync.connectors.jira.fields import FieldMap
from pmo_sync.connectors.jira.issue_payloads import (
    Changelog,
    History,
    Issue,
    IssueFields,
    IssueRef,
    RemoteLink,
)
from pmo_sync.connectors.jira.packed import unpacked
from pmo_sync.connectors.jira.payloads import Sprint, User

_ISSUE = msgspec.json.Decoder(Issue)
_FIELDS = msgspec.json.Decoder(IssueFields)
_CUSTOM = msgspec.json.Decoder(dict[str, Raw])
_REF = msgspec.json.Decoder(IssueRef)
_NULL = b"null"


@dataclass(frozen=True, slots=True)
class ParsedIssue:
    """An issue whose histories may still be cut short (see ``complete``)."""

    id: str
    key: str
    fields: IssueFields
    custom: Mapping[str, Raw]
    updated: datetime
    """When Jira says that the issue last changed; a workflow migration does not count."""
    histories: Sequence[History]
    complete: bool
    remote_links: Sequence[RemoteLink] = ()
    """Those that were asked for: see ``remote_links.is_linked``."""

    def with_histories(self, histories: Sequence[History]) -> ParsedIssue:
        """Return the issue with its whole changelog; embedded entries are part of it."""
        return replace(self, histories=[*self.histories, *histories], complete=True)

    def with_remote_links(self, remote_links: Sequence[RemoteLink]) -> ParsedIssue:
        """Return the issue with its links to pages elsewhere."""
        return replace(self, remote_links=remote_links)

    def field_id(self, ours: str, fields: FieldMap) -> str | None:
        """Return which of the site's ids of our field has a value here."""
        for field_id in fields.ids.get(ours, ()):
            if bytes(self.custom.get(field_id, _NULL)) != _NULL:
                return field_id
        return None

    def sprints(self, fields: FieldMap) -> list[Sprint]:
        """List the sprints that the issue is or was in."""
        sprints: list[Sprint | str] | None = self._value("iteration", fields, list[Sprint | str])
        return [unpacked(one) if isinstance(one, str) else one for one in sprints or ()]

    def points(self, fields: FieldMap) -> float | None:
        """Return the story points; also those that the site keeps as text."""
        value: float | str | None = self._value("points", fields, float | str)
        return number(str(value)) if value not in (None, "") else None

    def day(self, ours: str, fields: FieldMap) -> date | None:
        """Return a date field, also where the site keeps it with a time."""
        value: str | None = self._value(ours, fields, str)
        return date.fromisoformat(value[:10]) if value else None

    def flagged(self, fields: FieldMap) -> bool:
        """Say whether any box of the flag field is ticked."""
        return bool(self._value("flagged", fields, bool | list[Raw]))

    def mapped(self, ours: str, fields: FieldMap) -> Any:
        """Return a mapped field as the site keeps it, None where it has no value."""
        return self._value(ours, fields, Any)

    def account(self, ours: str, fields: FieldMap) -> User | None:
        """Return the account that a mapped field holds."""
        user: User | None = self._value(ours, fields, User) if ours in fields.persons else None
        return user

    def epic_key(self, fields: FieldMap) -> str | None:
        """Return the key of the epic where the issue names it by key alone."""
        key: str | None = self._value("parent", fields, str)
        return None if self.fields.parent else key

    def _value(self, ours: str, fields: FieldMap, kind: Any) -> Any:
        """Decode our field's value here as ``kind``, None where it has none."""
        field_id = self.field_id(ours, fields)
        return None if field_id is None else _decoder(kind).decode(self.custom[field_id])


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    """Return what decodes a kind of value: to make one takes longer than to use it."""
    return msgspec.json.Decoder(kind)


def parse(raw: bytes | Raw) -> ParsedIssue:
    """Decode one issue of a search; raise DecodeError or ValueError where it is not one."""
    issue = _ISSUE.decode(raw)
    fields = _FIELDS.decode(issue.fields)
    log = issue.changelog or Changelog(total=1)
    return ParsedIssue(
        issue.id,
        issue.key,
        fields,
        _CUSTOM.decode(issue.fields),
        moment(fields.updated),
        log.histories,
        complete=len(log.histories) >= log.total,
    )


def reference(raw: bytes | Raw) -> IssueRef:
    """Decode as much of a bad payload as names it."""
    try:
        return _REF.decode(raw)
    except msgspec.DecodeError:
        return IssueRef(id="?", key="?")


def moment(text: str | int) -> datetime:
    """Read a time with an offset, or epoch milliseconds, as UTC; raise ValueError for a text
    without offset."""
    if isinstance(text, int):
        return datetime.fromtimestamp(text // 1000, UTC).replace(microsecond=text % 1000 * 1000)
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"a time without an offset: {text!r}")
    return at.astimezone(UTC)


def readable(text: str | None) -> str:
    """Return a text without the NUL characters that some titles end with."""
    return (text or "").replace("\0", "")


def number(text: str) -> float:
    """Read a finite number; raise ValueError."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"not a finite number: {text!r}")
    return value
