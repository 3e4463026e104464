"""The issues of one site, decoded in one pass over a page.

Custom fields have other ids on every site, so the wire type of an issue is made for the site: it
has the fields that are mapped, and what else an issue says is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import msgspec
from msgspec import UNSET, Raw
from msgspec import field as wire
from msgspec.structs import fields as fields_of
from msgspec.structs import replace

from pmo_sync.connectors.decoding import decoder
from pmo_sync.connectors.jira.fields import FieldMap
from pmo_sync.connectors.jira.issue import ParsedIssue, Unread, unread, utc
from pmo_sync.connectors.jira.issue_payloads import Changelog, IssueFields
from pmo_sync.connectors.jira.payloads import Wire

_SYSTEM = {one.encode_name: one.name for one in fields_of(IssueFields)}


class IssueReader:
    """Decodes issues; ``asked`` are the fields that they are to come with."""

    def __init__(self, fields: FieldMap) -> None:
        self.asked = fields.asked()
        ids = dict.fromkeys(one for ids in fields.ids.values() for one in ids)
        own = {field_id: f"own_{n}" for n, field_id in enumerate(ids) if field_id not in _SYSTEM}
        self._issue = _issue_type(own)
        places = _SYSTEM | own
        self._places = [
            (ours, [(places[field_id], field_id) for field_id in ids])
            for ours, ids in fields.ids.items()
        ]
        self._decode_one = decoder(self._issue).decode

    def pages(self, kind: Any) -> Callable[[bytes], Any]:
        """Return what decodes pages of a kind, a generic wire type with ``issues``: those that make
        no sense are ``Unread``, and spoil no other."""
        whole = decoder(kind[self._issue]).decode
        each = decoder(kind[Raw]).decode
        return partial(self._page, whole, each)

    def parse(self, raw: bytes | Raw) -> ParsedIssue:
        """Decode one issue; raise DecodeError or ValueError where it is not one."""
        return self._parsed(self._decode_one(raw))

    def shown(self, issue: ParsedIssue) -> set[str]:
        """Return which of the fields that were asked for the issue came with, empty or not."""
        return {
            field_id
            for _, places in self._places
            for name, field_id in places
            if getattr(issue.fields, name) is not UNSET
        }

    def _page(
        self, whole: Callable[[bytes], Any], each: Callable[[bytes], Any], body: bytes
    ) -> Any:
        try:
            page = whole(body)
            return replace(page, issues=[self._parsed(one) for one in page.issues])
        except (msgspec.ValidationError, ValueError):
            page = each(body)
            return replace(page, issues=list(self._one_by_one(page.issues)))

    def _one_by_one(self, raws: list[Raw]) -> Iterator[ParsedIssue | Unread]:
        for raw in raws:
            try:
                yield self.parse(raw)
            except (msgspec.DecodeError, ValueError) as error:
                yield unread(raw, error)

    def _parsed(self, issue: Any) -> ParsedIssue:
        fields, log, values, used = issue.fields, issue.changelog, {}, {}
        for ours, places in self._places:
            for name, field_id in places:
                value = getattr(fields, name)
                if value is not None and value is not UNSET:
                    # Of the tracker's own fields we know more than their JSON.
                    values[ours] = value if name.startswith("own_") else msgspec.to_builtins(value)
                    used[ours] = field_id
                    break
        histories = log.histories if log else []
        complete = log is not None and len(histories) >= log.total
        return ParsedIssue(
            issue.id, issue.key, fields, values, used, utc(fields.updated), histories, complete
        )


def _issue_type(own: dict[str, str]) -> type[msgspec.Struct]:
    custom = [(name, Any, wire(name=field_id, default=UNSET)) for field_id, name in own.items()]
    fields = msgspec.defstruct("SiteFields", custom, bases=(IssueFields,), frozen=True, gc=False)
    return msgspec.defstruct(
        "SiteIssue",
        [("id", str), ("key", str), ("fields", fields), ("changelog", Changelog | None, None)],
        bases=(Wire,),
        frozen=True,
        gc=False,
    )
