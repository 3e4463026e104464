"""What each rule of health says, and what would make it green: in words with numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from math import floor

from pmo_sync.reports.status.forecast import odds
from pmo_sync.reports.words import day, several
from pmo_sync.rollups.health.levels import Finding

Words = Callable[[Finding], str]


def text_of(finding: Finding) -> str:
    """Say what a rule found."""
    return TEXTS[finding.rule](finding)


def to_green(finding: Finding) -> str | None:
    """Say what would make it green, or known; None where it is green."""
    return None if finding.level == "on_track" else GREEN[finding.rule](finding)


def percent(value: object) -> str:
    """Write a share as a whole percentage; 0 % and 100 % only when truly so."""
    share = float(value) if isinstance(value, int | float) else 0.0
    whole = round(100 * share)
    if whole == 0 and share > 0:
        return "under 1 %"
    return "over 99 %" if whole == 100 and share < 1 else f"{whole} %"


def _n(finding: Finding, key: str) -> int:
    value = finding.inputs.get(key)
    return int(value) if isinstance(value, int | float) else 0


def _hours(finding: Finding, key: str) -> str:
    value = finding.inputs.get(key)
    return f"{value:,.0f}" if isinstance(value, int | float) else "no"


def _day(value: object) -> str:
    return day(value) if isinstance(value, date) else "an unknown day"


def _slip(f: Finding) -> str:
    slip, since = _n(f, "slip"), _day(f.inputs.get("baseline"))
    if slip == 0:
        return f"target not moved: {since}"
    way = "later" if slip > 0 else "earlier"
    return f"target moved {several(abs(slip), 'working day')} {way} than {since}"


def _odds(f: Finding) -> str:
    chance, p85 = f.inputs["probability"], f.inputs.get("p85")
    told = odds(float(chance)) if isinstance(chance, int | float) else "none"
    reached = f"85 % are reached on {_day(p85)}" if p85 else "85 % are not in sight"
    return f"done by {_day(f.inputs['target'])} with odds of {told}; {reached}"


def _path(f: Finding) -> str:
    later = f"a target of {_day(f.change)} or later" if f.change else "a later target"
    agreed = f"{later} that is agreed as a baseline"
    if f.inputs.get("cut"):
        return f"{several(_n(f, 'cut'), 'item')} out of scope, or {agreed}"
    return f"{agreed}; no smaller scope would do"


def _growth(f: Finding) -> str:
    base, added, removed = (_n(f, key) for key in ("base", "added", "removed"))
    value = f.inputs.get("growth")
    shrunk = isinstance(value, float) and value < 0
    # With a tenth: what is above a limit must not read as the limit.
    share = f"{abs(100 * value):.1f} %" if isinstance(value, float) else "none"
    told = f"scope {'shrank' if shrunk else 'grew'} by {share} since its baseline"
    approved = f", of which {percent(f.inputs['approved'])} were approved" if (
        f.rule == "scope.approved") else ""  # fmt: skip
    return f"{told}{approved}: {added:,} came and {removed:,} left, of {several(base, 'item')}"


def _load(f: Finding) -> str:
    share, fullness = f.inputs.get("load"), f.inputs.get("fullness")
    full = f"{percent(share)} of their hours" if share is not None else "no hours"
    waited = "" if f.inputs.get("critical") else ", nothing waits for it"
    person = f"; the fullest, {f.inputs['who']}, {percent(fullness)}" if fullness else ""
    return (
        f"its people have {full} in the next four weeks: {_hours(f, 'hours')} of"
        f" {_hours(f, 'capacity')}{waited}{person}"
    )


def _unestimated(f: Finding) -> str:
    share = f.inputs["estimated"]
    if not isinstance(share, float):
        return "nobody with open work in it has hours in the configuration"
    # Cut, not rounded: what is below a limit must not read as the limit.
    least = percent(f.threshold["estimated"])
    return f"{floor(1000 * share) / 10:g} % of the open work is estimated, less than {least}"


def _estimates(f: Finding) -> str:
    if f.inputs["estimated"] is None:
        return "people's hours in the configuration"
    return f"estimates of {percent(f.threshold['estimated'])} of the open work"


def _risk(f: Finding) -> str:
    score, high, without = int(f.threshold["score"]), _n(f, "high"), _n(f, "unanswered")
    if not high:
        return f"no open risk is scored {score} or more"
    are = "is" if high == 1 else "are"
    told = f"{several(high, 'open risk')} {are} scored {score} or more"
    some = f"{without} of them " if without != high else ""
    return told + (f", {some}without an owner or without a response" if without else "")


def _pace(f: Finding) -> str:
    needed, mean = f.inputs["needed"], f.inputs["mean"]
    return f"needs {needed:.1f} items a period by the target; the mean is {mean:.1f}"


def _cpi(f: Finding) -> str:
    index = f.inputs["cpi"]
    return (
        f"{_hours(f, 'earned')} of {_hours(f, 'budget')} budgeted hours are earned and"
        f" {_hours(f, 'spent')} spent: an index of {index:.2f}"
    )


def _says(text: str) -> Words:
    return lambda _: text


TEXTS: Mapping[str, Words] = {
    "schedule.target_past": lambda f: (
        f"target is {several(_n(f, 'overdue'), 'working day')} past with"
        f" {several(_n(f, 'open'), 'open item')}"
    ),
    "schedule.forecast": _odds,
    "schedule.slip": _slip,
    "schedule.pace": _pace,
    "schedule.no_target": _says("no target date"),
    "schedule.no_baseline": _says("no baseline yet"),
    "scope.growth": _growth,
    "scope.approved": _growth,
    "scope.no_baseline": _says("no baseline of the scope"),
    "scope.empty_baseline": _says("nothing was in scope at the baseline"),
    "cost.cpi": _cpi,
    "cost.no_budget": _says("no budget to compare with"),
    "cost.no_actual": _says("no time spent is on record"),
    "cost.unestimated": _says("too little of the work is estimated to say what is earned"),
    "resource.load": _load,
    "resource.not_critical": _load,
    "resource.unestimated": _unestimated,
    "risk.high": _risk,
    "risk.unanswered": _risk,
    "risk.no_register": _says("no risk is written down"),
}  # fmt: skip
"""The rule -> what it found."""

GREEN: Mapping[str, Words] = {
    "schedule.target_past": lambda f: (
        f"{several(_n(f, 'open'), 'open item')} finished or out of the project"
    ),
    "schedule.forecast": _path,
    "schedule.slip": lambda f: f"the target back on {_day(f.change)}, or a new baseline",
    "schedule.pace": lambda f: f"{several(_n_of(f.change), 'item')} out of scope, or more done",
    "schedule.no_target": _says("a target in the configuration"),
    "schedule.no_baseline": _says("a target that has been on record for a period"),
    "scope.growth": lambda f: f"{several(_n_of(f.change), 'item')} out of scope",
    "scope.approved": lambda f: f"{several(_n_of(f.change), 'item')} out of scope",
    "scope.no_baseline": _says("a baseline: pmo-sync baseline set"),
    "scope.empty_baseline": _says("a baseline that has items"),
    "cost.cpi": lambda f: f"{several(_n_of(f.change), 'hour')} less spent on what is done",
    "cost.no_budget": _says("budget_hours in the configuration"),
    "cost.no_actual": _says("time spent that is recorded in the tracker"),
    "cost.unestimated": _says("original estimates of more of the work"),
    "resource.load": lambda f: (
        f"{several(_n_of(f.change), 'hour')} of its people's work elsewhere or later"
    ),
    "resource.not_critical": lambda f: (
        f"{several(_n_of(f.change), 'hour')} of its people's work elsewhere or later"
    ),
    "resource.unestimated": _estimates,
    "risk.high": lambda f: f"{several(_n_of(f.change), 'risk')} closed or lowered",
    "risk.unanswered": lambda f: f"{several(_n_of(f.change), 'risk')} closed or lowered",
    "risk.no_register": _says("risks that are written down"),
}
"""The rule -> what would make it green, or known."""


def _n_of(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0
