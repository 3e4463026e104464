"""The table that ``pmo-sync rollup --over`` shows: each group at the end of each of some spans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import pairwise

from pmo_sync.config import Config
from pmo_sync.errors import ConfigError
from pmo_sync.frames import Tables
from pmo_sync.reports.rollup import (
    Cell,
    RollupTable,
    Row,
    columns_of,
    in_all,
    in_order,
    named,
    notes_of,
    span,
)
from pmo_sync.rollups.table import Answer, Keys, Question, answer, nothing
from pmo_sync.rollups.where.syntax import Relative

DAY = "day"
MOST = 104
"""Days that are told at most: each is a question of its own."""
AT_ONCE = 2
"""Answers that are looked for side by side; each gives back what it took."""


def over(text: str) -> Relative:
    """Read over how many days, weeks, months or years to tell; raise ConfigError where it is no
    such time, or too long."""
    told = span("--over", text, 1)
    if told.amount > MOST:
        raise ConfigError(f"--over: {text!r} is {told.amount:,} values a group (at most {MOST})")
    return told


def rollup_over(
    tables: Tables,
    config: Config,
    day: date,
    asked: Question,
    told: Relative,
    sort: str | None = None,
    limit: int | None = None,
) -> RollupTable:
    """Answer a question as of the end of each of the spans ``told`` up to ``day``, as a report of
    that day would have; groups are in the order of the last one."""
    ends = [Relative(back, told.unit).on(day) for back in range(-told.amount, 1)]
    answers = _answers(tables, config, ends, asked, told)
    last = answers[-1]
    columns = columns_of(last, None)
    names = [
        {key: name for each in answers for key, name in each.names[place].items()}
        for place in range(len(asked.by))
    ]
    keys: dict[tuple[Cell, ...], Keys] = {
        tuple(named(names[at], part) for at, part in enumerate(key)): key
        for each in answers
        for key in each.groups
    }
    now: list[Row] = [
        {**dict(zip(asked.by, words, strict=True)), **_values(last, key)}
        for words, key in keys.items()
    ]
    shown = in_order(now, asked, sort, [column.name for column in columns])[:limit]
    groups = [{name: row[name] for name in asked.by} for row in shown]
    days = list(zip(ends[1:], answers, strict=True))
    return RollupTable(
        by=(*asked.by, DAY),
        columns=columns,
        rows=tuple(
            {**group, DAY: end.isoformat(), **_values(each, keys[tuple(group.values())])}
            for group in groups
            for end, each in days
        ),
        totals=tuple(in_all(asked, {DAY: end.isoformat(), **each.total}) for end, each in days),
        groups=len(keys),
        notes=notes_of(asked, len(keys), limit),
    )


def _answers(
    tables: Tables, config: Config, ends: Sequence[date], asked: Question, told: Relative
) -> list[Answer]:
    """Return an answer for each span; what flowed is that of the span, but where a longer time was
    asked for."""
    own = asked.period == Relative(-1, told.unit)
    works = [
        partial(answer, tables, config, end, asked, before if own else None)
        for before, end in pairwise(ends)
    ]
    found: list[Answer] = []
    for first in range(0, len(works), AT_ONCE):
        waits = [tables.aside(work) for work in works[first : first + AT_ONCE]]
        found += [wait() for wait in waits]
    return found


def _values(found: Answer, key: Keys) -> Row:
    return found.groups.get(key) or nothing(found.metrics)
