"""Thresholds and the meaning of tracker words, as data with defaults; reports print what they used.

What a status means is decided here, at report time: a changed mapping needs no new sync.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from string import Formatter
from typing import Literal

from pmo_sync.model import Category, DeclaredLevel, Term

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

WELL_KNOWN_LEVELS: Mapping[str, int] = {
    **dict.fromkeys(
        ("very low", "lowest", "rare", "remote", "negligible", "insignificant", "trivial"), 1),
    **dict.fromkeys(("low", "unlikely", "minor"), 2),
    **dict.fromkeys(("medium", "moderate", "possible", "average"), 3),
    **dict.fromkeys(("high", "likely", "probable", "major", "significant"), 4),
    **dict.fromkeys(
        ("very high", "highest", "almost certain", "certain", "critical", "severe",
         "catastrophic", "extreme"), 5),
}  # fmt: skip
"""What a tracker's word for a probability or an impact is on the scale of 1 to 5."""


WELL_KNOWN_DECLARED: Mapping[str, DeclaredLevel] = {
    **dict.fromkeys(("on track", "green", "g", "good", "ok", "healthy"), "on_track"),
    **dict.fromkeys(
        ("at risk", "amber", "yellow", "orange", "a", "amber green", "amber red", "warning"),
        "at_risk"),
    **dict.fromkeys(("off track", "red", "r", "bad", "critical", "blocked"), "off_track"),
    **dict.fromkeys(("complete", "completed", "done", "closed", "finished", "blue"), "complete"),
    **dict.fromkeys(
        ("inactive", "paused", "on hold", "not started", "cancelled", "canceled"), "inactive"),
    "\U0001f7e2": "on_track", "\U0001f7e1": "at_risk", "\U0001f7e0": "at_risk",
    "\U0001f534": "off_track",
}  # fmt: skip
"""What a tracker's word for the health of a project declares; the last four are coloured discs."""


@dataclass(frozen=True, slots=True)
class RiskPolicy:
    """Which items are the risk register, and what their words and scores mean.

    An item is in the register where its type, a label or the filter ``where`` says so.
    """

    types: tuple[str, ...] = ("Risk",)
    labels: tuple[str, ...] = ("risk",)
    where: str | None = None
    high: int = 15
    """A score (probability x impact, 1 to 25) from which on a risk is high."""
    medium: int = 8
    scale: Mapping[str, int] = field(default_factory=dict)
    """A tracker's word for a probability or an impact -> 1 to 5; overrides the well-known ones."""
    label_patterns: tuple[str, ...] = (
        "risk: p{probability} i{impact}", "probability: {probability}", "impact: {impact}",
        "probability/{probability}", "impact/{impact}", "response: {response}",
        "response/{response}", "proximity: {proximity}", "risk owner: {risk_owner}",
    )  # fmt: skip
    """How labels say what no field of the tracker does."""


@dataclass(frozen=True, slots=True)
class HealthPolicy:
    """The thresholds of health: what is at least green, and what is at least amber. Shares are
    fractions of one; values compare unrounded.

    The open risks that decide are those of ``RiskPolicy.high``, coverage is the policy's.
    """

    probability_green: float = 0.85
    """P(finish by the target) from which on the schedule is on track ..."""
    probability_amber: float = 0.50
    """... and at risk; below, it is off track."""
    slip_amber: float = 0.10
    """Share of the planned duration by which a target may slip before it is off track."""
    growth_green: float = 0.10
    """Growth of scope since the baseline up to which it is on track ..."""
    growth_amber: float = 0.25
    """... and at risk; beyond, it is off track unless it was approved."""
    cpi_green: float = 0.95
    """Cost performance index (earned / spent) from which on the cost is on track ..."""
    cpi_amber: float = 0.90
    """... and at risk."""
    load_green: float = 1.0
    """Load / capacity of the most loaded person up to which people are on track ..."""
    load_amber: float = 1.2
    """... and at risk; beyond, they are off track where the work is critical."""


@dataclass(frozen=True, slots=True)
class HealthChanges:
    """Thresholds of a program or a project that differ from the policy's."""

    probability_green: float | None = None
    probability_amber: float | None = None
    slip_amber: float | None = None
    growth_green: float | None = None
    growth_amber: float | None = None
    cpi_green: float | None = None
    cpi_amber: float | None = None
    load_green: float | None = None
    load_amber: float | None = None


@dataclass(frozen=True, slots=True)
class ForecastPolicy:
    """What forecasts are made from, and when there is none."""

    weeks: int = 26
    """The last weeks that a forecast draws from, if no change of pace cuts them short."""
    minimum_weeks: int = 6
    """With fewer whole weeks of history there is no forecast."""
    minimum_finished: int = 5
    """With fewer items finished in the weeks drawn from there is none."""
    minimum_days: int = 5
    """Where something was finished on fewer days there is none."""
    cautious: bool = True
    """Whether the weeks drawn from are taken for a small sample, or for the whole truth."""
    split: float = 1.0
    """What is open turns out to be up to so many times as many items, all by one factor."""


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
    waiting_statuses: tuple[str, ...] = ()
    """Statuses, by name or id, in which started work waits: without them no flow efficiency."""
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
    declared_stale_after: int = 14
    """A declared level that is older than so many days is stale."""
    level_words: Literal["three", "five"] = "three"
    """How levels are called: On track, At risk, Off track; or Green, Amber/Green, Amber,
    Amber/Red, Red."""
    minimum_finished: int = 5
    """Fewer finished items than this give no cycle-time figure."""
    minimum_coverage: float = 0.60
    """A figure that covers less of its items than this says 'no data'."""
    list_limit: int = 25
    """Items shown in a list of a report; a longer list says so."""
    page_rows: int = 20_000
    """Items shown in all lists of a page together: those of exceptions keep theirs the longest."""
    declared: Mapping[str, DeclaredLevel] = field(default_factory=dict)
    """A word of a mapped ``health`` field -> what it declares; overrides the well-known ones."""
    risk: RiskPolicy = field(default_factory=RiskPolicy)
    health: HealthPolicy = field(default_factory=HealthPolicy)
    forecast: ForecastPolicy = field(default_factory=ForecastPolicy)

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


_DIGIT = re.compile(r"([1-5])(?:\.0+)?(?:\s*[-–—:.(]\s*\D.*)?|\D+\(([1-5])\)")
"""``4``, ``4 - Likely``, ``Likely (4)``."""


def risk_level(word: str, policy: RiskPolicy) -> int | None:
    """Return what a word for a probability or an impact is on the scale of 1 to 5; None where
    nobody knows: not assessed is not zero."""
    folded = " ".join(word.casefold().split())
    named = {" ".join(name.casefold().split()): level for name, level in policy.scale.items()}
    if folded in named:
        return named[folded]
    if found := _DIGIT.fullmatch(folded):
        return int(found[1] or found[2])
    return WELL_KNOWN_LEVELS.get(folded)


_PUNCTUATION = re.compile(r"[\W_]+")


def declared_level(word: str, policy: Policy) -> DeclaredLevel | None:
    """Return what a word for a project's health declares; None where nobody knows. Case, blanks
    and punctuation do not count: ``On-track`` is ``on track``."""
    known = {
        **WELL_KNOWN_DECLARED,
        **{_plain(name): each for name, each in policy.declared.items()},
    }
    return known.get(_plain(word))


def _plain(word: str) -> str:
    """Return the words alone; what holds none (a coloured disc) as it is."""
    return _PUNCTUATION.sub(" ", word.casefold()).strip() or word.strip()


def told_by_labels(labels: Iterable[str], policy: RiskPolicy) -> list[tuple[str, str, str]]:
    """Return (label, field, value) for everything that labels tell by the policy's patterns."""
    patterns = [_label_pattern(pattern) for pattern in policy.label_patterns]
    return [
        (label, field, value)
        for label in labels
        for pattern in patterns
        if (found := pattern.fullmatch(label.strip()))
        for field, value in found.groupdict().items()
    ]


def _label_pattern(pattern: str) -> re.Pattern[str]:
    """Compile ``risk: p{probability}``: blanks are optional, case does not count, and what follows
    a letter is a digit of the scale."""
    parts = []
    for literal, name, _, _ in Formatter().parse(pattern):
        parts.append(r"\s*".join(re.escape(word) for word in re.split(r"\s+", literal)))
        if name:
            value = "[1-5]" if literal[-1:].isalpha() else r".*\S"
            parts.append(f"(?P<{name}>{value})")
    return re.compile("".join(parts), re.IGNORECASE)
