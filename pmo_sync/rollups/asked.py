"""What a filter can name beyond a scope's own fields: it is added where it is asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.rollups.baselines import MARK as BASELINE
from pmo_sync.rollups.baselines import at_day, baseline_marks, recorded_baselines
from pmo_sync.rollups.gathering import with_gathered
from pmo_sync.rollups.marks import before_of, scope_before, with_marks
from pmo_sync.rollups.predictability import MARK as COMMITMENT
from pmo_sync.rollups.predictability import predictability
from pmo_sync.rollups.resources.plan import with_plan
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.wanted import GATHERED, MARKS, PLANNED
from pmo_sync.rollups.work import only_work


def with_asked(
    tables: Tables, config: Config, scope: Scope, asked: Collection[str], earlier: date
) -> Scope:
    """Return the scope with the plan, the marks and the portfolio's milestones that a filter of
    the fields ``asked`` names, what changed since the end of ``earlier``: they cost as much as all
    the rest."""
    if {*asked} & {*PLANNED}:
        scope = with_plan(tables, scope, config)
    if {*asked} & {*GATHERED}:
        scope = with_gathered(tables, config, scope)
    if not {*asked} & {*MARKS}:
        return scope
    before = None
    if "change" in asked:
        before = before_of(scope_before(tables, config, earlier, scope))
    members = with_marks(tables, scope, before, config.policy.risk.high)
    held = at_day(recorded_baselines(tables), scope.day) if BASELINE in asked else {}
    marked = [baseline_marks(tables, scope, held)]
    if COMMITMENT in asked:
        marked.append(predictability(tables, only_work(tables, scope, config.policy)).marks())
    added = [each for each in marked if each is not None]
    if added:
        members = tables.hold(nw.concat([members, *added], how="vertical"))
    return replace(scope, members=members)
