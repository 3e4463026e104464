"""What the portfolio's office writes down, and when: projects, owners, targets, lifecycles."""

from __future__ import annotations

from datetime import date

from pmo_sync.demo.facts import WorldPortfolio, WorldProgram, WorldProject, WorldSelect
from pmo_sync.demo.names import TITLE
from pmo_sync.demo.plans import Blueprint, TeamPlan
from pmo_sync.demo.rhythm import written_by

PROGRAMS = (
    WorldProgram("Customer"),
    WorldProgram("Payments", parent="Customer"),
    WorldProgram("Operations"),
    WorldProgram("Platform"),
)


def portfolios(blueprint: Blueprint, until: date) -> tuple[tuple[date, WorldPortfolio], ...]:
    """Return the portfolio at each day on which something in it was changed, up to a day."""
    moved = {since for dates in blueprint.targets.values() for since, _ in dates}
    changed = sorted(moved | {plan.over for plan in blueprint.plans if plan.kind == "finished"})
    days = [day for day in changed if day <= until] or changed[:1]
    return tuple((day, _written(blueprint, day)) for day in days)


def _written(blueprint: Blueprint, day: date) -> WorldPortfolio:
    names = {person.key: person.name for person in blueprint.people}
    return WorldPortfolio(
        name=f"{TITLE} portfolio",
        timezone="Europe/Stockholm",
        programs=PROGRAMS,
        projects=tuple(
            _project(plan, names[plan.lead], written_by(blueprint.targets[plan.key], day), day)
            for plan in blueprint.plans
        ),
        people=tuple(person for person in blueprint.people if not person.bot),
    )


def _project(plan: TeamPlan, lead: str, target: date, day: date) -> WorldProject:
    subject = plan.subject
    over = plan.kind == "finished" and day >= plan.over
    return WorldProject(
        name=subject.project,
        program=subject.program,
        owner=None if plan.kind == "unowned" else lead,
        start=plan.start,
        target=target,
        lifecycle="complete" if over else "active",
        select=(WorldSelect(subject.tracker, subject.container),),
    )
