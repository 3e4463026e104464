"""Milestones of the portfolio: what they gather, whose they are, and how they were dated."""

from __future__ import annotations

from collections.abc import Callable

from pmo_sync.config.locate import KeyPath
from pmo_sync.config.problems import Problems
from pmo_sync.config.schema import Gather, MilestoneConfig

KINDS = ("milestone", "epic", "item", "where")
"""What a rule may gather by: one of these."""

Named = Callable[[str, str | None, KeyPath], None]
"""Notes a reference to nothing: table, name, and where it stands."""


def check_milestone(one: MilestoneConfig, where: KeyPath, named: Named, problems: Problems) -> None:
    """Note rules that gather nothing or two things at once, and dates that contradict."""
    named("programs", one.program, (*where, "program"))
    named("projects", one.project, (*where, "project"))
    if one.program and one.project:
        problems.error(where, "is of a program or of a project, not of both", "project")
    if not one.gather and not problems.spoilt((*where, "gather")):
        problems.warning(where, "gathers nothing: add a [[milestones.gather]]")
    for index, rule in enumerate(one.gather):
        _check_rule(rule, (*where, "gather", index), named, problems)
    _check_dates(one, where, problems)


def _check_rule(rule: Gather, where: KeyPath, named: Named, problems: Problems) -> None:
    named("sources", rule.source, (*where, "source"))
    given = [kind for kind in KINDS if getattr(rule, kind)]
    spoilt = any(problems.spoilt((*where, kind)) for kind in KINDS)
    if len(given) > 1:
        problems.error(where, f"gathers by {' and by '.join(given)}: a rule has one", given[1])
    elif not given and not spoilt and not problems.spoilt(where):
        problems.error(where, f"says nothing to gather (known: {', '.join(KINDS)})")
    for key in ("source", "container"):
        if rule.where and getattr(rule, key):
            told = "tracker" if key == "source" else key
            problems.error(where, f"{key} has no effect beside where: say {told} = ... in it", key)


def _check_dates(one: MilestoneConfig, where: KeyPath, problems: Problems) -> None:
    for index, given in enumerate(one.dates):
        here = (*where, "dates", index)
        for key in ("target", "since"):
            if getattr(given, key) is None and not problems.spoilt((*here, key)):
                problems.error(here, f"missing key {key!r}")
        before = one.dates[index - 1].since if index else None
        if before and given.since and given.since < before:
            text = f"since {given.since} is before that of the date above, {before}"
            problems.error(here, text, "since")
    last = one.dates[-1].target if one.dates else None
    if one.target and last and one.target != last:
        text = f"target {one.target} is not the last of its dates, {last}"
        problems.error(where, text, "target")
