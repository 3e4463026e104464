"""A team's risk register: items that are no work, noted, assessed, answered, closed."""

from __future__ import annotations

from datetime import date, datetime

from pmo_sync.demo.calendar import morning
from pmo_sync.demo.card import Card
from pmo_sync.demo.desk import Desk
from pmo_sync.demo.facts import RISK
from pmo_sync.demo.plans import RiskPlan

LABEL = "risk"


class Register:
    """Keeps the register as it is laid down."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._cards: dict[int, Card] = {}
        self._held: dict[int, tuple[int, int]] = {}

    def live(self, day: date) -> None:
        """Note what happens to the risks on a day."""
        if not self._desk.noted:
            return
        for place, risk in enumerate(self._desk.plan.risks):
            if place not in self._cards and risk.day <= day:
                self._cards[place] = self._open(day, risk)
            card = self._cards.get(place)
            if card is not None and not card.finished:
                self._keep(card, day, place, risk)

    def _keep(self, card: Card, day: date, place: int, risk: RiskPlan) -> None:
        """Assess a risk as it is seen on a day, and close it when it is over."""
        seen = [(p, i) for since, p, i in risk.assessed if since <= day]
        if seen and seen[-1] != self._held.get(place):
            self._assess(card, day, place, seen[-1])
        if risk.closes and risk.closes <= day:
            at = self._moment(card, day)
            card.close(at, self._desk.plan.lead, self._desk.plan.stages[-1], "done")

    def _open(self, day: date, risk: RiskPlan) -> Card:
        jira, lead = self._desk.plan.subject.tracker != "github", self._desk.plan.lead
        card = self._desk.create(day, RISK if jira else "Task", 0, risk.title, 0.0, lead)
        card.add(card.created, lead, "label", LABEL)
        if risk.owned:
            card.set(card.created, lead, "assignee", None, lead)
            card.assignee = lead
        if risk.response:
            at = self._moment(card, day)
            card.set(at, lead, "response", None, risk.response)
            if not jira:
                card.add(at, lead, "label", f"response: {risk.response}")
        return card

    def _assess(self, card: Card, day: date, place: int, values: tuple[int, int]) -> None:
        at, lead = self._moment(card, day), self._desk.plan.lead
        old = self._held.get(place)
        before = old or (None, None)
        card.set(at, lead, "probability", before[0], values[0])
        card.set(at, lead, "impact", before[1], values[1])
        if self._desk.plan.subject.tracker == "github":
            if old:
                card.remove(at, lead, "label", _label(old))
            card.add(at, lead, "label", _label(values))
        self._held[place] = values

    def _moment(self, card: Card, day: date) -> datetime:
        return card.moment(morning(day), 300, 500)


def _label(values: tuple[int, int]) -> str:
    return f"{LABEL}: p{values[0]} i{values[1]}"
