"""What the portfolio's milestones gather, in whichever tracker it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import narwhals as nw

from pmo_sync.config import Config, Gather, MilestoneConfig
from pmo_sync.errors import ConfigError
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, distinct
from pmo_sync.rollups.defined import defined_at
from pmo_sync.rollups.marks import members_with_ids
from pmo_sync.rollups.membership import epics
from pmo_sync.rollups.scope import Scope, scope_at
from pmo_sync.rollups.wanted import GATHERED, MARKS, NOTHING, PLANNED
from pmo_sync.rollups.where.apply import judged
from pmo_sync.rollups.where.parse import parse
from pmo_sync.rollups.where.syntax import Expression, fields_of

Rules = Sequence[tuple[str, Gather]]
"""Each with the name of its milestone."""
KINDS = ("milestone", "epic", "item")


def gathered(
    tables: Tables, config: Config, scope: Scope, milestones: Iterable[MilestoneConfig]
) -> Frame:
    """Return item_id, group, member: the items of each milestone by its name, and through which of
    the trackers' milestones (its id) they came, null where through none."""
    rules = [(one.name, rule) for one in milestones for rule in one.gather]
    parts = [
        _matching(tables, scope, pattern, [each for each in rules if _pattern(each[1]) == pattern])
        for pattern in sorted({_pattern(rule) for _, rule in rules if not rule.where})
    ]
    filters = _filters(rules)
    if filters:
        parts.append(_selected(tables, config, scope, filters))
    if not parts:
        return tables.rows(dict.fromkeys(("item_id", "group", "member"), "str"), [])
    found = nw.concat(parts, how="vertical")
    return tables.hold(distinct(found, "item_id", "group", "member"))


def with_gathered(tables: Tables, config: Config, scope: Scope) -> Scope:
    """Return the scope with the portfolio's milestones among what its items belong to."""
    found = gathered(tables, config, scope, defined_at(tables, config, scope.at))
    field = GATHERED[0]
    named = of_milestones(found).select(
        "item_id", nw.lit(field).alias("field"), nw.col("group").alias("value")
    )
    return replace(scope, members=nw.concat([scope.members, named], how="vertical"))


def of_milestones(gathered: Frame) -> Frame:
    """Return item_id, group: each item of a milestone once."""
    return distinct(gathered, "item_id", "group")


def _pattern(rule: Gather) -> tuple[str, ...]:
    return tuple(key for key in (*KINDS, "source", "container") if getattr(rule, key))


def _matching(tables: Tables, scope: Scope, pattern: tuple[str, ...], rules: Rules) -> Frame:
    wanted = tables.rows(
        dict.fromkeys(("group", *pattern), "str"),
        [(name, *(str(getattr(rule, key)) for key in pattern)) for name, rule in rules],
    ).with_columns(nw.col(*pattern).str.to_lowercase())  # by the engine, like what it compares with
    facts = _facts(tables, scope, pattern[0])
    if "container" in pattern:
        place = scope.items.select("item_id", nw.col("container").str.to_lowercase())
        facts = facts.join(place, on="item_id", how="inner")
    if "source" in pattern:
        facts = facts.join(_sources(tables, scope), on="item_id", how="inner")
    return facts.join(wanted, on=list(pattern), how="inner").select("item_id", "group", "member")


def _facts(tables: Tables, scope: Scope, kind: str) -> Frame:
    """Return item_id, what rules of a kind name, member."""
    through_none = nw.lit(None).cast(nw.String()).alias("member")
    if kind == "item":
        keys = nw.col("key").str.to_lowercase().alias(kind)
        return scope.items.select("item_id", keys, through_none)
    if kind == "epic":
        return epics(scope.items).with_columns(through_none)
    names = tables["milestone"].select(
        nw.col("milestone_id").alias("member"), nw.col("name").str.to_lowercase().alias(kind)
    )
    held = members_with_ids(tables, scope, "milestone").join(names, on="member", how="inner")
    return held.join(scope.items.select("item_id"), on="item_id", how="semi")


def _sources(tables: Tables, scope: Scope) -> Frame:
    there = nw.col("valid_to").is_null() | (nw.col("valid_to") > scope.at)
    return tables["presence"].filter(nw.col("valid_from") <= scope.at, there).select(
        "item_id", nw.col("source").str.to_lowercase()
    )  # fmt: skip


def _filters(rules: Rules) -> list[tuple[str, Expression]]:
    """Read the filters among the rules; raise ConfigError where one cannot be meant."""
    found = []
    for name, rule in rules:
        if rule.where:
            place = f"milestones {name!r}: gather: where"
            expression = parse(rule.where, place)
            if others := sorted(fields_of(expression) & {*MARKS, *PLANNED, *GATHERED}):
                raise ConfigError(f"{place}: a milestone cannot gather by {others[0]}")
            found.append((name, expression))
    return found


def _selected(
    tables: Tables, config: Config, scope: Scope, filters: Sequence[tuple[str, Expression]]
) -> Frame:
    """Judge all filters in one pass, over what they look at."""
    looked = NOTHING.with_fields({each for _, one in filters for each in fields_of(one)})
    there = scope_at(tables, config, scope.day, looked)
    expressions = {f"is_{number}": each for number, (_, each) in enumerate(filters)}
    told = judged(there.items, there.members, expressions, as_of=scope.at, timezone=scope.timezone)
    held = tables.hold(told.select("item_id", *expressions))
    nothing = nw.lit(None).cast(nw.String()).alias("member")
    return nw.concat(
        [
            held.filter(nw.col(flag) == 1).select(
                "item_id", nw.lit(name).alias("group"), nothing
            )
            for flag, (name, _) in zip(expressions, filters, strict=True)
        ],
        how="vertical",
    )  # fmt: skip
