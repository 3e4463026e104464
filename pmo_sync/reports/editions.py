"""The page of a published folder: which editions there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Listed:
    """An edition in the list of all: its pages as (title, relative address)."""

    day: date
    headline: str
    pages: tuple[tuple[str, str], ...]
