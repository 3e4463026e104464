"""What the table of health is asked about every project, each in one pass for all of them; how full
people are is told by ``peaks``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, records
from pmo_sync.model import Baseline
from pmo_sync.rollups.baselines import NEEDED as OF_SCOPE
from pmo_sync.rollups.baselines import Compared, at_day, compared_with
from pmo_sync.rollups.calendar import end_of_day, period_ends
from pmo_sync.rollups.flow import of_projects, throughput
from pmo_sync.rollups.health.peaks import OF_PEAKS
from pmo_sync.rollups.health.table import Cost, Growth
from pmo_sync.rollups.projects import Recorded
from pmo_sync.rollups.risk import in_register, risk_measures
from pmo_sync.rollups.scope import FINISHED, Scope
from pmo_sync.rollups.wanted import NOTHING, Wanted
from pmo_sync.rollups.where.apply import compile
from pmo_sync.rollups.where.parse import parse
from pmo_sync.rollups.where.syntax import fields_of
from pmo_sync.rollups.work import NO_EPIC, register_filter, work_fields

PERIODS = 12
"""Periods that the pace is taken from: a quarter of weeks."""
ASKED = ("high", "unanswered")
"""Of the risk register."""

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Facts:
    """Of one day, by project; a project of which there is nothing is in no mapping.

    ``risks`` counts the register's items, ``high`` and ``unanswered`` its open ones. ``budget`` is
    a ``Cost``, or what is lacking to know it.
    """

    day: date
    open: Counts
    throughput: Mapping[str, Sequence[int]]
    ends: tuple[date, ...]
    baselines: Mapping[str, Sequence[Baseline]]
    compared: Mapping[str, Compared]
    grown: Mapping[str, Growth]
    """Of projects without a baseline: what came and what was dropped since the first target was
    recorded, of what belongs to the project now."""
    risks: Counts
    high: Counts
    unanswered: Counts
    budget: Mapping[str, Cost | str]


def judged_by(config: Config) -> frozenset[str]:
    """Return the fields of the filters that tell what is work, and which risks weigh."""
    register = register_filter(config.policy.risk)
    asked = set(fields_of(register)) if register else set()
    if register:
        for measure in risk_measures(config.policy.risk, date.min):
            if measure.name.removeprefix("risk_") in ASKED:
                asked |= set(fields_of(parse(measure.where)))
    return frozenset(asked | work_fields(config.policy))


def needed(config: Config) -> Wanted:
    """Return what must be known of the items of a day."""
    fields = {
        "category", "created", "started", "finished", "project", *OF_SCOPE, *OF_PEAKS,
        *judged_by(config),
    }  # fmt: skip
    if any(project.budget_hours for project in config.projects):
        fields |= {"estimate", "spent"}
    wanted = NOTHING.with_fields(fields)
    return Wanted(wanted.columns | {"remaining"}, wanted.members)  # in seconds, as plans want it


def facts(
    tables: Tables,
    config: Config,
    scope: Scope,
    work: Scope,
    baselines: Sequence[Baseline],
    recorded: Sequence[Recorded],
) -> Facts:
    """Gather the facts of a scope's day; ``work`` is what ``only_work`` leaves of it."""
    portfolio = config.portfolio
    begin, *ends = period_ends(scope.day, portfolio.period, PERIODS + 1)
    first, *instants = (end_of_day(end, portfolio.timezone) for end in (begin, *ends))
    held = at_day(baselines, scope.day)
    risks, high, unanswered = _register(tables, config, scope)
    return Facts(
        day=scope.day,
        open=_counted(scope, work.items.filter(~nw.col("category").is_in(FINISHED))),
        throughput=throughput(work, of_projects(scope), first, instants),
        ends=tuple(ends),
        baselines=held,
        compared=compared_with(tables, scope, held),
        grown=_grown(tables, scope, [r for r in recorded if r.project not in held]),
        risks=risks,
        high=high,
        unanswered=unanswered,
        budget=_budgets(config, scope),
    )


def _counted(scope: Scope, items: Frame) -> Counts:
    rows = items.select("item_id").join(scope.membership, on="item_id", how="inner")
    return {
        row["project"]: int(row["n"])
        for row in records(rows.group_by("project").agg(nw.len().alias("n")))
    }


def _grown(tables: Tables, scope: Scope, recorded: Sequence[Recorded]) -> Mapping[str, Growth]:
    since: dict[str, datetime] = {}
    for row in recorded:
        if row.field == "target" and row.value and row.valid_from <= scope.at:
            since.setdefault(row.project, row.valid_from)
    starts = tables.rows({"project": "str", "begun": "datetime64[us]"}, sorted(since.items()))
    work = scope.items.filter(nw.col("rank").fill_null(0) <= 0).select(
        "item_id", "created", "finished", "category"
    )
    dropped, late = nw.col("category") == "dropped", nw.col("created") > nw.col("begun")
    gone_before = dropped & (nw.col("finished") <= nw.col("begun"))
    rows = records(
        work.join(scope.membership, on="item_id", how="inner")
        .join(starts, on="project", how="inner")
        .select(
            "project",
            _one(~late & ~gone_before.fill_null(value=False)).alias("base"),
            _one(late & ~dropped).alias("added"),
            _one(~late & dropped & ~gone_before.fill_null(value=False)).alias("removed"),
        )
        .group_by("project")
        .agg(nw.col("base", "added", "removed").sum())
    )
    return {
        row["project"]: Growth(int(row["base"]), int(row["added"]), int(row["removed"]))
        for row in rows
    }


def _one(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(1).otherwise(0)


def _register(tables: Tables, config: Config, scope: Scope) -> tuple[Counts, Counts, Counts]:
    register = register_filter(config.policy.risk)
    if register is None:
        return {}, {}, {}
    risks = in_register(tables, scope, register)
    wheres = {m.name: m.where for m in risk_measures(config.policy.risk, scope.day)}
    high, unanswered = (
        compile(parse(wheres[f"risk_{name}"]), as_of=scope.at, timezone=scope.timezone)(
            risks.items, risks.members
        )
        for name in ASKED
    )
    return _counted(risks, risks.items), _counted(risks, high), _counted(risks, unanswered)


def _budgets(config: Config, scope: Scope) -> Mapping[str, Cost | str]:
    """Earn a project's budget by the original estimates of what is done, as a share of all that
    is not dropped; spent is all that was."""
    budgets = {p.name: p.budget_hours for p in config.projects if p.budget_hours}
    if not budgets:
        return {}
    where = compile(parse(NO_EPIC), as_of=scope.at, timezone=scope.timezone)
    work = where(scope.items, scope.members)
    inside, done = nw.col("category") != "dropped", nw.col("category") == "done"
    known = ~nw.col("estimate_hours").is_null()
    rows = records(
        work.join(scope.membership, on="item_id", how="inner")
        .select(
            "project",
            _one(inside).alias("n"),
            _one(inside & known).alias("estimated"),
            nw.when(inside).then(nw.col("estimate_hours")).alias("whole"),
            nw.when(done).then(nw.col("estimate_hours")).alias("earned"),
            nw.col("spent_hours").alias("spent"),
        )
        .group_by("project")
        .agg(*(nw.col(c).sum() for c in ("n", "estimated", "whole", "earned", "spent")))
    )
    minimum = config.policy.minimum_coverage
    return {
        row["project"]: _cost(row, budgets[row["project"]], minimum)
        for row in rows
        if row["project"] in budgets
    }


def _cost(row: Mapping[str, float | None], budget: float, minimum: float) -> Cost | str:
    whole, estimated = row["whole"] or 0, row["estimated"] or 0
    if not whole or estimated < minimum * (row["n"] or 0):
        return "unestimated"
    return Cost(budget, budget * (row["earned"] or 0) / whole, row["spent"] or 0)
