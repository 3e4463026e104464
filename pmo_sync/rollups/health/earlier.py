"""How healthy projects were as a whole on earlier days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.rollups.baselines import recorded_baselines
from pmo_sync.rollups.forecast.near import chances
from pmo_sync.rollups.health.assess import wholes
from pmo_sync.rollups.health.facts import facts, judged_by
from pmo_sync.rollups.health.overall import Overall
from pmo_sync.rollups.health.peaks import peaks
from pmo_sync.rollups.projects import recorded
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.shared import earlier_scope
from pmo_sync.rollups.work import only_work

Wholes = Mapping[str, Overall]


def earlier(
    tables: Tables, config: Config, days: Sequence[date], now: Scope | None = None
) -> Mapping[date, Wholes]:
    """Judge every project at the end of each of some days, found from ``now`` where that is
    known."""
    return {day: _wholes(tables, config, day, now) for day in dict.fromkeys(days)}


def _wholes(tables: Tables, config: Config, day: date, now: Scope | None) -> Wholes:
    there = earlier_scope(tables, config, day, now).scope
    asked = there.members.filter(nw.col("field").is_in(sorted(judged_by(config))))
    there = replace(there, members=tables.hold(asked))  # which is read often
    work, targets = only_work(tables, there, config.policy), tuple(recorded(tables["history"]))
    known = facts(tables, config, there, work, recorded_baselines(tables), targets)
    full = cache(partial(peaks, tables, config, there))
    return wholes(config, there, known, full, targets, chances(work, config.policy))
