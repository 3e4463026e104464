"""What people say of a project's health, and the thresholds that it is judged by."""

from __future__ import annotations

import math
import re

from pmo_sync.config.locate import KeyPath
from pmo_sync.config.problems import Problems
from pmo_sync.config.ranges import check_range
from pmo_sync.config.schema import Override, Project, Voice
from pmo_sync.policy import HealthChanges, HealthPolicy

BOARD = re.compile(r"[^/\s]+/\d+")
"""A board by its owner and number, as reports name it."""
HEALTH_RANGES = {
    "probability_green": (0, 1),
    "probability_amber": (0, 1),
    "slip_amber": (0, math.inf),
    "growth_green": (0, math.inf),
    "growth_amber": (0, math.inf),
    "cpi_green": (0, math.inf),
    "cpi_amber": (0, math.inf),
    "load_green": (0, math.inf),
    "load_amber": (0, math.inf),
}
"""Lowest and highest value of the thresholds, both allowed."""
ORDERED = (
    ("probability_amber", "probability_green"),
    ("growth_green", "growth_amber"),
    ("cpi_amber", "cpi_green"),
    ("load_green", "load_amber"),
)
"""Thresholds of which the first is at most the second."""


def check_thresholds(
    health: HealthPolicy | HealthChanges | None, where: KeyPath, problems: Problems
) -> None:
    """Note thresholds that no value can meet, or that contradict each other."""
    if health is None:
        return
    for key, (low, high) in HEALTH_RANGES.items():
        check_range(getattr(health, key), low, high, (*where, key), problems)
    for less, more in ORDERED:
        lower, upper = getattr(health, less), getattr(health, more)
        if lower is not None and upper is not None and lower > upper:
            problems.error(where, f"{less} {lower} is above {more} {upper}", less)


def check_declarations(project: Project, where: KeyPath, problems: Problems) -> None:
    """Note overrides and notes without a day, and numbers that cannot be meant."""
    check_range(project.budget_hours, 1, math.inf, (*where, "budget_hours"), problems)
    check_range(project.approved_growth, 0, math.inf, (*where, "approved_growth"), problems)
    check_thresholds(project.health, (*where, "health"), problems)
    for index, override in enumerate(project.overrides):
        _check_override(override, (*where, "overrides", index), problems)
    for index, note in enumerate(project.notes):
        if note.day is None and not problems.spoilt((*where, "notes", index, "day")):
            problems.error((*where, "notes", index), "missing key 'day'")

    for index, voice in enumerate(project.declared):
        _check_voice(voice, (*where, "declared", index), problems)


def _check_voice(voice: Voice, where: KeyPath, problems: Problems) -> None:
    """Note a voice that is neither a board nor an item, or both."""
    if bool(voice.board) == bool(voice.item):
        if not any(problems.spoilt((*where, key)) for key in ("board", "item")):
            problems.error(where, "must name either a board or an item")
    elif voice.board and not BOARD.fullmatch(voice.board):
        problems.error((*where, "board"), f"must be written owner/5, is {voice.board!r}")


def _check_override(override: Override, where: KeyPath, problems: Problems) -> None:
    if override.since is None and not problems.spoilt((*where, "since")):
        problems.error(where, "missing key 'since'")
    if override.since and override.expires and override.since > override.expires:
        text = f"since {override.since} is after expires {override.expires}"
        problems.error(where, text, "since")
    named = (override.by, override.reason, override.expires)
    if override.level == "on_track" and not all(named):
        text = "on_track is never worse than what is computed: it wants by, reason and expires"
        problems.error(where, text)
