"""The risk register: which items it is, what is counted of it, and the 5 x 5 matrix.

A score is probability x impact (PMI's matrix, 1 to 25). An item that is not assessed has none: it
is counted apart, and no sum holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import narwhals as nw

from pmo_sync.frames.tables import Frame, Tables, records
from pmo_sync.policy import RiskPolicy
from pmo_sync.rollups.groups import by_project
from pmo_sync.rollups.marks import Before
from pmo_sync.rollups.measures import Measure
from pmo_sync.rollups.scope import FINISHED, Scope
from pmo_sync.rollups.where.apply import compile
from pmo_sync.rollups.where.parse import parse
from pmo_sync.rollups.where.syntax import Expression, all_of

SCALE = (1, 2, 3, 4, 5)
NOBODY = "assignee is empty and risk_owner is empty"

_OPEN = ~nw.col("category").is_in(FINISHED)

Cell = tuple[int, int]
"""Probability, impact."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """The sum of the scores of ``assessed`` open risks of ``of``."""

    score: int
    assessed: int
    of: int


def of_register(register: Expression, where: str) -> str:
    """Return the filter of what ``where`` selects of the register."""
    return str(all_of([register, parse(where)]))


def cell_where(cell: Cell) -> str:
    """Return the filter of the open risks of one cell, for ``of_register``."""
    return f"category = open and probability = {cell[0]} and impact = {cell[1]}"


def risk_measures(policy: RiskPolicy, previous: date) -> tuple[Measure, ...]:
    """Return what is counted of the register, each ``where`` to be asked of ``in_register``;
    ``previous`` is the last report's day."""
    high = f"category = open and score >= {policy.high}"
    since = previous.isoformat()
    rows = (
        ("open", "Open risks", "category = open"),
        ("high", "High risks", high),
        ("unanswered", "High risks without an owner or a response",
         f"{high} and (({NOBODY}) or response is empty)"),
        ("unassessed", "Open risks that are not assessed", "category = open and score is empty"),
        ("unowned", "Open risks that nobody owns", f"category = open and {NOBODY}"),
        ("unresponded", "Open risks without a response", "category = open and response is empty"),
        ("overdue", "Open risks that are overdue", "overdue = true"),
        ("riskier", "Risks whose score rose", "category = open and change = riskier"),
        ("less_risky", "Risks whose score fell", "category = open and change = less_risky"),
        ("new", "New risks", f"category = open and created > {since}"),
        ("newly_high", "Risks that became high", f"{high} and change = newly_high"),
        ("closed", "Risks closed", f"category in (done, dropped) and finished > {since}"),
        ("ended", "Closed risks", "category in (done, dropped)"),
    )  # fmt: skip
    return tuple(Measure(f"risk_{name}", title, where) for name, title, where in rows)


def work_measures() -> tuple[Measure, ...]:
    """Return what is counted of all work beside the measures of the status report."""
    return (
        Measure("unowned", "Open, assigned to nobody", f"category = open and {NOBODY}"),
    )  # fmt: skip


def in_register(tables: Tables, scope: Scope, register: Expression) -> Scope:
    """Return the scope of the register's items alone."""
    chosen = compile(register, as_of=scope.at, timezone=scope.timezone)
    items = tables.hold(chosen(scope.items, scope.members))
    ids = items.select("item_id")
    members, membership = (
        tables.hold(frame.join(ids, on="item_id", how="semi"))
        for frame in (scope.members, scope.membership)
    )
    return replace(scope, items=items, members=members, membership=membership)


def open_risks(risks: Scope, before: Before, limit: int) -> list[dict[str, Any]]:
    """Return up to ``limit`` open risks, the highest score first and those not assessed last, with
    ``was_score`` and ``was_there`` (1) as of ``before``; ``risks`` as ``in_register`` returns."""
    was = before.items.select(
        "item_id", nw.col("score").alias("was_score"), nw.lit(1).alias("was_there")
    )
    rows = (
        risks.items.filter(_OPEN)
        .join(was, on="item_id", how="left")
        .sort("score", "age", "key", "item_id", descending=[True, True, False, False],
              nulls_last=True)
    )  # fmt: skip
    return records(rows.head(limit))


def by_cell(risks: Scope) -> Frame:
    """Return item_id, group of the open, assessed risks: for ``cell_of`` the cell of each."""
    once = risks.items.filter(_OPEN, ~nw.col("score").is_null())
    place = nw.col("probability") * 10 + nw.col("impact")
    return once.select("item_id", place.cast(nw.Int64()).cast(nw.String()).alias("group"))


def cell_of(group: str) -> Cell:
    """Return the cell that a group of ``by_cell`` is."""
    return int(group) // 10, int(group) % 10


def exposure(risks: Scope) -> Mapping[str, Exposure]:
    """Sum the scores of the open risks of each group (see ``tally.by_project``); what is not
    assessed is in no sum."""
    scores = risks.items.filter(_OPEN).select("item_id", "score")
    grouped = scores.join(by_project(risks), on="item_id", how="inner")
    summed = grouped.group_by("group").agg(
        nw.col("score").sum().alias("score"),
        nw.col("score").count().alias("assessed"),
        nw.len().alias("of"),
    )  # fmt: skip
    return {
        row["group"]: Exposure(int(row["score"] or 0), int(row["assessed"]), int(row["of"]))
        for row in records(summed)
    }
