"""An issue as JSON, put together from parts that were encoded before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pmo_sync.demo.jira_cards import ServedCard
from pmo_sync.demo.jira_site import Json

NOT_NAVIGABLE = frozenset({"comment", "worklog", "attachment", "description", "environment"})
"""What ``*navigable`` leaves out where the site does not describe the field."""


class IssueWriter:
    """Writes a site's issues; ``fields`` are those that it describes, ``names`` those in use."""

    def __init__(self, fields: Iterable[Json], names: Iterable[str]) -> None:
        described = {str(one["id"]): bool(one.get("navigable")) for one in fields}
        self._navigable = tuple(
            name for name in sorted(names) if described.get(name, name not in NOT_NAVIGABLE)
        )

    def write(self, card: ServedCard, wanted: Sequence[str], changelog: int | None) -> bytes:
        """Write one issue with the wanted fields and at most ``changelog`` histories of it."""
        if list(wanted) == ["id"] and changelog is None:
            return b'{"id":"%d"}' % card.id
        parts = [card.head]
        if fields := self._fields(card, wanted):
            parts.append(b',"fields":{' + b",".join(fields) + b"}")
        if changelog is not None:
            parts.append(b',"changelog":' + _embedded(card, changelog))
        return b"".join([*parts, b"}"])

    def _fields(self, card: ServedCard, wanted: Sequence[str]) -> list[bytes]:
        """Return the encoded fields that a list such as ``*navigable,-comment,votes`` names."""
        names: dict[str, None] = {}
        dropped = set()
        for name in wanted:
            if name == "*all":
                names.update(dict.fromkeys(card.fields))
            elif name == "*navigable":
                names.update(dict.fromkeys(self._navigable))
            elif name.startswith("-"):
                dropped.add(name[1:])
            else:
                names[name] = None
        if names.keys() <= {"id", "key"} and dropped:
            names.update(dict.fromkeys(card.fields))
        return [card.fields[name] for name in names if name in card.fields and name not in dropped]


def _embedded(card: ServedCard, limit: int) -> bytes:
    shown = card.embedded[:limit]
    head = b'{"startAt":0,"maxResults":%d,"total":%d,"histories":[' % (
        len(shown),
        len(card.embedded),
    )
    return head + b",".join(shown) + b"]}"
