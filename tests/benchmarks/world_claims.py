"""What is claimed of every seed's world, each claim recounted from the facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from pmo_sync.demo.draw import draw
from pmo_sync.demo.facts import Item, Team, World
from pmo_sync.demo.loads import is_work
from pmo_sync.demo.truth import Truth

WELL = ("healthy", "blocking", "unowned", "one_person", "overdue_version")
"""The situations that do not keep a project from its date: healthy by construction."""
FUTURES = 100
Claim = Callable[[World, Truth], tuple[bool, str]]
"""Whether it holds, and the figure that says so."""


def team_of(world: World, key: str) -> Team:
    return next(one for one in world.teams if one.key == key)


def finished_days(team: Team) -> list[date]:
    made = [item for item in team.items if is_work(item) and item.value("resolution") == "done"]
    return [next(e.at.date() for e in reversed(item.events) if e.field == "status")
            for item in made]  # fmt: skip


def portfolio(world: World, told: Truth) -> tuple[bool, str]:
    """4 programs, 14 projects, 45 people, 12 of them on two trackers, 6,000 items +- 10 %."""
    items = sum(1 for _ in world.items())
    two = sum(len(one.accounts) == 2 for one in world.people)
    whole = (len(world.portfolio.programs), len(world.portfolio.projects),
             len(world.portfolio.people), two)  # fmt: skip
    return whole == (4, 14, 45, 12) and 5_400 <= items <= 6_600, f"{items}"


def healthy(world: World, told: Truth) -> tuple[bool, str]:
    """The healthy make their date in at least 95 of 100 futures, each of them."""
    least = min(one.probability(one.target) for one in told.projects
                if one.situation in WELL and one.target)  # fmt: skip
    return least >= 0.95, f"{least:.2f}"


def watermelon(world: World, told: Truth) -> tuple[bool, str]:
    """It is declared on track in each of the last eight weeks' updates, and cannot make it."""
    one = told.project("watermelon")
    assert one.target is not None
    said = {update.level for update in world.updates if update.project == one.name
            and update.at.date() > world.until - timedelta(weeks=8)}  # fmt: skip
    chance = one.probability(one.target)
    return said == {"on_track"} and chance <= 0.01, f"{chance:.2f}"


def moved_target(world: World, told: Truth) -> tuple[bool, str]:
    """Four moves in the last half year, each a later date."""
    name = told.project("moved_target").name
    days = [world.until - timedelta(days=number) for number in range(190, -1, -1)]
    targets = [next(one.target for one in world.portfolio_at(day).projects if one.name == name)
               for day in days]  # fmt: skip
    return targets == sorted(targets, key=str) and len(
        set(targets)
    ) == 5, f"{len(set(targets)) - 1}"


def grown_scope(world: World, told: Truth) -> tuple[bool, str]:
    """37 to 46 % more items than half a year ago."""
    items = team_of(world, told.project("grown_scope").team).items
    old = sum(one.created.date() <= world.until - timedelta(days=180) for one in items)
    share = len(items) / old - 1
    return 0.37 <= share <= 0.46, f"{share:.0%}"


def chain(world: World, told: Truth) -> tuple[bool, str]:
    """Two items of a Jira team wait for two of a GitHub team, in links on both sides."""
    here, there = told.project("blocked_chain").team, told.project("blocking").team
    blocks = {(item.key, target) for item in team_of(world, there).items
              for target in item.values("blocks") if target.startswith(f"{here}-")}  # fmt: skip
    named = {(target, item.key) for item in team_of(world, here).items
             for target in item.values("relates") if target.startswith(f"{there}-")}  # fmt: skip
    return len(blocks) == 2 and blocks <= named, f"{len(blocks)}"


def overload(world: World, told: Truth) -> tuple[bool, str]:
    """150 to 170 % of four weeks, over Jira Cloud and Data Center; nobody else above 120 %."""
    first, second = told.loads[0], told.loads[1]
    trackers = {team_of(world, key.rpartition("-")[0]).tracker for key in first.items}
    holds = first.person == told.overloaded and trackers == {"jira", "jira_dc"}
    return (
        holds and 1.5 <= first.share <= 1.7 and second.share <= 1.2,
        f"{first.share:.0%} ({second.share:.0%})",
    )


def one_person(world: World, told: Truth) -> tuple[bool, str]:
    """Whatever was worked on, one person did."""
    items = team_of(world, told.project("one_person").team).items
    who = {item.value("assignee") for item in items} - {None}
    return len(who) == 1, f"{len(who)}"


def little_data(world: World, told: Truth) -> tuple[bool, str]:
    """Six weeks old at most, and under 60 items."""
    one = told.project("little_data")
    days = (world.until - team_of(world, one.team).started.date()).days
    return days <= 42 and one.items < 60, f"{one.items}"


def finished(world: World, told: Truth) -> tuple[bool, str]:
    """Nothing is open, and the office knows."""
    one = told.project("finished")
    written = next(p.lifecycle for p in world.portfolio.projects if p.name == one.name)
    return one.open == 0 and written == "complete", f"{one.open}"


def unowned(world: World, told: Truth) -> tuple[bool, str]:
    """One project has no owner, and nobody declares anything of it."""
    none = [one.name for one in world.portfolio.projects if one.owner is None]
    said = [one for one in world.updates if one.project in none]
    return none == [told.project("unowned").name] and not said, f"{len(none)}"


def overdue_version(world: World, told: Truth) -> tuple[bool, str]:
    """One version is past its date by a month and not released."""
    team = team_of(world, told.project("overdue_version").team)
    last = world.until - timedelta(days=28)
    late = [one for one in team.milestones if one.due and one.due < last and not one.released]
    return len(late) == 1, f"{len(late)}"


def regime_change(world: World, told: Truth) -> tuple[bool, str]:
    """Since a day four months ago 30 to 70 % of what the half year before finished in a week."""
    key = told.project("regime_change").team
    plan = next(one for one in draw(world.seed).plans if one.key == key)
    turn = plan.capacity[1][0]
    days = finished_days(team_of(world, key))
    since = sum(day >= turn for day in days) / (world.until - turn).days
    before = sum(turn - timedelta(days=182) <= day < turn for day in days) / 182
    return 0.3 <= since / before <= 0.7, f"{since / before:.0%}"


def risks(world: World, told: Truth) -> tuple[bool, str]:
    """One open risk of 15 or more has no response; two or more are not assessed or not owned."""
    found = [item for item in world.items()
             if "risk" in item.values("label") and item.value("resolution") is None]  # fmt: skip
    grave = [one for one in found if score(one) >= 15 and one.value("response") is None]
    loose = [one for one in found if not score(one) or one.value("assignee") is None]
    return len(grave) == 1 and len(loose) >= 2, f"{len(grave)} of {len(found)}"


def score(item: Item) -> int:
    return int(item.value("probability") or 0) * int(item.value("impact") or 0)


CLAIMS: Mapping[str, Claim] = {
    "items": portfolio, "healthy": healthy, "melon": watermelon, "moves": moved_target,
    "scope": grown_scope, "chain": chain, "load (next)": overload, "alone": one_person,
    "young": little_data, "open": finished, "unowned": unowned, "version": overdue_version,
    "regime": regime_change, "risk": risks,
}  # fmt: skip
