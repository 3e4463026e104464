"""What is counted: each measure is a filter, so a figure, its list and ``pmo-sync items`` agree."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

import narwhals as nw

from pmo_sync.frames.durations import epoch_seconds
from pmo_sync.frames.tables import Frame, Tables, records
from pmo_sync.policy import Policy
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.where.apply import compile
from pmo_sync.rollups.where.parse import parse
from pmo_sync.rollups.work import of_work

NO_PROJECT = ""
"""The group of items that no project selects."""
ALL = "\x1f"
"""The group of all items, each counted once: a control character, which is no project's name."""
ORDER = ("oldest", "latest", "key", "item_id")
"""What lists are sorted by; see ``in_order``."""
PREVIOUS = "the previous report"
FEW = 1_000
"""So many values fit into a query; more are sooner a table."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A set of items: ``where`` is its definition in the filter language."""

    name: str
    title: str
    where: str


class Rows(Protocol):
    """Where the rows of lists are: those that are shown are fetched, all at once."""

    def at(self, places: Collection[int]) -> Mapping[int, Mapping[str, Any]]:
        """Return the rows at some places."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many items of a group a measure counts, and at which places of ``rows`` the first of
    them are, oldest work first."""

    total: int
    first: Sequence[int]
    rows: Rows = field(repr=False, compare=False)


def measures(policy: Policy, previous: date, named: str = PREVIOUS) -> tuple[Measure, ...]:
    """Return the measures of the status report; ``previous`` is the day that it compares with,
    which titles call ``named``."""
    since = previous.isoformat()
    return (
        Measure("open", "Open", "category = open"),
        Measure("todo", "To do", "category = todo"),
        Measure("in_progress", "In progress", "category = in_progress"),
        Measure("done", "Done", "category = done"),
        Measure("dropped", "Dropped", "category = dropped"),
        Measure("aged_open", "Open work", of_work(policy, "category = open")),
        Measure("aged_wip", "Work in progress", of_work(policy, "category = in_progress")),
        Measure("started", "Ever in progress", "started is not empty"),
        Measure("arrived", f"Created since {named}", f"created > {since}"),
        Measure("delivered", f"Work done since {named}",
                of_work(policy, f"category = done and finished > {since}")),
        Measure("withdrawn", f"Dropped since {named}",
                f"category = dropped and finished > {since}"),
        Measure("blocked", "Blocked", "blocked = true"),
        Measure("overdue", "Overdue", "overdue = true"),
        Measure("unassigned", "In progress, assigned to nobody",
                "category = in_progress and assignee is empty"),
        Measure("unestimated", "Open, without an estimate",
                "category = open and points is empty and estimate is empty"),
        Measure("undated", "Open, without a due date", "category = open and due is empty"),
        Measure("stale", f"In progress, untouched for {policy.stale_after} days",
                f"category = in_progress and updated < -{policy.stale_after}d"),
        Measure("reopened", f"Re-opened since {named}", "change = reopened"),
        Measure("newly_blocked", "Newly blocked", "change = blocked"),
        Measure("postponed", "Due date moved later", "change = postponed"),
        Measure("re_estimated", "Re-estimated", "change = re_estimated"),
        Measure("moved_in", "Moved into scope", "change = moved_in"),
        Measure("missed", "Planned for the last month, and not done in it", "commitment = missed"),
        Measure("scope_added", "Added since the baseline", "baseline = added"),
        Measure("scope_removed", "Dropped since the baseline", "baseline = removed"),
        Measure("scope_re_estimated", "Re-estimated since the baseline",
                "baseline = estimated_anew"),
        Measure("no_start", "Done without ever being in progress",
                "category = done and started is empty"),
        Measure("no_finish", "Done, but nobody knows when",
                "category in (done, dropped) and finished is empty"),
        Measure("moved_back", "Moved back to to do after work had started",
                "category = todo and started is not empty"),
        Measure("closed_milestone", "Open in a closed milestone", "quality = closed_milestone"),
        Measure("overdue_milestone", "Open in a milestone that is past its date",
                "quality = overdue_milestone"),
        Measure("finished_blocker", "Marked as blocked, but only finished work blocks it",
                "quality = finished_blocker"),
        Measure("finished_parent", "Open under a finished parent", "quality = finished_parent"),
        Measure("inactive_assignee", "Open, assigned to a deactivated account",
                "quality = inactive_assignee"),
        Measure("unmapped_status", "In a status that nothing maps", "quality = unmapped_status"),
        Measure("contradicted", "With another value than their own history ends with",
                "quality = contradicted"),
        Measure("overlapping", "In more than one project", "quality = overlapping"),
        Measure("unclaimed", "In no project", "project is empty"),
    )  # fmt: skip


def select(scope: Scope, where: str) -> Frame:
    """Return the items of the scope that a filter selects."""
    condition = compile(parse(where), as_of=scope.at, timezone=scope.timezone)
    return condition(scope.items, scope.members)


def in_order(rows: Frame) -> Frame:
    """Add the columns of ``ORDER``: the oldest open work first, then what was finished last."""
    return rows.with_columns(
        (nw.col("age").fill_null(-1) * -1).alias("oldest"),
        (epoch_seconds(nw.col("finished")).fill_null(0) * -1).alias("latest"),
    )


def member_names(
    tables: Tables, scope: Scope, item_ids: Collection[str], fields: Sequence[str]
) -> dict[str, dict[str, list[str]]]:
    """Return field -> item_id -> its names in alphabetical order, for some items and some of the
    several-valued fields."""
    wanted = sorted(set(item_ids))
    held = scope.members.filter(nw.col("field").is_in(fields)).select("item_id", "field", "value")
    if len(wanted) <= FEW:
        held = held.filter(nw.col("item_id").is_in(wanted))
    else:
        some = tables.rows({"item_id": "str"}, [(each,) for each in wanted])
        held = held.join(some, on="item_id", how="semi")
    names: dict[str, dict[str, list[str]]] = {field: {} for field in fields}
    for row in records(held):
        names[row["field"]].setdefault(row["item_id"], []).append(row["value"])
    for each in names.values():
        for found in each.values():
            found.sort()
    return names
