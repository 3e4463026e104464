"""What a value must look like for each kind of field, and what it is then."""

from __future__ import annotations

import re
from datetime import date
from typing import cast

from pmo_sync.rollups.where.fields import CATEGORY_VALUES, Field, Kind
from pmo_sync.rollups.where.syntax import Relative, Unit, Value

_DATE = "a date such as 2026-03-01, today, -90d, +2w, -3m or -1y"
EXPECTED: dict[Kind, str] = {
    "text": "a text that is not empty",
    "category": "a category",
    "moment": _DATE,
    "day": _DATE,
    "number": "a number such as 30 or 2.5 (up to 12 digits and 4 decimals)",
    "flag": "true or false",
}
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""The years that every engine's timestamps can hold; a relative date may go 100 years far."""
MAX_AMOUNT: dict[Unit, int] = {"d": 36_500, "w": 5_200, "m": 1_200, "y": 100}

NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,4})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
RELATIVE = re.compile(r"(?:([+-][0-9]{1,5})|0)([dwmy])")


def read(field: Field, text: str) -> Value | None:
    """Return the value that ``text`` is for the field, None where it is none."""
    if field.kind == "text":
        return text or None
    if field.kind == "category":
        return text.lower() if text.lower() in CATEGORY_VALUES else None
    if field.kind == "flag":
        return {"true": True, "false": False}.get(text.lower())
    return _number(text) if field.kind == "number" else _day(text)


def _number(text: str) -> float | int | None:
    if not NUMBER.fullmatch(text):
        return None
    return float(text) if "." in text else int(text)


def _day(text: str) -> date | Relative | None:
    lowered = text.lower()
    if lowered == "today":
        return Relative(0, "d")
    if match := RELATIVE.fullmatch(lowered):
        amount, unit = int(match[1] or 0), cast("Unit", match[2])
        return Relative(amount, unit) if abs(amount) <= MAX_AMOUNT[unit] else None
    if not DAY.fullmatch(text) or not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
