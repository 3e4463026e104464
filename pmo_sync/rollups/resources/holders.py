"""Who has which item: persons, not accounts."""

from __future__ import annotations

import narwhals as nw

from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, distinct
from pmo_sync.rollups.marks import members_with_ids
from pmo_sync.rollups.scope import Scope


def holders(tables: Tables, scope: Scope) -> Frame:
    """Return item_id, human (``Human.name``), sharers: a row for each person who is assigned, who
    shares the item equally with all ``sharers`` of it."""
    names = tables.rows(
        {"member": "str", "human": "str"},
        [(account, human.name) for human in scope.people.humans for account in human.accounts],
    )
    assigned = members_with_ids(tables, scope, "assignee").join(names, on="member", how="inner")
    once = tables.hold(distinct(assigned, "item_id", "human"))
    sharers = once.group_by("item_id").agg(nw.len().alias("sharers"))
    return tables.hold(once.join(sharers, on="item_id", how="inner"))
