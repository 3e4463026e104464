"""How each field's values are written in a changelog, as (id, text) -> our value: pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from pmo_sync.connectors.jira.issue import number, readable
from pmo_sync.connectors.jira.words import words
from pmo_sync.model import MAPPED_FIELDS, TARGET_FIELDS, global_id

Read = Callable[[str | None, str | None], str | None]
Members = Callable[[str | None, str | None], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Readers:
    """By our field: one value, or the members that one entry names."""

    single: Mapping[str, Read]
    several: Mapping[str, Members]

    def naming(self, components: Mapping[str, str]) -> Readers:
        """Return readers that know components by id."""

        def named(native: str | None, text: str | None) -> frozenset[str]:
            return _only(components.get(native or "", text or ""))

        return replace(self, several={**self.several, "component": named})


def readers(site: str, projects: Mapping[str, str], persons: Collection[str] = ()) -> Readers:
    """Return what reads each field; ``projects`` are names by id, ``persons`` those of our mapped
    fields that hold an account.

    Empty is null or ``''``. Readers raise ValueError for a number or date that is none.
    """
    single: dict[str, Read] = {
        **dict.fromkeys(("status", "resolution", "priority", "type"), _native),
        **dict.fromkeys(("estimate", "remaining", "spent"), _seconds),
        **dict.fromkeys(("title", "key"), _text),
        **dict.fromkeys(MAPPED_FIELDS, lambda _, text: words(text)),
        **dict.fromkeys(persons, lambda native, _: global_id(site, native) if native else None),
        **dict.fromkeys(("start", "due", *TARGET_FIELDS), _day),
        "points": _points,
        "flagged": _flag,
        "parent": lambda native, text: site_id(site, native) or site_id(site, text),
        "container": lambda native, text: projects.get(native or "", text or None),
    }
    several: dict[str, Members] = {
        "label": lambda _, text: frozenset((text or "").split()),
        "component": lambda _, text: _only(text or ""),
        **dict.fromkeys(("assignee", "milestone"), lambda native, _: _ids(site, [native or ""])),
        "iteration": lambda native, _: _ids(site, (native or "").split(",")),
    }
    return Readers(single, several)


def site_id(site: str, native: str | None) -> str | None:
    """Return the global id for a numeric one; None for what is none."""
    return global_id(site, native) if native and native.isdigit() else None


def _ids(site: str, natives: list[str]) -> frozenset[str]:
    return frozenset(global_id(site, native.strip()) for native in natives if native.strip())


def _only(member: str) -> frozenset[str]:
    return frozenset({member} if member else ())


def _native(native: str | None, _: str | None) -> str | None:
    return native or None


def _text(_: str | None, text: str | None) -> str | None:
    return readable(text) or None


def _flag(native: str | None, text: str | None) -> str | None:
    return "true" if native or text else None


def _seconds(native: str | None, text: str | None) -> str | None:
    value = native or text
    return str(int(value)) if value else None


def _points(_: str | None, text: str | None) -> str | None:
    return repr(number(text)) if text else None


def _day(native: str | None, text: str | None) -> str | None:
    value = native or text
    return date.fromisoformat(value[:10]).isoformat() if value else None
