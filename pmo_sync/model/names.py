"""What the fields, kinds and levels of records are called; and their ids."""

from __future__ import annotations

from typing import Literal

Entity = Literal["item", "milestone", "iteration", "project", "person", "portfolio_milestone"]
Origin = Literal["changelog", "migration", "corrected", "observed", "config"]
LinkKind = Literal["blocks", "relates", "duplicates", "closes", "causes"]
Category = Literal["todo", "in_progress", "done", "dropped"]

DeclaredLevel = Literal["on_track", "at_risk", "off_track", "complete", "inactive"]

CATEGORIES: tuple[Category, ...] = ("todo", "in_progress", "done", "dropped")

SINGLE_FIELDS = (
    "status", "resolution", "priority", "points", "start", "due", "estimate", "remaining",
    "spent", "parent", "flagged",
)  # fmt: skip
"""Fields of an item with one value at a time whose every value is a history row.

``title``, ``key``, ``container`` and ``type`` have history rows only once they have changed:
until then the column of ``WorkItem`` has always been true.
"""
RISK_FIELDS = ("probability", "impact", "response", "risk_owner", "proximity")
"""What is said of a risk: in the tracker's own words; a person by id. What a word means is policy.
"""
TARGET_FIELDS = ("target_start", "target_end")
"""When an item is to begin and to end by the plan that its tracker keeps apart from its dates."""
DECLARED_FIELDS = ("health", "health_text")
"""What somebody declares of a whole project on the item that stands for it, in words of their own.
"""
MAPPED_FIELDS = (*RISK_FIELDS, *TARGET_FIELDS, "tracker_team", *DECLARED_FIELDS)
"""Fields that an item has where a site keeps them, or where a configuration says which field of
the tracker, or which label, holds them.

No column holds them: their history rows are all there is.
"""
RISK_QUERY = "risk_jql"
"""A flag of items that a source's own query for risks finds; known from sync to sync."""
ATTRIBUTE_FIELDS = ("title", "key", "container", "type")
SEVERAL_FIELDS = ("assignee", "label", "component", "milestone", "iteration")
"""Fields with several values at a time: one history row a member."""


def global_id(site: str, native: str | int) -> str:
    """Return the id of a record that is unique over all sites."""
    return f"{site}#{native}"


NAMED = "?"
"""In place of a site: what a link names by its key or by the address of its page alone. The store
puts the item's own id there once it knows exactly one that bears the name."""
