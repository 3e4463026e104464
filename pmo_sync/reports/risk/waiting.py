"""Dependencies that cross a border, as rows; and the chains that they make, as paths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pmo_sync.frames import Tables
from pmo_sync.reports.risk.view import ChainRow, DependencyRow, EndRow
from pmo_sync.reports.words import day, several
from pmo_sync.rollups.dependencies import STATES, Dependency, End, chains, dependencies
from pmo_sync.rollups.scope import Scope

SECONDS_A_DAY = 86_400
LINKS_SHOWN = 100
CHAINS_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Waiting:
    """The first links that cross something, and of all of them the counts; the longest of all
    ``chains_total`` chains."""

    links: tuple[DependencyRow, ...]
    links_total: tuple[tuple[str, int], ...]
    chains: tuple[ChainRow, ...]
    chains_total: int

    @property
    def open(self) -> int:
        """Count the open ones that cross something."""
        return dict(self.links_total)["open"]


def waiting(tables: Tables, scope: Scope) -> Waiting:
    """Tell what waits for what across projects, teams and trackers at the day of a scope."""
    found = dependencies(tables, scope)
    ways = chain_rows(found)
    return Waiting(
        links=dependency_rows(found, scope.at, LINKS_SHOWN),
        links_total=dependency_totals(found),
        chains=ways[:CHAINS_SHOWN],
        chains_total=len(ways),
    )


def dependency_rows(
    found: Sequence[Dependency], at: datetime, limit: int
) -> tuple[DependencyRow, ...]:
    """Return up to ``limit`` of those that cross something, open ones first."""
    return tuple(_row(each, at) for each in _crossing(found)[:limit])


def dependency_totals(found: Sequence[Dependency]) -> tuple[tuple[str, int], ...]:
    """Count those that cross something by state, and the open ones that do not."""
    states = Counter(each.state for each in _crossing(found))
    inside = sum(1 for each in found if each.state == "open" and not each.crosses)
    return (*((state, states[state]) for state in STATES), ("inside", inside))


def chain_rows(found: Sequence[Dependency]) -> tuple[ChainRow, ...]:
    """Return every chain of more than one open link, the longest first."""
    return tuple(_chain(way) for way in chains(found))


def _crossing(found: Sequence[Dependency]) -> list[Dependency]:
    return [each for each in found if each.crosses]


def _row(found: Dependency, at: datetime) -> DependencyRow:
    seconds = (at - found.since).total_seconds() if found.since else None
    return DependencyRow(
        blocker=_end(found.blocker),
        blocked=_end(found.blocked),
        state=found.state,
        days=None if seconds is None else int(seconds // SECONDS_A_DAY),
        crosses=found.crosses,
        trouble=tuple(_trouble(found.blocker)) if found.state == "open" else (),
    )


def _end(end: End) -> EndRow:
    return EndRow(
        key=end.key,
        url=end.url,
        title=end.title,
        place=", ".join(end.projects) or end.container,
        status=end.status,
        people=end.people,
        known=end.category is not None,
    )


def _trouble(blocker: End) -> Iterator[str]:
    if blocker.blocked:
        yield "is itself blocked"
    if blocker.overdue and blocker.due:
        yield f"was due on {day(blocker.due)}"
    if not blocker.people:
        yield "is assigned to nobody"


def _chain(way: Sequence[Dependency]) -> ChainRow:
    ends = (way[0].blocker, *(link.blocked for link in way))
    circle = ends[0].item_id == ends[-1].item_id
    links = several(len(way), "link")
    text = f"a circle of {links}: none of it can go first" if circle else links
    return ChainRow(tuple(_end(end) for end in ends), circle, text)
