"""Thresholds and the meaning of tracker words, as data with defaults; reports print what they used.

What a status means is decided here, at report time: a changed mapping needs no new sync.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

from pmo_sync.model import Category, Term

WELL_KNOWN_STATUSES: Mapping[str, Category] = {
    **dict.fromkeys(
        ("open", "to do", "todo", "new", "backlog", "inbox", "reopened", "ready", "ready for dev",
         "selected for development", "triage", "planned"), "todo"),
    **dict.fromkeys(
        ("in progress", "in development", "doing", "in review", "review", "code review",
         "in testing", "testing", "blocked", "on hold", "waiting"), "in_progress"),
    **dict.fromkeys(("done", "closed", "resolved", "released", "verified", "completed"), "done"),
    **dict.fromkeys(("rejected", "cancelled", "canceled", "won't do", "declined"), "dropped"),
}  # fmt: skip
"""The last resort for a status that the site no longer lists (an old workflow's), by its name."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a report decides by. Shares are fractions of one, ages are days."""

    status: Mapping[str, Category] = field(default_factory=dict)
    """A status by name or id -> category; overrides the site's own category."""
    in_progress_labels: tuple[str, ...] = ("in progress", "status: in progress", "wip")
    """Labels that say that an open item is being worked on, where the status cannot (GitHub)."""
    blocked_labels: tuple[str, ...] = ("blocked", "status: blocked")
    dropped_resolutions: tuple[str, ...] = (
        "won't do", "won't fix", "duplicate", "cannot reproduce", "incomplete", "declined",
        "invalid", "not a bug", "not planned", "abandoned",
    )  # fmt: skip
    """Resolutions that say that finished work was dropped, not delivered."""
    restricted: Literal["show", "mask"] = "show"
    """Whether reports show the titles of items that not everybody may see in the tracker (a
    security level, a private repository), or ``(restricted)`` in their place."""
    people: Literal["names", "initials", "teams"] = "names"
    """How every output speaks of people: by name, by initials, or of teams alone."""
    hours_a_week: float = 40.0
    """The working hours of a person of the configuration without their own."""
    hours_per_point: float | None = None
    """What a point weighs where an item has no remaining estimate; without it, nothing known."""
    lone_carrier: float = 0.80
    """From this share of a project, epic or component on, one person carries it alone."""
    lone_carrier_minimum: int = 5
    """Fewer items than this say nothing of who carries them."""
    stale_after: int = 14
    """An open, started item that nobody touched for so many days is stale."""
    dormant_after: int = 60
    """A project in which nothing changed for so many days is dormant."""
    source_stale_after: float = 2.0
    """A source whose last complete sync is older than this at as-of is stale."""
    slip_amber: float = 0.10
    """Share of the planned duration by which a target may slip before it is off track."""
    minimum_finished: int = 5
    """Fewer finished items than this give no cycle-time figure."""
    minimum_coverage: float = 0.60
    """A figure that covers less of its items than this says 'no data'."""
    list_limit: int = 25
    """Items shown in a list of a report; a longer list says so."""

    def version(self) -> str:
        """Return a short name of this policy: equal policies have equal versions."""
        text = json.dumps(asdict(self), sort_keys=True, default=list)
        return hashlib.sha256(text.encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a value of a field says of an item: its category, or that it is blocked.

    ``via`` says who decided: the policy, the site, the name, or nobody (``unmapped``).
    """

    site: str
    field: str
    value: str
    name: str
    category: Category
    via: str


def status_meanings(terms: Iterable[Term], policy: Policy) -> list[Meaning]:
    """Decide the category of every status: the policy's word, else the site's own category,
    else the well-known names; what nobody knows counts as to do and is listed as unmapped."""
    overrides = {name.casefold(): category for name, category in policy.status.items()}
    meanings = []
    for term in terms:
        if term.field != "status":
            continue
        name = term.name.casefold()
        override = overrides.get(name) or overrides.get(term.value.casefold())
        known = WELL_KNOWN_STATUSES.get(name)
        if override:
            category, via = override, "policy"
        elif term.category:
            category, via = term.category, "site"
        elif known:
            category, via = known, "name"
        else:
            category, via = "todo", "unmapped"
        meanings.append(Meaning(term.site, "status", term.value, term.name, category, via))
    return meanings
