"""What page one tells of the status report: each project once, and each decision with its why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pmo_sync.reports.base import Reason
from pmo_sync.reports.status.summary import concern, decisions
from tests.render.sample_report import status_report

PROJECT = status_report().attention[0]

RULES = [
    (Reason("schedule.target_past", "off_track", "22 days past"), "Set a new target"),
    (Reason("schedule.pace", "at_risk", "needs 4 a week, the mean is 2"), "Cut scope"),
    (Reason("schedule.pace", "note", "needs 1 a week, the mean is 2"), None),
    (Reason("schedule.no_target", "no_data", "no target date"), "Set a target"),
    (Reason("governance.no_owner", "note", "no owner"), "Name an owner"),
    (Reason("lifecycle.nothing_open", "note", "no open work"), "Close the project"),
    (Reason("lifecycle.open_work", "note", "complete, but 2 open"), "Finish, drop or move"),
    (Reason("schedule.slip", "on_track", "target not moved"), None),
    (Reason("schedule.slip", "off_track", "target moved 88 working days"), "Agree to the new"),
    (Reason("schedule.slip", "note", "target moved"), None),
    (Reason("scope.growth", "off_track", "grew by 30 %"), "Approve the growth"),
    (Reason("scope.growth", "note", "grew by 30 %"), None),
    (Reason("work.blocked", "note", "2 of 9 are blocked"), None),
]


@pytest.mark.parametrize(("reason", "ask"), RULES, ids=lambda each: getattr(each, "rule", None))
def test_a_rule_asks_for_a_decision_or_for_none(reason: Reason, ask: str | None) -> None:
    found = list(decisions([replace(PROJECT, owner="Ada", reasons=(reason,))]))
    assert [each.ask.startswith(ask or "") for each in found] == ([True] if ask else [])
    assert [(each.because, each.who) for each in found] == ([(reason.text, "Ada")] if ask else [])


def test_the_targets_that_are_past_come_first_and_nobody_is_invented() -> None:
    past, unowned = RULES[0][0], RULES[4][0]
    found = list(decisions([
        replace(PROJECT, name="A", owner=None, reasons=(unowned,)),
        replace(PROJECT, name="B", owner="Bo", reasons=(past,)),
    ]))  # fmt: skip
    assert [(each.subject, each.who) for each in found] == [("B", "Bo"), ("A", None)]


def test_every_concern_tells_the_same_facts() -> None:
    report = status_report()
    told = [concern(project) for project in (*report.attention, *report.steady)]
    assert {tuple(name for name, _ in each.facts) for each in told} == {
        ("Target", "Slip", "Trend", "Owner", "Freshness")
    }
    assert {each.standing for each in told} == {"", "on_hold"}
