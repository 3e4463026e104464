"""The table that ``pmo-sync rollup`` shows: a question's words in, rows out."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from pmo_sync.config import Config
from pmo_sync.config.problems import nearest
from pmo_sync.errors import ConfigError
from pmo_sync.frames import Tables
from pmo_sync.model import CATEGORIES
from pmo_sync.reports.words import day as said
from pmo_sync.rollups import metrics
from pmo_sync.rollups.dimensions import DIMENSIONS, NONE
from pmo_sync.rollups.table import Answer, Question, Values, answer, nothing
from pmo_sync.rollups.where.syntax import Relative, Unit
from pmo_sync.rollups.where.values import MAX_AMOUNT

DEFAULT_METRICS = ("items", "open", "wip", "done", "blocked", "overdue")
PERIOD = Relative(-90, "d")
_SPAN = re.compile(r"([1-9][0-9]{0,4})([dwmy])")

Cell = str | float | int | None
Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of values: ``unit`` is empty for items."""

    name: str
    title: str
    unit: str


@dataclass(frozen=True, slots=True)
class RollupTable:
    """``rows`` by the names of ``by`` and ``columns``; a dimension that is None is no value, a
    figure that is None is no data. In ``totals`` each item counts once: one, or over time one of
    each day. ``groups`` counts them before they were limited."""

    by: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[Row, ...]
    groups: int
    notes: tuple[str, ...]


def question(
    by: Sequence[str],
    wanted: Sequence[str],
    where: str | None,
    period: str | None,
    default: Relative = PERIOD,
) -> Question:
    """Read the words of a question; raise ConfigError for what is not known."""
    dimensions = _known("--by", "dimension", by, DIMENSIONS)
    if len(dimensions) not in (1, 2):
        raise ConfigError(f"--by: takes one or two dimensions, not {len(dimensions)}")
    chosen = _known("--metric", "metric", wanted or DEFAULT_METRICS, metrics.NAMES)
    flowed = span("--period", period, -1) if period else default
    return Question(dimensions, chosen, where, flowed)


def rollup_table(
    tables: Tables,
    config: Config,
    day: date,
    asked: Question,
    compare: date | None = None,
    sort: str | None = None,
    limit: int | None = None,
) -> RollupTable:
    """Answer a question as of ``day``, beside what was so on the day ``compare``."""
    now = answer(tables, config, day, asked)
    then = answer(tables, config, compare, asked) if compare else None
    columns = columns_of(now, compare)
    names = [{**(then.names[at] if then else {}), **now.names[at]} for at in range(len(asked.by))]
    groups = list({**now.groups, **(then.groups if then else {})})
    rows: list[Row] = [
        {
            **{name: named(names[at], key[at]) for at, name in enumerate(asked.by)},
            **_compared(now.groups.get(key), then.groups.get(key) if then else None, now, then),
        }
        for key in groups
    ]
    rows = in_order(rows, asked, sort, [column.name for column in columns])
    total = _compared(now.total, then.total if then else None, now, then)
    return RollupTable(
        by=asked.by,
        columns=columns,
        rows=tuple(rows[:limit]),
        totals=(in_all(asked, total),),
        groups=len(rows),
        notes=notes_of(asked, len(rows), limit),
    )


def columns_of(now: Answer, compare: date | None) -> tuple[Column, ...]:
    """Return a column for each metric, three where it is compared with another day's."""
    columns = []
    for metric in now.metrics:
        columns.append(Column(metric.name, metric.title, metric.unit))
        if compare:
            was = f"{metric.title}, as of {said(compare)}"
            columns.append(Column(f"{metric.name}_then", was, metric.unit))
            columns.append(Column(f"{metric.name}_change", "Difference", metric.unit))
    return tuple(columns)


def _compared(
    values: Values | None, earlier: Values | None, now: Answer, then: Answer | None
) -> dict[str, Cell]:
    here, there = values or nothing(now.metrics), earlier or nothing(now.metrics)
    row: dict[str, Cell] = {}
    for metric in now.metrics:
        value, was = here[metric.name], there[metric.name]
        row[metric.name] = value
        if then:
            row[f"{metric.name}_then"] = was
            known = value is not None and was is not None
            row[f"{metric.name}_change"] = value - was if known else None  # type: ignore[operator]
    return row


def in_all(asked: Question, values: Row) -> Row:
    """Return the row of a total."""
    return {asked.by[0]: "total", **dict.fromkeys(asked.by[1:], ""), **values}


def named(names: Mapping[str, str], key: str) -> str | None:
    """Return how a key is written; None is no value."""
    return None if key == NONE else names.get(key, key)


def in_order(
    rows: Sequence[Row], asked: Question, sort: str | None, columns: Sequence[str]
) -> list[Row]:
    """Return rows in the order that ``sort`` names; raise ConfigError where it names nothing."""
    if sort is not None:
        (by,) = _known("--sort", "column", [sort], [*asked.by, *columns])
        if by in columns:
            rows = in_order(rows, asked, None, columns)
            return sorted(rows, key=lambda row: _descending(row[by]))
        first = (by, *(name for name in asked.by if name != by))
        return sorted(rows, key=lambda row: [_ascending(row[name]) for name in first])
    orders = [_order(rows, name, asked.metrics[0]) for name in asked.by]
    return sorted(
        rows, key=lambda row: [order[row[n]] for n, order in zip(asked.by, orders, strict=True)]
    )


def _order(rows: Sequence[Row], dimension: str, metric: str) -> Mapping[object, int]:
    """Months by time, categories as work flows, all else by the first metric; no value last."""
    values = list(dict.fromkeys(row[dimension] for row in rows))
    if dimension == "category":
        known = [*CATEGORIES, None]
        values.sort(key=lambda value: known.index(cast("None", value)))
    elif DIMENSIONS[dimension].kind == "month":
        values.sort(key=_ascending)
    else:
        largest = {
            value: min(_descending(row[metric]) for row in rows if row[dimension] == value)
            for value in values
        }
        values.sort(key=lambda value: (value is None, largest[value], _ascending(value)))
    return {value: place for place, value in enumerate(values)}


def _ascending(value: object) -> tuple[bool, str, str]:
    return value is None, str(value).casefold(), str(value)


def _descending(value: object) -> tuple[bool, float]:
    return (False, -value) if isinstance(value, int | float) else (True, 0)


def notes_of(asked: Question, groups: int, limit: int | None) -> tuple[str, ...]:
    """Return what is to be known of the rows: what is not shown, what counts several times."""
    notes = []
    if limit is not None and limit < groups:
        notes.append(f"{limit:,} of {groups:,} groups shown")
    several = [name for name in asked.by if DIMENSIONS[name].several]
    if several:
        words = " and ".join(several)
        notes.append(f"an item counts in each of its groups by {words}, and once in the total")
    return tuple(notes)


def _known(option: str, what: str, names: Sequence[str], known: Collection[str]) -> tuple[str, ...]:
    for name in names:
        if name not in known:
            raise ConfigError(
                f"{option}: no {what} {name!r}{nearest(name, known)} (known: {', '.join(known)})"
            )
    return tuple(dict.fromkeys(names))


def span(option: str, text: str, way: int) -> Relative:
    """Read a length of time, forwards (1) or backwards (-1); raise ConfigError for what is none."""
    found = _SPAN.fullmatch(text.lower())
    if found:
        amount, unit = int(found[1]), cast("Unit", found[2])
        if amount <= MAX_AMOUNT[unit]:
            return Relative(way * amount, unit)
    raise ConfigError(f"{option}: {text!r} is not a time such as 90d, 4w, 3m or 1y")
