"""What a reader of a scope will look at: nothing else needs to be computed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pmo_sync import frames
from pmo_sync.model import RISK_QUERY, SEVERAL_FIELDS, TARGET_FIELDS
from pmo_sync.rollups.where.fields import FIELDS
from pmo_sync.rollups.where.syntax import Expression, fields_of

HOURS = ("estimate", "remaining", "spent")
COLUMNS = (
    *frames.COLUMNS, "parent_id", "age", "overdue", *(f"{name}_hours" for name in HOURS),
)  # fmt: skip
"""The columns of a scope's items."""
SEVERAL = ("project", "program", "team", *SEVERAL_FIELDS)
"""The fields of a scope's members."""
MARKS = ("change", "quality", "baseline", "commitment")
"""The fields that ``marks.with_marks``, ``baselines.baseline_marks`` and ``predictability`` add:
they look at everything."""
PLANNED = ("effort", "planned")
"""The fields that ``resources.plan.with_plan`` adds: it looks at everything."""

GATHERED = ("portfolio_milestone",)
"""The field that ``gathering.with_gathered`` adds: it looks at everything."""

_RESTS_ON = {
    "age": ("category", "started", "created"),
    "overdue": ("category", "due"),
    "parent_id": ("parent",),
    **{f"{name}_hours": (name,) for name in HOURS},
}


@dataclass(frozen=True)
class Wanted:
    """Columns of a scope's items, and fields of its members."""

    columns: frozenset[str] = frozenset(COLUMNS)
    members: frozenset[str] = frozenset(SEVERAL)

    def told(self) -> frozenset[str]:
        """Return the columns that must be known of the items themselves."""
        resting = (more for name in self.columns for more in _RESTS_ON.get(name, ()))
        return frozenset({"item_id", *self.columns, *resting}) & {*frames.COLUMNS}

    def named(self) -> bool:
        """Say whether somebody's name is looked at."""
        return bool(self.members & {"assignee", "team"}) or "risk_owner" in self.columns

    @property
    def wide(self) -> bool:
        """Whether so much is looked at, and so often, that it is computed once."""
        return self.columns >= REPORTED.columns

    def with_fields(self, names: Collection[str]) -> Wanted:
        """Add what fields of the filter language (see ``where.fields``) look at."""
        columns = {f.column or f.name for name in names if not (f := FIELDS[name]).several}
        return Wanted(self.columns | columns, self.members | ({*names} & {*SEVERAL}))


EVERYTHING = Wanted()
REPORTED = Wanted(
    EVERYTHING.columns
    - {"type_id", "since", "resolution", "resolution_id", "priority", "priority_id",
       "priority_rank", "parent", "start", "estimate", "spent", "flagged", "restricted",
       "remaining_hours", "spent_hours", *TARGET_FIELDS, "tracker_team", RISK_QUERY},
    EVERYTHING.members - {"milestone", "iteration"},
)  # fmt: skip
"""What reports look at, all of them together: they share one scope."""
NOTHING = Wanted(frozenset({"item_id"}), frozenset())


def wanted_by(expression: Expression | None, names: Collection[str]) -> Wanted:
    """Return what a filter and the fields ``names`` look at; a mark, a plan or what
    the portfolio's milestones gather looks at everything."""
    fields = {*names, *(fields_of(expression) if expression else ())}
    if fields & {*MARKS, *PLANNED, *GATHERED}:
        return EVERYTHING
    return NOTHING.with_fields(fields)
