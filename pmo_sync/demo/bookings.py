"""Planning somebody's next weeks ahead, to more than they have."""

from __future__ import annotations

from datetime import date, timedelta

from pmo_sync.demo.calendar import first_working, morning
from pmo_sync.demo.card import Card
from pmo_sync.demo.desk import Desk
from pmo_sync.demo.plans import Booking

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
        for card in self._free():
            if wanted < SMALLEST:
                return
            wanted -= self._book(card, day, booking, wanted)

    def _free(self) -> list[Card]:
        return [one for one in self._desk.queue if one.assignee is None and not one.waits_for]

    def _book(self, card: Card, day: date, booking: Booking, wanted: int) -> int:
        """Plan an item; return the seconds that it takes."""
        lead, rng = self._desk.plan.lead, self._desk.rng
        at = card.moment(morning(day), 586, 592)
        card.assign(at, lead, booking.person)
        card.booked = booking.person
        due = first_working(day + timedelta(days=rng.randint(19, 26))).isoformat()
        card.set(at, lead, "due", card.due, due)
        card.due = due
        self._desk.timesheet.estimate(card, at, lead, always=True)
        if not card.estimate or card.estimate > wanted:
            self._desk.timesheet.put(card, at, lead, wanted // 1800 * 1800)
        return card.remaining or 0


def _planned(card: Card, day: date, sprint: str | None) -> bool:
    dated = card.due is not None and day < date.fromisoformat(card.due) <= day + AHEAD
    return dated or (sprint is not None and card.sprint == sprint)
