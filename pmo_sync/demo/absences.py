"""Who is away when: holidays and sick leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

YEARS = range(2024, 2029)


def away(person: str, stream: str) -> frozenset[date]:
    """Return the days on which a person is away; another stream, other days."""
    rng = Random(f"{stream}:{person}:away")
    return frozenset(day for first, days in _spells(rng) for day in _days(first, days))


def _spells(rng: Random) -> Iterator[tuple[date, int]]:
    """Yield (first day, length in days): summer, a week or two more, and some sick leave."""
    for year in YEARS:
        yield date(year, 7, 1) + timedelta(days=7 * rng.randint(0, 6)), rng.choice((14, 21))
        yield date(year, 1, 8) + timedelta(days=7 * rng.randint(0, 20)), 7
        yield date(year, 9, 1) + timedelta(days=7 * rng.randint(0, 14)), 7
        for _ in range(rng.randint(1, 5)):
            long = rng.random() < 0.05
            yield (
                date(year, 1, 2) + timedelta(days=rng.randint(0, 360)),
                (rng.randint(20, 40) if long else rng.randint(1, 5)),
            )


def _days(first: date, days: int) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range(days))
