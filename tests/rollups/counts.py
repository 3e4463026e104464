"""What one measure counts, for tests of scopes."""

from __future__ import annotations

from pmo_sync.frames import Tables
from pmo_sync.rollups.measures import Counted
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.tally import by_project, judge


def counted_by_project(tables: Tables, scope: Scope, where: str, limit: int) -> dict[str, Counted]:
    """Return project -> what a filter counts in it."""
    return judge(tables, scope, {"it": where}).tallies(by_project(scope), limit)["it"]
