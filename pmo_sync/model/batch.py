"""What a connector hands over, and the store keeps together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from pmo_sync.model.beside import Delivery, PullRecord, StatusUpdate, Worklog
from pmo_sync.model.work import (
    HistoryRow,
    Iteration,
    Link,
    Milestone,
    Observation,
    Person,
    Site,
    Term,
    WorkItem,
)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A payload that could not be mapped, and why: counted in every report."""

    site: str
    native_id: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """All the item ids that are in a scope now; what is missing from it has left."""

    site: str
    container: str
    item_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marking:
    """All the items of a source that a query of its configuration finds now, as the flag
    ``field``; what is missing has it no more."""

    site: str
    field: str
    item_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Departed:
    """A container that is no longer of the scope: that was confirmed, it is no gap in a list."""

    site: str
    container: str


class ItemRecord(Struct, frozen=True, gc=False):
    """One item with everything its payload says: the unit that is replaced as a whole.

    ``held`` are fields with a value that they have had since ``creator`` made the item, which is
    most of its history: short for the rows that ``rows`` lists with the others. ``empty`` are
    fields that were seen to hold nothing now: short for observations of None.
    """

    item: WorkItem
    history: tuple[HistoryRow, ...] = ()
    observations: tuple[Observation, ...] = ()
    links: tuple[Link, ...] = ()
    held: tuple[tuple[str, str], ...] = ()
    creator: str | None = None
    empty: tuple[str, ...] = ()

    def rows(self) -> list[HistoryRow]:
        """List the whole history."""
        item_id, created = self.item.item_id, self.item.created
        held = [
            HistoryRow("item", item_id, name, value, created, None, self.creator)
            for name, value in self.held
        ]
        return [*held, *self.history]


@dataclass(frozen=True, slots=True)
class Batch:
    """What a connector hands over at once; it is committed together with ``state``.

    ``state`` is the connector's resume state after this batch, by scope: opaque to all others.
    """

    sites: tuple[Site, ...] = ()
    items: tuple[ItemRecord, ...] = ()
    persons: tuple[Person, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    iterations: tuple[Iteration, ...] = ()
    observations: tuple[Observation, ...] = ()
    terms: tuple[Term, ...] = ()
    pulls: tuple[PullRecord, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    status_updates: tuple[StatusUpdate, ...] = ()
    """Of a board the newest, all of them: what is missing among them was withdrawn."""
    worklogs: tuple[Worklog, ...] = ()
    removed_worklogs: tuple[str, ...] = ()
    """Ids of worklogs that were deleted at the tracker."""
    rejected: tuple[Rejected, ...] = ()
    sweeps: tuple[Sweep, ...] = ()
    markings: tuple[Marking, ...] = ()
    departed: tuple[Departed, ...] = ()
    state: Mapping[str, str] = field(default_factory=dict)
