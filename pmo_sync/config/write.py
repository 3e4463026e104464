"""The text of a first configuration: commented, in the order of the schema, defaults left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT, InlineTable, Item, Table

from pmo_sync.config.schema import (
    MilestoneConfig,
    PersonConfig,
    Portfolio,
    Program,
    Project,
    Source,
)
from pmo_sync.config.secrets import Secret
from pmo_sync.errors import ConfigError

OPENING = "What pmo-sync reads and how it reports. All keys: docs/configuration.md"
COMMENTS = {
    "portfolio": "The whole that is reported on.",
    "sources": "The trackers. A secret is named here, never written.",
    "programs": "Groups of projects; a program may have a parent.",
    "projects": "Projects as the PMO sees them: what any of the select rules matches.",
    "people": "Who is who: the accounts that are one person, as source:login.",
    "milestones": "What the portfolio waits for, gathered from one or several trackers.",
}
LINE_LENGTH = 100


def render_first(
    *,
    portfolio: Portfolio,
    sources: Iterable[Source],
    programs: Iterable[Program] = (),
    projects: Iterable[Project] = (),
    people: Iterable[PersonConfig] = (),
    milestones: Iterable[MilestoneConfig] = (),
) -> str:
    """Return TOML that ``load`` reads back as the same; raise ConfigError for an inline secret."""
    document = tomlkit.document()
    document.add(tomlkit.comment(OPENING))
    document.add("portfolio", _commented(_table(_given(portfolio, defaults=True)), "portfolio"))
    several: Mapping[str, Iterable[object]] = {
        "sources": sources,
        "programs": programs,
        "projects": projects,
        "people": people,
        "milestones": milestones,
    }
    for key, rows in several.items():
        tables = [_table(_given(row)) for row in rows]
        if tables:
            _commented(tables[0], key)
            document.add(key, AoT(tables))
    return tomlkit.dumps(document)


def _commented(table: Table, key: str) -> Table:
    """Put the section's comment on the lines above the table's header."""
    table.trivia.indent = f"\n# {COMMENTS[key]}\n"
    return table


def _table(values: Mapping[str, object]) -> Table:
    table = tomlkit.table()
    for key, value in values.items():
        table.add(key, _item(value, LINE_LENGTH - len(f"{key} = ")))
    return table


def _given(record: Any, *, defaults: bool = False) -> dict[str, Any]:
    """Return the keys to write: those that differ from their default, or all that have a value."""
    values = {
        field.name: (getattr(record, field.name), _default(field)) for field in fields(record)
    }
    return {
        key: value
        for key, (value, default) in values.items()
        if (value is not None if defaults else value != default)
    }


def _default(field: Field[Any]) -> Any:
    """Return the default of a key; one that is required has none, and equals no value."""
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _item(value: object, room: int) -> Item:
    """Write a value, a list of tables or a long list over several lines."""
    if isinstance(value, tuple):
        array = tomlkit.array()
        array.extend(_item(member, room) for member in value)
        rows = bool(value) and is_dataclass(value[0])
        return array.multiline(rows or len(array.as_string()) > room)
    if isinstance(value, Secret):
        return _inline(_reference(value))
    if isinstance(value, Mapping):
        return _inline(value)
    if is_dataclass(value):
        return _inline(_given(value))
    return tomlkit.item(str(value) if isinstance(value, Path) else value)


def _inline(values: Mapping[str, object]) -> InlineTable:
    table = tomlkit.inline_table()
    for key, value in values.items():
        table.add(key, tomlkit.item(value))
    return table


def _reference(secret: Secret) -> dict[str, str]:
    if secret.kind == "inline":
        raise ConfigError(f"{secret.where or 'secret'}: is not written into a file: name its place")
    return {secret.kind: secret.reference}
