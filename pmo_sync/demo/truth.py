"""What is true of the world, on record for those who judge reports by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pmo_sync.demo.calendar import working_days
from pmo_sync.demo.draw import draw
from pmo_sync.demo.facts import Item, World
from pmo_sync.demo.loads import Load, is_work, loads
from pmo_sync.demo.misses import Missed, missed
from pmo_sync.demo.plans import Kind, TeamPlan
from pmo_sync.demo.teams import Simulation
from pmo_sync.demo.world import simulated

FUTURES = 100
"""How many futures are simulated, which is what a probability is counted from."""
HORIZON = timedelta(days=900)
"""A project that is not finished so long after ``until`` is given up."""
CAUSES: Mapping[Kind, str] = {
    "watermelon": "more work is left than fits before its target",
    "moved_target": "its target was moved four times in the last half year",
    "grown_scope": "its scope grew by 40 % in the last half year",
    "blocked_chain": "its work waits for another team's, on another tracker",
    "blocking": "another team waits for one long item of this one",
    "one_person": "all of its work is done by one person",
    "little_data": "it began five weeks ago",
    "finished": "all of its work is done",
    "unowned": "nobody is named as its owner",
    "overdue_version": "a version is past its date and not released",
    "regime_change": "its team has worked at half its speed since a day four months ago",
}


@dataclass(frozen=True, slots=True)
class Interval:
    """For how long an item was in a status; ``until`` None: it still is."""

    item: str
    status: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ProjectTruth:
    """What is true of a project. ``finishes`` are days of simulated futures, sorted; one that is
    finished has its day alone, and a future that does not finish has none."""

    name: str
    team: str
    situation: Kind
    cause: str | None
    finishes: tuple[date, ...]
    futures: int
    target: date | None
    items: int
    open: int
    """Work that is not finished; risks and epics are none."""

    def quantile(self, share: float) -> date | None:
        """Return the day by which a share of the futures are finished; None: in none that far."""
        place = max(0, -int(-share * self.futures // 1) - 1)
        return self.finishes[place] if place < len(self.finishes) else None

    def probability(self, day: date) -> float:
        """Return the share of the futures that are finished by a day."""
        return sum(one <= day for one in self.finishes) / self.futures


@dataclass(frozen=True, slots=True)
class Truth:
    """All of it: projects in the portfolio's order, accounts by person, status intervals."""

    projects: tuple[ProjectTruth, ...]
    identities: Mapping[str, tuple[str, ...]]
    """By person's name, the accounts that are theirs, as tracker:login."""
    overloaded: str
    """The name of who carries 160 % of a week, over two trackers."""
    intervals: tuple[Interval, ...]
    missed: tuple[Missed, ...]
    loads: tuple[Load, ...]
    """The heaviest first."""

    def project(self, situation: Kind) -> ProjectTruth:
        """Return the first project with a situation."""
        return next(one for one in self.projects if one.situation == situation)


def truth(world: World, futures: int = FUTURES) -> Truth:
    """Return what is true of a world at its last day."""
    blueprint = draw(world.seed)
    teams = simulated(blueprint, world.until)
    finishes = _futures(teams, world, futures)
    return Truth(
        projects=tuple(
            _project(world, place, team.plan, finishes[team.plan.key], futures)
            for place, team in enumerate(teams)
        ),
        identities={
            person.name: tuple(f"{tracker}:{login}" for tracker, login in person.accounts.items())
            for person in world.people
            if not person.bot
        },
        overloaded=world.person(blueprint.overloaded).name,
        intervals=tuple(one for item in world.items() for one in intervals(item)),
        missed=missed(world, tuple((team.plan.subject.project, team.finished) for team in teams)),
        loads=loads(world),
    )


def intervals(item: Item) -> Iterator[Interval]:
    """Yield the statuses that an item was in, oldest first."""
    moves = [event for event in item.events if event.field == "status"]
    ends = [*(event.at for event in moves[1:]), None]
    for event, end in zip(moves, ends, strict=True):
        yield Interval(item.key, event.new or "", event.at, end)


def _project(
    world: World, place: int, plan: TeamPlan, finishes: list[date], futures: int
) -> ProjectTruth:
    project, team = world.portfolio.projects[place], world.teams[place]
    done = {stage.name for stage in team.stages if stage.category == "done"}
    return ProjectTruth(
        name=project.name, team=plan.key, situation=plan.kind, cause=CAUSES.get(plan.kind),
        finishes=tuple(sorted(finishes)), futures=futures, target=project.target,
        items=len(team.items),
        open=sum(is_work(item) and item.value("status") not in done for item in team.items),
    )  # fmt: skip


def _futures(teams: list[Simulation], world: World, futures: int) -> dict[str, list[date]]:
    """Simulate what may follow, many times with other luck; by team the days it finished on."""
    found: dict[str, list[date]] = {team.plan.key: [] for team in teams}
    days = tuple(working_days(world.until + timedelta(days=1), world.until + HORIZON))
    for number in range(futures):
        gates = dict(teams[0].gates)
        stream = f"{world.seed}:future:{number}"
        running = [team.future(stream, gates) for team in teams]
        _run(running, days)
        for team in running:
            if team.finished:
                found[team.plan.key].append(team.finished)
    return found


def _run(running: list[Simulation], days: tuple[date, ...]) -> None:
    """Let teams live until each is finished."""
    for day in days:
        running = [team for team in running if not team.finished]
        if not running:
            return
        for team in running:
            team.live(day)
