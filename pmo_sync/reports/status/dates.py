"""What is known of milestones for one status report, computed once for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.rollups.dated import History, tracker_dates
from pmo_sync.rollups.measures import Counted
from pmo_sync.rollups.portfolio_milestones import PortfolioMilestone, portfolio_milestones
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.tally import Judged

COUNTED = {"open": "Open", "done": "Done"}
"""The measures that are told of a milestone, and what they are called."""


@dataclass(frozen=True)
class Dates:
    """How the trackers' milestones (by id) were dated, and the portfolio's with what they count:
    measure -> milestone -> items."""

    trackers: Mapping[str, History]
    milestones: tuple[PortfolioMilestone, ...]
    counted: Mapping[str, Mapping[str, Counted]]


def dates_of(tables: Tables, config: Config, scope: Scope, judged: Judged) -> Dates:
    """Gather what is known of milestones, all at once."""
    dated = tracker_dates(tables, scope)
    found = portfolio_milestones(tables, config, scope, dated)
    limit = config.policy.list_limit
    counts = judged.tallies(found.groups, limit, COUNTED) if found.groups is not None else {}
    return Dates(dated, found.milestones, counts)
