"""Planning somebody's next weeks ahead, to more than they have."""

from __future__ import annotations

from datetime import date, timedelta

from pmo_sync.demo.calendar import first_working, morning
from pmo_sync.demo.card import Card
from pmo_sync.demo.desk import Desk
from pmo_sync.demo.timesheet import HALF_HOUR

AHEAD = timedelta(days=28)
SMALLEST = 4 * 3600
"""Less than this is not planned for, in seconds."""


class Bookings:
    """Gives waiting items to one person, dated in the next four weeks, until those are as full as
    the booking says. What is under way counts, and what is in the current sprint."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._booking = desk, desk.plan.booking

    def fill(self, day: date, active: list[Card], sprint: str | None) -> None:
        """Plan what is missing at the end of a day; ``sprint`` is the current one."""
        booking = self._booking
        if booking is None or not self._desk.noted or day < booking.since:
            return
        wanted = round(4 * booking.hours * 3600)
        wanted -= sum(
            card.remaining or 0
            for card in (*active, *self._desk.queue)
            if card.assignee == booking.person and _planned(card, day, sprint)
        )
        for card in [one for one in self._desk.queue if one.booked == booking.person]:
            if wanted <= -SMALLEST and _planned(card, day, sprint):
                wanted += self._release(card, day)
        free = self._free()
        for place, card in enumerate(free):
            if wanted < SMALLEST:
                return
            least = wanted // (len(free) - place)
            wanted -= self._book(card, day, booking.person, (least, wanted))
        mine = [one for one in self._desk.queue if one.booked == booking.person]
        if mine and wanted >= SMALLEST:
            self._raise(mine[-1], day, wanted)

    def _free(self) -> list[Card]:
        return [one for one in self._desk.queue if one.assignee is None and not one.waits_for]

    def _book(self, card: Card, day: date, person: str, bounds: tuple[int, int]) -> int:
        """Plan an item, which has to take so many seconds; return how many it takes."""
        lead, rng = self._desk.plan.lead, self._desk.rng
        at = card.moment(morning(day), 586, 592)
        card.assign(at, lead, person)
        card.booked = person
        due = first_working(day + timedelta(days=rng.randint(23, 26))).isoformat()
        card.set(at, lead, "due", card.due, due)
        card.due = due
        self._desk.timesheet.estimate(card, at, lead, always=True)
        fits = min(max(card.estimate or 0, bounds[0]), bounds[1]) // HALF_HOUR * HALF_HOUR
        if fits != card.remaining:
            self._desk.timesheet.put(card, at, lead, max(HALF_HOUR, fits))
        return card.remaining or 0

    def _raise(self, card: Card, day: date, seconds: int) -> None:
        """Find more work in an item, where there is no other to plan."""
        at, lead = card.moment(morning(day), 586, 592), self._desk.plan.lead
        self._desk.timesheet.leave(card, at, lead, (card.remaining or 0) + seconds)

    def _release(self, card: Card, day: date) -> int:
        """Take an item off the plan again; return the seconds that it took."""
        at, lead = card.moment(morning(day), 586, 592), self._desk.plan.lead
        card.set(at, lead, "assignee", card.assignee, None)
        card.set(at, lead, "due", card.due, None)
        card.assignee = card.booked = card.due = None
        return card.remaining or 0


def _planned(card: Card, day: date, sprint: str | None) -> bool:
    """Say whether an item is due in the weeks ahead, or undated in the current sprint."""
    if card.due is None:
        return sprint is not None and card.sprint == sprint
    return day < date.fromisoformat(card.due) <= day + AHEAD
