"""One issue as decoded: its fields, those of its own that the site maps, and its changes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from pmo_sync.connectors.decoding import decoder
from pmo_sync.connectors.jira.issue_payloads import (
    History,
    IssueFields,
    IssueRef,
    ParentLink,
    RemoteLink,
)
from pmo_sync.connectors.jira.packed import unpacked
from pmo_sync.connectors.jira.payloads import Sprint, User

_REF = msgspec.json.Decoder(IssueRef)
for _kind in (Sprint, User, ParentLink):
    decoder(_kind)  # which makes them known before threads convert to them: see decoding.py


class ParsedIssue(Struct, frozen=True, gc=False):
    """An issue whose histories may still be cut short (see ``complete``)."""

    id: str
    key: str
    fields: IssueFields
    values: Mapping[str, Any]
    """Our mapped field -> what the site keeps there, as JSON; those that have a value."""
    used: Mapping[str, str]
    """Our mapped field -> which of the site's ids of it has that value."""
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

    def sprints(self) -> list[Sprint]:
        """List the sprints that the issue is or was in."""
        found = self.values.get("iteration") or ()
        if not isinstance(found, list | tuple):
            raise ValueError(f"iteration: not a list of sprints: {found!r}")
        return [
            unpacked(one) if isinstance(one, str) else msgspec.convert(one, Sprint) for one in found
        ]

    def points(self) -> float | None:
        """Return the story points; also those that the site keeps as text."""
        value = self.values.get("points")
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError(f"points: not a number: {value!r}")
        return number(str(value))

    def day(self, ours: str) -> date | None:
        """Return a date field, also where the site keeps it with a time."""
        value = self.text(ours)
        return date.fromisoformat(value[:10]) if value else None

    def flagged(self) -> bool:
        """Say whether any box of the flag field is ticked."""
        value = self.values.get("flagged", False)
        if not isinstance(value, bool | list):
            raise ValueError(f"flagged: neither a list nor true or false: {value!r}")
        return bool(value)

    def account(self, ours: str) -> User | None:
        """Return the account that a mapped field holds."""
        value = self.values.get(ours)
        return None if value is None else msgspec.convert(value, User)

    def epic_key(self) -> str | None:
        """Return the key of the epic, or of what is above one, where it is named by key alone."""
        if self.fields.parent:
            return None
        value = self.values.get("parent")
        if isinstance(value, dict):
            link = msgspec.convert(value, ParentLink)
            return link.data.key if link.data else None
        return self.text("parent")

    def text(self, ours: str) -> str | None:
        """Return a mapped field that is a text; raise ValueError for one that is none."""
        value = self.values.get(ours)
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{ours}: not a text: {value!r}")
        return value


class Unread(Struct, frozen=True, gc=False):
    """An issue that makes no sense, with as much as names it, and why."""

    id: str
    key: str
    reason: str


def unread(raw: bytes | Raw, error: Exception) -> Unread:
    """Take note of a bad payload."""
    bad = reference(raw)
    return Unread(bad.id, bad.key, str(error))


def reference(raw: bytes | Raw) -> IssueRef:
    """Decode as much of a bad payload as names it."""
    try:
        return _REF.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return IssueRef(id="?", key="?")


def utc(at: datetime | int) -> datetime:
    """Return a time with an offset, or epoch milliseconds, as UTC."""
    if isinstance(at, int):
        return datetime.fromtimestamp(at // 1000, UTC).replace(microsecond=at % 1000 * 1000)
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def moment(text: str) -> datetime:
    """Read a time with an offset as UTC; raise ValueError for one without."""
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
