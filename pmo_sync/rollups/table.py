"""One table for a question: metrics of work items by one or two dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.durations import DAY, seconds_between, seconds_until
from pmo_sync.frames.tables import Frame, records
from pmo_sync.policy import Policy
from pmo_sync.rollups.asked import with_asked
from pmo_sync.rollups.calendar import end_of_day, period_before
from pmo_sync.rollups.dimensions import DIMENSIONS, keyed
from pmo_sync.rollups.efficiency import waiting_statuses, waits_of
from pmo_sync.rollups.flow import percentile
from pmo_sync.rollups.limits import weekly_limits
from pmo_sync.rollups.measures import select
from pmo_sync.rollups.metrics import Metric, metrics
from pmo_sync.rollups.scope import Scope, scope_at
from pmo_sync.rollups.wanted import Wanted, wanted_by
from pmo_sync.rollups.weekly import WEEK
from pmo_sync.rollups.where.apply import judged
from pmo_sync.rollups.where.parse import parse
from pmo_sync.rollups.where.syntax import Relative, fields_of

Keys = tuple[str, ...]
Values = Mapping[str, float | int | None]
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Question:
    """Names of dimensions (one or two) and metrics, the filter of the items, and how far back what
    flowed is looked for."""

    by: tuple[str, ...]
    metrics: tuple[str, ...]
    where: str | None
    period: Relative


@dataclass(frozen=True)
class Answer:
    """The values of each group by its keys (see ``dimensions``), and ``total``, in which each item
    counts once; ``names`` says of each dimension how its keys are written. None is no data."""

    metrics: tuple[Metric, ...]
    groups: Mapping[Keys, Values]
    total: Values
    names: tuple[Mapping[str, str], ...]


def answer(
    tables: Tables, config: Config, day: date, question: Question, begin: date | None = None
) -> Answer:
    """Return what a question asks, as of the end of ``day``; what flowed did so after ``begin``, by
    default as long before as the question says."""
    begin = begin or question.period.on(day)
    known = metrics(config.policy, day, begin)
    chosen = tuple(known[name] for name in question.metrics)
    scope = _scope(tables, config, day, question, chosen)
    told = tables.hold(_told(tables, scope, question, chosen, config.policy))
    ends = _week_ends(scope, begin)
    items, keys, names = told, [], []
    for number, name in enumerate(question.by):
        keys.append(f"by_{number}")
        found = keyed(scope, items, DIMENSIONS[name], keys[-1])
        items = tables.hold(found.items)
        names.append(found.names)
    groups = _values(items, keys, chosen, config.policy, ends)
    every = told.with_columns(nw.lit("").alias("all"))
    total = _values(every, ["all"], chosen, config.policy, ends)
    return Answer(chosen, groups, total.get(("",)) or nothing(chosen), tuple(names))


def nothing(chosen: Sequence[Metric]) -> Values:
    """Return the values of no items at all."""
    return {metric.name: 0 if metric.kind == "count" else None for metric in chosen}


def _scope(
    tables: Tables, config: Config, day: date, question: Question, chosen: Sequence[Metric]
) -> Scope:
    fields = {DIMENSIONS[name].field for name in question.by}
    for metric in chosen:
        fields |= fields_of(parse(metric.where)) if metric.where else set()
        fields |= {"started", "created", "finished"} if metric.timed else set()
    expression = parse(question.where) if question.where else None
    wanted = wanted_by(expression, fields)
    scope = scope_at(tables, config, day, _with_columns(wanted, chosen))
    asked = fields_of(expression) if expression else frozenset()
    earlier = period_before(day, config.portfolio.period)
    return with_asked(tables, config, scope, asked, earlier)


def _with_columns(wanted: Wanted, chosen: Sequence[Metric]) -> Wanted:
    columns = wanted.columns | {metric.column for metric in chosen if metric.column}
    return wanted if columns == wanted.columns else replace(wanted, columns=columns)


def _week_ends(scope: Scope, begin: date) -> list[float]:
    """Return the seconds since the end of each whole week after ``begin``, the last one's first,
    and since the beginning of the first."""
    weeks = (scope.day - begin).days // 7
    ends = [end_of_day(scope.day - WEEK * back, scope.timezone.key) for back in range(weeks + 1)]
    return [(scope.at - end).total_seconds() for end in ends]


def _told(
    tables: Tables, scope: Scope, question: Question, chosen: Sequence[Metric], policy: Policy
) -> Frame:
    """Return the items that are asked about with what they are grouped by and a column for each
    metric: 1 or 0 for what it counts (``is_``), seconds for what it has the sum or a percentile of
    (``has_``), null where it has none; ``waited`` are those of a share that it waited."""
    wheres = {f"is_{metric.name}": parse(metric.where) for metric in chosen if metric.where}
    items = select(scope, question.where) if question.where else scope.items
    items = judged(items, scope.members, wheres, as_of=scope.at, timezone=scope.timezone)
    if any(metric.timed for metric in chosen):  # a step of its own: seconds name it many times
        started, finished = nw.col("started"), nw.col("finished")
        items = items.with_columns(
            nw.when(started <= finished).then(started).alias("begun"),
            nw.when(started.is_null()).then(nw.col("created")).otherwise(started).alias("since_"),
        )
    if any(metric.kind == "share" for metric in chosen):
        items = _with_waits(tables, items, waiting_statuses(scope, policy))
    cycle = seconds_between(nw.col("begun"), nw.col("finished"))
    seconds = {
        "share": nw.when(~nw.col("waited").is_null()).then(cycle),
        "limit": seconds_until(nw.col("finished"), scope.at),
        "cycle": cycle,
        "lead": seconds_between(nw.col("created"), nw.col("finished")),
        "age": seconds_until(nw.col("since_"), scope.at),
    }
    valued = {m.name: seconds.get(m.kind, nw.col(m.column)) for m in chosen if m.kind != "count"}
    return items.select(
        "item_id",
        *sorted({DIMENSIONS[name].column for name in question.by} - {""}),
        *wheres,
        *(
            nw.when(nw.col(f"is_{metric.name}") == 1, ~nw.col("begun").is_null())
            .then(nw.col("waited"))
            .alias("waited")
            for metric in chosen
            if metric.kind == "share"
        ),
        *(
            nw.when(nw.col(f"is_{name}") == 1).then(value).alias(f"has_{name}")
            for name, value in valued.items()
        ),
    )


def _with_waits(tables: Tables, items: Frame, waiting: Sequence[tuple[str, str]]) -> Frame:
    """Add ``waited``: the seconds of the cycle time in a status of waiting; null where the policy
    names none."""
    if not waiting:
        return items.with_columns(nw.lit(None).cast(nw.Float64).alias("waited"))
    done = items.filter(~nw.col("begun").is_null(), ~nw.col("finished").is_null())
    done = done.select("item_id", nw.col("begun").alias("started"), "finished")
    waits = waits_of(tables, done, list(waiting)).with_columns(nw.col("waiting").cast(nw.Float64))
    found = items.join(waits, on="item_id", how="left")
    return found.with_columns(nw.col("waiting").fill_null(0.0).alias("waited"))


def _values(
    items: Frame,
    keys: Sequence[str],
    chosen: Sequence[Metric],
    policy: Policy,
    ends: Sequence[float],
) -> dict[Keys, Values]:
    counted = [f"is_{metric.name}" for metric in chosen if metric.where]
    summed = [f"has_{metric.name}" for metric in chosen if metric.kind == "sum"]
    summed += ["waited" for metric in chosen if metric.kind == "share"]
    rows = records(
        items.group_by(*keys).agg(
            nw.len().alias("is_items"), *(nw.col(name).sum() for name in (*counted, *summed))
        )
    )
    spans = {metric.name: _spans(items, keys, metric.name) for metric in chosen if metric.timed}
    groups: dict[Keys, Values] = {}
    for row in rows:
        group = tuple(row[key] for key in keys)
        groups[group] = {
            metric.name: _value(
                metric, row, spans.get(metric.name, {}).get(group, []), policy, ends
            )
            for metric in chosen
        }
    return groups


def _spans(items: Frame, keys: Sequence[str], name: str) -> dict[Keys, list[float]]:
    """Return the known seconds of each group."""
    known = items.filter(~nw.col(f"has_{name}").is_null()).select(*keys, f"has_{name}")
    found: dict[Keys, list[float]] = {}
    for row in records(known):
        found.setdefault(tuple(row[key] for key in keys), []).append(row[f"has_{name}"])
    return found


def _value(
    metric: Metric,
    row: Mapping[str, float],
    spans: Sequence[float],
    policy: Policy,
    ends: Sequence[float],
) -> float | int | None:
    """Return a metric of a group; a sum of nothing and a percentile of few are no data."""
    selected = int(row[f"is_{metric.name}"])
    if metric.kind == "count":
        return selected
    if metric.kind == "sum":
        return row[f"has_{metric.name}"] / HOUR if selected else None
    if metric.kind == "limit":
        limits = weekly_limits(spans, ends)
        if limits is None:
            return None
        return limits.lower if metric.name == "limit_low" else limits.upper
    enough = len(spans) >= max(policy.minimum_finished, policy.minimum_coverage * selected)
    if not enough:
        return None
    if metric.kind == "share":
        return 100 * (1 - row["waited"] / sum(spans)) if sum(spans) else None
    return percentile(spans, metric.quantile) / DAY
