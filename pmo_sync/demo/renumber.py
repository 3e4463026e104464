"""A blueprint once more, under numbered names."""

from __future__ import annotations

from dataclasses import replace

from pmo_sync.demo.facts import Person
from pmo_sync.demo.plans import Blueprint, TeamPlan


def renumbered(blueprint: Blueprint, number: int) -> Blueprint:
    """Return a blueprint whose containers, projects and people have a number behind their names;
    the first has none."""
    if number == 1:
        return blueprint
    name = str(number)
    return replace(
        blueprint,
        people=tuple(_person(one, name) for one in blueprint.people),
        leavers={f"{key}{name}": day for key, day in blueprint.leavers.items()},
        plans=tuple(_plan(plan, name) for plan in blueprint.plans),
        targets={f"{key}{name}": dates for key, dates in blueprint.targets.items()},
        overloaded=f"{blueprint.overloaded}{name}",
        silent_since={f"{key}{name}": day for key, day in blueprint.silent_since.items()},
    )


def _person(one: Person, name: str) -> Person:
    return replace(
        one,
        key=f"{one.key}{name}",
        name=f"{one.name} {name}",
        accounts={tracker: f"{login}{name}" for tracker, login in one.accounts.items()},
        group=f"{one.group}{name}" if one.group else None,
    )


def _plan(plan: TeamPlan, name: str) -> TeamPlan:
    subject = plan.subject
    booking = plan.booking
    return replace(
        plan,
        subject=replace(subject, key=f"{subject.key}{name}", name=f"{subject.name} {name}",
                        project=f"{subject.project} {name}"),
        lead=f"{plan.lead}{name}",
        members=tuple(replace(one, person=f"{one.person}{name}") for one in plan.members),
        bot=f"{plan.bot}{name}" if plan.bot else None,
        booking=replace(booking, person=f"{booking.person}{name}") if booking else None,
    )  # fmt: skip
