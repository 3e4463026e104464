"""What the reports of one day share: computed by the first that asks, once for an edition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.rollups.baselines import at_day, baseline_marks, recorded_baselines
from pmo_sync.rollups.health.facts import needed
from pmo_sync.rollups.marks import Before, before_of, scope_before, with_marks
from pmo_sync.rollups.neighbour import Differ
from pmo_sync.rollups.scope import Scope, scope_at
from pmo_sync.rollups.wanted import MARKS, PLANNED, REPORTED
from pmo_sync.rollups.where.parse import parse
from pmo_sync.rollups.where.syntax import fields_of


def whole_scope(tables: Tables, config: Config, day: date) -> Scope:
    """Return the portfolio at the end of ``day`` with all that reports look at, and what the risk
    register is chosen by."""
    where = config.policy.risk.where
    spent = ("estimate", "spent") if any(p.budget_hours for p in config.projects) else ()
    wanted = REPORTED.with_fields(spent).with_fields(
        fields_of(parse(where, "policy.risk.where")) - {*MARKS, *PLANNED} if where else ()
    )
    return tables.once(("scope", day), config, lambda: scope_at(tables, config, day, wanted))


def earlier_scope(tables: Tables, config: Config, day: date, now: Scope | None) -> Differ:
    """Return of an earlier day what tells what changed since then and how healthy it was; found
    from ``now`` where that is known."""
    return tables.once(
        ("earlier", day, now and now.day),
        config,
        lambda: scope_before(tables, config, day, now, needed(config)),
    )


def before_on(tables: Tables, config: Config, day: date, now: Scope | None = None) -> Before:
    """Return of an earlier day what tells what changed since then."""
    return before_of(earlier_scope(tables, config, day, now))


def compared(
    tables: Tables,
    config: Config,
    day: date,
    earlier: date,
    before: Callable[[], Before] | None = None,
) -> tuple[Scope, Before]:
    """Return the portfolio at the end of ``day`` with its marks, and of ``earlier`` what tells
    what changed since then; ``before`` waits for that where somebody else computes it."""

    def make() -> tuple[Scope, Before]:
        then = before
        if then is None and not tables.large:
            then = tables.aside(lambda: before_on(tables, config, earlier))
        scope = whole_scope(tables, config, day)
        was = then() if then else before_on(tables, config, earlier, scope)
        members = with_marks(tables, scope, was, config.policy.risk.high)
        marked = baseline_marks(tables, scope, at_day(recorded_baselines(tables), day))
        if marked is not None:
            members = tables.hold(nw.concat([members, marked], how="vertical"))
        return replace(scope, members=members), was

    return tables.once(("compared", day, earlier), config, make)
