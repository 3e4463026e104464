"""Planned against delivered, by calendar month: of the work that a month was to bring when it
began, how much it had brought when it was over.

Work is planned for a month where, when the month began, its due date or the date of one of its
milestones lay in it; and where it was in an iteration that ends in the month, at the end of the
iteration's first day. Dates are as they were then; of milestones and iterations, of which a tracker
may keep no history, as they were observed last, before that as they were observed first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import narwhals as nw

from pmo_sync.frames.tables import Frame, Tables, records
from pmo_sync.rollups.calendar import end_of_day, local_day
from pmo_sync.rollups.groups import by_program
from pmo_sync.rollups.measures import ALL
from pmo_sync.rollups.scope import FINISHED, Scope

MONTHS = 6
"""Whole months that are told, the last one ending on as-of or before."""
MARK = "commitment"
"""The field that says what became of what was planned for the last whole month."""
MARKS = {
    "kept": "planned for the last whole month when it began, and done when it was over",
    "missed": "planned for the last whole month when it began, and neither done nor dropped when"
    " it was over",
    "unplanned": "planned for the last whole month when it was over, and not when it began",
}

Held = tuple[str | None, datetime | None, datetime | None]
"""A value, from when, until when."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Of one month: how much was ``planned`` for it at its start, ``delivered`` by its end, or
    ``dropped``; what was ``added`` to the plan during it, and how much of that was delivered."""

    month: date
    planned: int = 0
    delivered: int = 0
    dropped: int = 0
    added: int = 0
    added_delivered: int = 0


@dataclass(frozen=True)
class Predictability:
    """``outcomes``: item_id, month (its number), outcome (kept, missed, dropped, added,
    added_kept) of the work of a scope, in the ``months`` that ended by its day."""

    months: tuple[date, ...]
    outcomes: Frame

    def by(self, groups: Frame) -> Mapping[tuple[str, str], Sequence[Kept]]:
        """Return each month of each of ``groups`` (item_id, kind, group), the oldest first."""
        rows = records(
            self.outcomes.join(groups, on="item_id", how="inner")
            .group_by("kind", "group", "month", "outcome")
            .agg(nw.len().alias("n"))
        )
        found: dict[tuple[str, str], dict[tuple[int, str], int]] = {}
        for row in rows:
            counts = found.setdefault((row["kind"], row["group"]), {})
            counts[int(row["month"]), row["outcome"]] = int(row["n"])
        return {group: self._months(counts) for group, counts in found.items()}

    def _months(self, counts: Mapping[tuple[int, str], int]) -> tuple[Kept, ...]:
        return tuple(
            _kept(month, {how: counts.get((number, how), 0) for how in OUTCOMES})
            for number, month in enumerate(self.months)
        )

    def marks(self) -> Frame:
        """Return item_id, field, value (see ``MARKS``) of the last month, for filters."""
        last = self.outcomes.filter(nw.col("month") == len(self.months) - 1)
        late = nw.when(nw.col("outcome").is_in(["added", "added_kept"])).then(nw.lit("unplanned"))
        told = last.select(
            "item_id", nw.lit(MARK).alias("field"),
            late.otherwise(nw.col("outcome")).alias("value"),
        )  # fmt: skip
        return told.filter(nw.col("value").is_in([*MARKS]))


OUTCOMES = ("kept", "missed", "dropped", "added", "added_kept")


def whole_months(day: date, count: int = MONTHS) -> tuple[date, ...]:
    """Return the first days of the last calendar months that ended by the end of ``day``."""
    following = (day + timedelta(days=1)).replace(day=1)
    return tuple(_month(following, -back) for back in range(count, 0, -1))


PROJECT, PROGRAM, PORTFOLIO = "project", "program", "portfolio"


def everybody(scope: Scope) -> Frame:
    """Return item_id, kind, group: projects, programs, and once the portfolio (called ``ALL``)."""
    kinds = (
        (PROJECT, scope.membership.select("item_id", nw.col("project").alias("group"))),
        (PROGRAM, by_program(scope)),
        (PORTFOLIO, scope.items.select("item_id", nw.lit(ALL).alias("group"))),
    )
    return nw.concat(
        [frame.select("item_id", nw.lit(kind).alias("kind"), "group") for kind, frame in kinds],
        how="vertical",
    )


def predictability(tables: Tables, work: Scope) -> Predictability:
    """Find what was planned for each month and what became of it, of a scope of work."""
    months = whole_months(work.day)
    moments = [_before(month, work) for month in (*months, _month(months[-1], 1))]
    plans = tables.hold(_plans(tables, work, months, moments))
    states = work.states.select("item_id", "category", "valid_from", "valid_to")
    told = plans.join(states, on="item_id", how="inner").select(
        "item_id", "month", "gone", "final",
        _held_at("begin").alias("before"), _held_at("first").alias("was"),
        _held_at("last").alias("became"),
    )  # fmt: skip
    # One state at most holds at a moment; what did not exist had none.
    once = told.group_by("item_id", "month", "gone", "final").agg(
        nw.col("before", "was", "became").max()
    )
    return Predictability(months, tables.hold(_outcomes(once)))


def _held_at(moment: str) -> nw.Expr:
    """Return the state where it held at a moment."""
    until = nw.col("valid_to").is_null() | (nw.col("valid_to") > nw.col(moment))
    return nw.when((nw.col("valid_from") <= nw.col(moment)) & until).then(nw.col("category"))


def _outcomes(told: Frame) -> Frame:
    """Open when it was planned: kept, missed or dropped; planned at the end alone: added."""
    done = (nw.col("became") == "done") & ~nw.col("gone")
    dropped = nw.col("became").is_in(FINISHED) & ~done
    planned = ~nw.col("was").is_null() & ~nw.col("was").is_in(FINISHED)
    over = nw.col("before").is_in(FINISHED).fill_null(value=False)
    later = nw.col("was").is_null() & (nw.col("final") == 1) & ~over
    missed = nw.when(planned).then(nw.lit("missed")).otherwise(
        nw.when(later & done).then(nw.lit("added_kept")).otherwise(
            nw.when(later & ~dropped).then(nw.lit("added"))))  # fmt: skip
    outcome = nw.when(planned & done).then(nw.lit("kept")).otherwise(
        nw.when(planned & dropped).then(nw.lit("dropped")).otherwise(missed)
    )  # fmt: skip
    there = told.filter(~nw.col("became").is_null())
    found = there.select("item_id", "month", outcome.alias("outcome"))
    return found.filter(~nw.col("outcome").is_null())


def _plans(
    tables: Tables, work: Scope, months: Sequence[date], moments: Sequence[datetime]
) -> Frame:
    """Return item_id, month, gone (dropped now), first (the moment from which on it was planned,
    null where it was not at first), final (1 where it was at the end), begin and last (of the
    month)."""
    columns = {"value": "str", "month": "int64", "edge": "int64", "moment": "datetime64[us]"}
    dated = [
        (month.isoformat()[:7], number, edge, moments[number + edge])
        for number, month in enumerate(months) for edge in (0, 1)
    ]  # fmt: skip
    history = tables["history"].filter(nw.col("entity") == "item", ~nw.col("value").is_null())
    due = history.filter(nw.col("field") == "due").with_columns(
        nw.col("value").str.slice(0, 7).alias("value")
    )
    gathered = history.filter(nw.col("field").is_in(["milestone", "iteration"]))
    places = _places(tables, work, months, moments)
    held = [_holding(due, tables.rows(columns, dated))]
    held += [_holding(gathered, tables.rows(columns, places))] if places else []
    bounds = [(number, *moments[number : number + 2]) for number in range(len(months))]
    ends = tables.rows(
        {"month": "int64", "begin": "datetime64[us]", "last": "datetime64[us]"}, bounds
    )
    items = work.items.select("item_id", (nw.col("category") == "dropped").alias("gone"))
    early = nw.when(nw.col("edge") == 0).then(nw.col("moment"))
    return (
        nw.concat(held, how="vertical")
        .with_columns(early.alias("first"))
        .group_by("item_id", "month")
        .agg(nw.col("first").min(), nw.col("edge").max().alias("final"))
        .join(items, on="item_id", how="inner")
        .join(ends, on="month", how="inner")
    )


def _holding(rows: Frame, wanted: Frame) -> Frame:
    """Return item_id, month, edge, moment of the values that held at the wanted moments."""
    there = rows.select(
        nw.col("entity_id").alias("item_id"), "value", "valid_from", "valid_to"
    ).join(wanted, on="value", how="inner")
    held = there.filter(
        nw.col("valid_from") <= nw.col("moment"),
        nw.col("valid_to").is_null() | (nw.col("valid_to") > nw.col("moment")),
    )
    return held.select("item_id", "month", "edge", "moment")


@dataclass(frozen=True, slots=True)
class _Place:
    """A milestone or an iteration: its date now, and the moment at which it was planned where
    that is not the beginning of a month."""

    id: str
    date: str | None
    begun: datetime | None = None


def _places(
    tables: Tables, work: Scope, months: Sequence[date], moments: Sequence[datetime]
) -> list[tuple[str, int, int, datetime]]:
    """Return (id, month, edge, moment) of the milestones and iterations whose date, as it was at
    the moment, lay in the month."""
    history = tables["history"].filter(
        nw.col("entity").is_in(["milestone", "iteration"]), nw.col("field") == "due"
    )
    seen: dict[str, list[Held]] = {}
    for row in records(history.select("entity_id", "value", "valid_from", "valid_to")):
        seen.setdefault(row["entity_id"], []).append(
            (row["value"], row["valid_from"], row["valid_to"])
        )
    found = []
    for place in _dated(tables, work):
        held = sorted(seen.get(place.id, ()), key=lambda one: one[1] or datetime.min)
        if not held and (place.date or "") < months[0].isoformat():
            continue
        for number, month in enumerate(months):
            for edge, at in enumerate((place.begun or moments[number], moments[number + 1])):
                if (_date_at(held, place.date, at) or "")[:7] == month.isoformat()[:7]:
                    found.append((place.id, number, edge, at))
    return sorted(found)


def _dated(tables: Tables, work: Scope) -> Iterable[_Place]:
    """Yield milestones, and iterations: these are planned until the end of their first day."""
    zone = work.timezone.key
    for row in records(tables["milestone"].select("milestone_id", "due")):
        yield _Place(row["milestone_id"], _iso(row["due"]))
    for row in records(tables["iteration"].select("iteration_id", "start", "end")):
        begun = end_of_day(local_day(row["start"], zone), zone) if row["start"] else None
        yield _Place(row["iteration_id"], _iso(row["end"]), begun)


def _iso(value: Any) -> str | None:
    return value.date().isoformat() if value else None


def _date_at(held: Sequence[Held], now: str | None, at: datetime) -> str | None:
    """Return what was observed at a moment; before the first time, what was seen then."""
    if not held:
        return now
    for value, since, until in held:
        if (since is None or since <= at) and (until is None or at < until):
            return value
    return held[0][0]


def _kept(month: date, counts: Mapping[str, int]) -> Kept:
    delivered, missed, dropped, added, late = (counts[how] for how in OUTCOMES)
    return Kept(month, delivered + missed + dropped, delivered, dropped, added + late, late)


def _month(first: date, months: int) -> date:
    """Return the first day of the month so many months after that of ``first``."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _before(month: date, work: Scope) -> datetime:
    """Return the last instant before a month: what was true when it began."""
    return end_of_day(month - timedelta(days=1), work.timezone.key)
