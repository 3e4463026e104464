"""A value as the text of a cell."""

from __future__ import annotations

from datetime import UTC, date, datetime


def plain(value: object) -> str:
    """Write a value: nothing for None, a time in UTC, several values joined by ``; ``."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case tuple() | list():
            return "; ".join(plain(part) for part in value)
        case _:
            return str(value)
