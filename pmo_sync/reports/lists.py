"""The items behind figures: capped lists that say how to get the rest."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from pmo_sync.frames import Tables
from pmo_sync.frames.tables import records
from pmo_sync.reports.base import ItemList, ItemRow
from pmo_sync.reports.words import day
from pmo_sync.rollups.calendar import local_day
from pmo_sync.rollups.measures import Counted, member_names
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.where.parse import parse
from pmo_sync.rollups.where.syntax import Compare, all_of, fields_of

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
    if row.get("effort") is not None:
        yield f"{row['effort']:,.1f} h left".replace(".0 h", " h")
    if row.get("planned"):
        yield f"planned for {day(row['planned'].date())} ({row['planned_by']})"


class Lists:
    """Collects the lists of one report, so that each figure can name the one that opens it."""

    def __init__(self, tables: Tables, scope: Scope, previous: date) -> None:
        self._scope = scope
        self._previous = previous
        self._sites = {row["site"]: row for row in records(tables["site"])}
        self._found: dict[str, ItemList] = {}

    def add(self, id: str, title: str, counted: Counted | None, where: str) -> str | None:
        """Keep the list of what ``where`` selects and return its id; None where that is nothing."""
        if counted is None or counted.total == 0:
            return None
        if id not in self._found:
            self._found[id] = ItemList(
                id=id,
                title=title,
                total=counted.total,
                rows=tuple(self._rows(counted.rows)),
                command=self._command(where),
                tracker_urls=tuple(self._tracker_urls(counted.rows)),
            )
        return id

    def all(self) -> tuple[ItemList, ...]:
        """Return the lists in the order in which they were added."""
        return tuple(self._found.values())

    def _rows(self, rows: Iterable[Mapping[str, Any]]) -> Iterable[ItemRow]:
        found = list(rows)
        ids = [row["item_id"] for row in found]
        assignees = member_names(self._scope, ids, "assignee") if ids else {}
        projects = member_names(self._scope, ids, "project") if ids else {}
        for row in found:
            yield ItemRow(
                key=row["key"],
                url=row["url"] or "",
                title=row["title"],
                project=", ".join(projects.get(row["item_id"], ())),
                type=row["type"],
                status=row["status"],
                category=row["category"],
                assignees=tuple(assignees.get(row["item_id"], ())),
                age=int(row["age"]) if row["age"] is not None else None,
                due=row["due"].date() if row["due"] else None,
                updated=self._day(row["updated"]),
                note="; ".join(_remarks(row)),
            )

    def _day(self, instant: datetime | None) -> date | None:
        return local_day(instant, self._scope.timezone.key) if instant else None

    def _command(self, where: str) -> str:
        words = ["pmo-sync", "items", "--as-of", self._scope.day.isoformat()]
        if "change" in fields_of(parse(where)):
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
