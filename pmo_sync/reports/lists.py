"""The items behind figures: capped lists that say how to get the rest."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from pmo_sync.frames import Tables
from pmo_sync.frames.tables import records
from pmo_sync.reports.base import ItemList, ItemRow
from pmo_sync.reports.room import Tiers, shared_out
from pmo_sync.reports.words import day
from pmo_sync.rollups.calendar import local_day
from pmo_sync.rollups.measures import Counted, Rows, member_names
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.where.parse import parse
from pmo_sync.rollups.where.syntax import Compare, all_of, fields_of

Names = Mapping[str, Mapping[str, Sequence[str]]]
NAMED = ("assignee", "project")
"""The several-valued fields that a list shows."""
URL_KEYS = 50
"""Keys that fit into a link: a longer address is cut by some browsers and proxies."""


def slug(text: str) -> str:
    """Return an identifier for an HTML anchor; unlike names may still give equal slugs."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "x"


def within(field: str, name: str, where: str) -> str:
    """Return the filter of what ``where`` selects within a project or program."""
    return str(all_of([Compare(field, "=", name), parse(where)]))


def _remarks(row: Mapping[str, Any]) -> Iterable[str]:
    """Say what a list's columns do not; what is left and by when only where a report asked."""
    if row["blocked"]:
        yield "blocked"
    if row.get("went"):
        yield row["went"]
    if row.get("effort") is not None:
        yield f"{row['effort']:,.1f} h left".replace(".0 h", " h")
    if row.get("planned"):
        yield f"planned for {day(row['planned'].date())} ({row['planned_by']})"


class Lists:
    """Collects the lists of one report, so that each figure can name the one that opens it."""

    def __init__(self, tables: Tables, scope: Scope, previous: date) -> None:
        self._tables = tables
        self._scope = scope
        self._previous = previous
        self._sites = {row["site"]: row for row in records(tables["site"])}
        self._asked: dict[str, tuple[str, Counted, str, date]] = {}

    def add(
        self, id: str, title: str, counted: Counted | None, where: str, day: date | None = None
    ) -> str | None:
        """Keep the list of what ``where`` selects as of ``day`` (by default the report's) and
        return its id; None where that is nothing."""
        if counted is None or counted.total == 0:
            return None
        self._asked.setdefault(id, (title, counted, where, day or self._scope.day))
        return id

    def all(self, room: int | None, tiers: Tiers = ()) -> tuple[ItemList, ...]:
        """Return the lists in the order in which they were added, with at most ``room`` rows in
        all (None: each with all that it has); see ``room.shared_out``."""
        sizes = {id: len(counted.first) for id, (_, counted, *_) in self._asked.items()}
        shown = self._shown(shared_out(sizes, room, tiers))
        ids = {row["item_id"] for rows in shown.values() for row in rows}
        names = member_names(self._tables, self._scope, ids, NAMED)
        return tuple(
            ItemList(
                id=id,
                title=title,
                total=counted.total,
                rows=tuple(self._row(row, names) for row in shown[id]),
                command=self._command(where, day),
                tracker_urls=tuple(self._tracker_urls(shown[id])),
            )
            for id, (title, counted, where, day) in self._asked.items()
        )

    def _shown(self, kept: Mapping[str, int]) -> dict[str, list[Mapping[str, Any]]]:
        """Fetch so many rows of each list."""
        asked = {id: self._asked[id][1] for id in kept}
        wanted: dict[Rows, set[int]] = {}
        for id, count in kept.items():
            wanted.setdefault(asked[id].rows, set()).update(asked[id].first[:count])
        known = {rows: rows.at(places) for rows, places in wanted.items()}
        return {
            id: [known[asked[id].rows][place] for place in asked[id].first[:count]]
            for id, count in kept.items()
        }

    def _row(self, row: Mapping[str, Any], names: Names) -> ItemRow:
        return ItemRow(
            key=row["key"],
            url=row["url"] or "",
            title=row["title"],
            project=", ".join(names["project"].get(row["item_id"], ())),
            type=row["type"],
            status=row["status"] or "",
            category=row["category"],
            assignees=tuple(names["assignee"].get(row["item_id"], ())),
            age=int(row["age"]) if row["age"] is not None else None,
            due=row["due"].date() if row["due"] else None,
            updated=self._day(row["updated"]),
            note="; ".join(_remarks(row)),
        )

    def _day(self, instant: datetime | None) -> date | None:
        return local_day(instant, self._scope.timezone.key) if instant else None

    def _command(self, where: str, as_of: date) -> str:
        words = ["pmo-sync", "items", "--as-of", as_of.isoformat()]
        if "change" in where.lower() and "change" in fields_of(parse(where)):
            words += ["--since", self._previous.isoformat()]
        return shlex.join([*words, "--where", where])

    def _tracker_urls(self, rows: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
        by_place: dict[tuple[str, str], list[str]] = {}
        for row in rows:
            site = self._sites.get(row["site"])
            if site:
                place = row["container"] if site["kind"] == "github" else ""
                by_place.setdefault((row["site"], place), []).append(row["key"])
        for (site_id, container), keys in sorted(by_place.items()):
            site = self._sites[site_id]
            if site["kind"] == "github":
                yield f"{container} in GitHub", f"{site['url']}/{container}/issues?q=is%3Aissue"
            else:
                jql = f"key in ({', '.join(keys[:URL_KEYS])})"
                yield (
                    f"{len(keys[:URL_KEYS])} of them in {site['title'] or 'Jira'}",
                    f"{site['url']}/issues/?jql={quote(jql)}",
                )
