"""What one measure counts, for tests of scopes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pmo_sync.frames import Tables
from pmo_sync.rollups.groups import by_project
from pmo_sync.rollups.measures import Counted
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.tally import judge


def counted_by_project(tables: Tables, scope: Scope, where: str, limit: int) -> dict[str, Counted]:
    """Return project -> what a filter counts in it."""
    return judge(tables, scope, {"it": where}).tallies(by_project(scope), limit)["it"]


def shown(counted: Counted) -> list[Mapping[str, Any]]:
    """Return the rows that a list of it shows."""
    rows = counted.rows.at(counted.first)
    return [rows[place] for place in counted.first]
