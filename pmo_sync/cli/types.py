"""What options may be: read, checked and refused in one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

FORMATS = ("html", "json")
YEARS = (1970, 2100)
"""What a day may be: reports look back from it, and no tracker is older."""


class Day(click.ParamType[date]):
    """A calendar day."""

    name = "date"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Read an ISO date."""
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day (expected e.g. 2026-03-31)", param, ctx)
        if not YEARS[0] <= day.year <= YEARS[1]:
            self.fail(f"{value!r} is not between {YEARS[0]} and {YEARS[1]}", param, ctx)
        return day


class Zone(click.ParamType[str]):
    """A time zone that is known."""

    name = "zone"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what a configuration would be refused for."""
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # absent, no relative path, a folder
            self.fail(f"unknown time zone {value!r} (write one like Europe/Paris)", param, ctx)
        return value


class Url(click.ParamType[str]):
    """The address of a tracker; empty is no tracker."""

    name = "url"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read an address as people know it, with or without ``https://``."""
        url = value if "://" in value or not value else f"https://{value}"
        try:
            parts = urlsplit(url)
        except ValueError:
            self.fail("is no valid URL", param, ctx)
        if "@" in parts.netloc:
            self.fail("must not hold a user or password", param, ctx)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname):
            self.fail("must be a URL like https://tracker.example.com", param, ctx)
        return url


class Names(click.ParamType[tuple[str, ...]]):
    """One or more names, separated by commas; ``known`` are what they may be, where that is not
    said by whoever uses them."""

    name = "names"

    def __init__(self, known: Sequence[str] = ()) -> None:
        self._known = known

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Read names."""
        names = tuple(part.strip() for part in str(value).split(",") if part.strip())
        for name in names:
            if self._known and name not in self._known:
                self.fail(f"{name!r} is not known (known: {', '.join(self._known)})", param, ctx)
        return names or self.fail("names nothing", param, ctx)


def named(given: Iterable[Sequence[str]]) -> list[str]:
    """Return the names of a repeatable option of ``Names``, each once."""
    return list(dict.fromkeys(name for names in given for name in names))
