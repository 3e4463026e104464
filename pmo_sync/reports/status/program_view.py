"""What the status report says of a program: counts and lists upwards, never an average."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from pmo_sync.reports.base import Chart, Figure, Level, Reason
from pmo_sync.reports.status.over_time import PredictabilityView


@dataclass(frozen=True, slots=True)
class Finish:
    """The latest finish of a program's active projects, at each of the odds: None is later than in
    ten years. ``of`` is the project whose 85 % date is the latest; ``known`` of the projects with
    open work have a forecast, ``without`` have none."""

    p50: datetime.date | None
    p85: datetime.date | None
    p95: datetime.date | None
    of: str
    known: int
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A project of a program or of one inside it, with the reasons for its level."""

    id: str
    name: str
    program: str
    owner: str | None
    lifecycle: str
    level: Level
    word: str
    reasons: tuple[Reason, ...]
    target: str
    p85: datetime.date | None
    no_forecast: str | None


@dataclass(frozen=True, slots=True)
class ProgramStatus:
    """How many of its projects (of the programs inside it, too) are at each level, the worst first,
    and what they come to: an item of two projects counts once."""

    name: str
    parent: str | None
    projects: int
    levels: tuple[tuple[Level, int], ...]
    open: Figure
    done: Figure
    id: str
    programs: tuple[str, ...] = ()
    """The programs directly inside it."""
    figures: tuple[tuple[str, Figure], ...] = ()
    finish: Finish | None = None
    """None where no active project has open work."""
    leaves: tuple[Leaf, ...] = ()
    """The worst first."""
    milestones: tuple[str, ...] = ()
    """The portfolio's milestones of it, of its projects and of the programs inside it."""
    predictability: PredictabilityView | None = None
    cumulative: Chart | None = None
