"""What is known of milestones for one status report, computed once for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.rollups.dated import History, tracker_dates
from pmo_sync.rollups.late import Place, late_milestones, places
from pmo_sync.rollups.measures import ALL, Counted
from pmo_sync.rollups.portfolio_milestones import PortfolioMilestone, portfolio_milestones
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.tally import Judged

COUNTED = {"open": "Open", "done": "Done"}
"""The measures that are told of a milestone, and what they are called."""


@dataclass(frozen=True, slots=True)
class Late:
    """A tracker's milestone that is past its day: a project's open items in it, and its place."""

    open: Counted
    place: Place


@dataclass(frozen=True)
class Dates:
    """How the trackers' milestones (by id) were dated, and the portfolio's with what they count:
    measure -> milestone -> items; ``late`` are those past their day, by project and id."""

    trackers: Mapping[str, History]
    milestones: tuple[PortfolioMilestone, ...]
    counted: Mapping[str, Mapping[str, Counted]]
    late: Mapping[tuple[str, str], Late]


def dates_of(tables: Tables, config: Config, scope: Scope, judged: Judged) -> Dates:
    """Gather what is known of milestones, all at once."""
    dated = tracker_dates(tables, scope)
    found = portfolio_milestones(tables, config, scope, dated)
    limit = config.policy.list_limit
    counts = judged.tallies(found.groups, limit, COUNTED) if found.groups is not None else {}
    return Dates(dated, found.milestones, counts, _late(tables, scope, judged, limit))


def _late(
    tables: Tables, scope: Scope, judged: Judged, limit: int
) -> Mapping[tuple[str, str], Late]:
    late = late_milestones(tables, scope)
    named = nw.concat_str("project", "member", separator=ALL).alias("group")
    groups = late.join(scope.membership, on="item_id", how="inner").select("item_id", named)
    found, kept = judged.tallies(groups, limit, ["open"])["open"], places(tables, late)
    pairs = {name: name.split(ALL, 1) for name in found}
    return {(project, id): Late(found[name], kept[id]) for name, (project, id) in pairs.items()}
