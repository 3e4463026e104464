"""A portfolio of any size, put into a store the way a sync does: the same one at each call.

``python -m tests.benchmarks.large_portfolio FOLDER [ITEMS]`` leaves a folder to try commands in.
Three trackers (two Jira, one GitHub) of 14 projects, two years of work, some eleven history rows an
item; links across projects and trackers, a register of risks by labels and by fields, people with
several accounts and hours of their own.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

from pmo_sync.model import (
    Batch,
    HistoryRow,
    ItemRecord,
    Iteration,
    Link,
    Milestone,
    Person,
    Site,
    Term,
    WorkItem,
    global_id,
)
from pmo_sync.store import SourceRun, Store

ITEMS = 100_000
DAY = date(2026, 3, 31)
START = datetime(2024, 4, 1, tzinfo=UTC)
NOW = datetime(2026, 4, 1, 4, tzinfo=UTC)
FORTNIGHT = timedelta(days=14)
SOURCES = ("cloud", "intranet", "github")
PROJECTS = 14
PERSONS = 120
LABELS = tuple(f"area-{number}" for number in range(30))
TEAMS = 12
COUNTRIES = ("SE", "DE", "US")
EPICS = PROJECTS * 200
RISK_EVERY, LINK_EVERY = 100, 10
BATCH = 1_000
STATUSES = (("1", "To Do", "todo"), ("2", "Doing", "in_progress"), ("3", "Done", "done"))
PRIORITIES = ("Highest", "High", "Medium", "Low", "Lowest")
TYPES = ("Story", "Bug", "Task", "Epic")
COMPONENTS = ("Client", "Server", "Interface", "Reports")
RESPONSES = ("mitigate", "accept", "avoid", None)


def make(folder: Path, items: int = ITEMS) -> Path:
    """Fill ``folder`` with a store of so many items; return its configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "pmo-sync.toml"
    path.write_text(configuration(), encoding="utf-8")
    store = Store(folder / "store")
    with store.writing():
        for source in SOURCES:
            staging = store.staging(source)
            staging.begin(NOW, "the same", full=False)
            for batch in _batches(source, items):
                staging.append(batch)
            staging.complete()
            staging.close()
        runs = [SourceRun(source, _site(source), 1, 0.2) for source in SOURCES]
        store.publish(runs, (), now=NOW)
    return path


def configuration(copies: int = 1) -> str:
    """Return the configuration of the projects, and of as many copies of them as there are."""
    lines = ["[portfolio]", 'name = "Large"', f"as_of = {DAY.isoformat()}"]
    for source in SOURCES:
        kind = "github" if source == "github" else "jira"
        url = f"https://{source}.example.com"
        lines += ["[[sources]]", f'name = "{source}"', f'type = "{kind}"', f'url = "{url}"']
        lines.append('token = { env = "NO_TOKEN" }')
        if kind == "github":
            lines.append('organization = "large"')
    lines += [
        "[[programs]]",
        'name = "Upper"',
        "[[programs]]",
        'name = "Lower"',
        'parent = "Upper"',
    ]
    for copy, number in product(range(copies), range(PROJECTS)):
        more = f"x{copy}" if copy else ""
        rule = f'source = "{_source_of(number)}", container = "{_container(number)}{more}"'
        shared = number % 5 == 0 and not copy
        label = f'source = "cloud", label = "{LABELS[number]}"' if shared else ""
        rules = ", ".join(f"{{ {each} }}" for each in (rule, label) if each)
        lines += ["[[projects]]", f'name = "Project {number}{more}"', 'owner = "Ada"',
                  f'program = "{"Lower" if number % 2 else "Upper"}"', "target = 2026-06-30",
                  f"select = [{rules}]"]  # fmt: skip
    for team in range(TEAMS):
        lines += ["[[teams]]", f'name = "Team {team}"',
                  f'country = "{COUNTRIES[team % len(COUNTRIES)]}"']  # fmt: skip
    for number in range(PERSONS - PERSONS // 6):
        lines += ["[[people]]", f'name = "Person {number}"', f'team = "Team {number % TEAMS}"',
                  f"hours = {(40, 32, 20)[number % 3]}",
                  f'accounts = ["cloud:login{number}", "github:login{number}"]']  # fmt: skip
    return "\n".join([*lines, ""])


def _source_of(project: int) -> str:
    return SOURCES[project % len(SOURCES)]


def _container(project: int) -> str:
    return f"large/p{project}" if _source_of(project) == "github" else f"P{project}"


def _site(source: str) -> str:
    return f"{source}.example.com"


def _batches(source: str, items: int) -> Iterator[Batch]:
    yield _catalogue(source)
    numbers = [n for n in range(items) if _source_of(n % PROJECTS) == source]
    for at in range(0, len(numbers), BATCH):
        yield Batch(items=tuple(_record(source, n) for n in numbers[at : at + BATCH]))


def _catalogue(source: str) -> Batch:
    site = _site(source)
    kind = "github" if source == "github" else "jira"
    words = [
        *(Term(site, "status", id, name, category) for id, name, category in STATUSES),  # type: ignore[arg-type]
        *(Term(site, "priority", str(n), name, None, n) for n, name in enumerate(PRIORITIES)),
        *(Term(site, "type", str(n), name, None, int(name == "Epic"))
          for n, name in enumerate(TYPES)),
        Term(site, "resolution", "1", "Fixed"),
        Term(site, "resolution", "2", "Won't Do"),
    ]  # fmt: skip
    persons = tuple(
        Person(global_id(site, f"u{n}"), site, f"login{n}", f"Person {n}") for n in range(PERSONS)
    )
    milestones = tuple(
        Milestone(global_id(site, f"m{n}"), site, _container(n % PROJECTS), f"Release {n}",
                  "closed" if n % 3 else "open", "", due=date(2024, 5, 1) + timedelta(days=20 * n))
        for n in range(40)
    )  # fmt: skip
    iterations = tuple(
        Iteration(global_id(site, f"i{n}"), site, f"Sprint {n}",
                  "closed" if begins + FORTNIGHT < NOW else "active",
                  start=begins, end=begins + FORTNIGHT)
        for n in range(60) for begins in (START + n * FORTNIGHT,)
    )  # fmt: skip
    return Batch(
        sites=(Site(site, kind, f"https://{site}", source),), persons=persons,
        milestones=milestones, iterations=iterations, terms=tuple(words),
    )  # fmt: skip


def _record(source: str, number: int) -> ItemRecord:
    chance = random.Random(number)
    site, project = _site(source), number % PROJECTS
    created = START + timedelta(seconds=chance.randrange(729 * 86_400))
    id = global_id(site, number)
    moments = [created, created + timedelta(hours=chance.randrange(1, 900))]
    moments.append(moments[1] + timedelta(hours=chance.randrange(1, 1500)))
    moments = [moment for moment in moments if moment < NOW][: chance.choice((1, 2, 3, 3, 3, 3))]
    steps = [(STATUSES[at][0], moment) for at, moment in enumerate(moments)]
    done = len(steps) == len(STATUSES)
    if done and chance.random() < 0.05 and moments[-1] + timedelta(days=9) < NOW:
        steps += [("2", moments[-1] + timedelta(days=5)), ("3", moments[-1] + timedelta(days=9))]
    resolution = ("2" if chance.random() < 0.1 else "1") if done else None
    points = chance.choice((None, 1.0, 2.0, 3.0, 5.0, 8.0))
    due = (created + timedelta(days=chance.randrange(5, 200))).date() if number % 3 else None
    parent = global_id(site, number % EPICS) if number >= EPICS else None
    kind, rank = (number % 3, 0) if parent else (TYPES.index("Epic"), 1)
    priority, last = str(chance.randrange(len(PRIORITIES))), steps[-1][1]
    item = WorkItem(
        id, site, f"{_container(project)}-{number}", _container(project), str(kind), rank,
        f"Work item number {number} of project {project}", steps[-1][0], created, last,
        f"https://{site}/{number}", resolution=resolution, priority=priority, parent=parent,
        due=due, points=points, flagged=number % 50 == 0, remaining=(number % 40) * 3600,
        spent=(number % 17) * 3600,
    )  # fmt: skip

    def row(field: str, value: str, start: datetime, end: datetime | None = None) -> HistoryRow:
        return HistoryRow("item", id, field, value, start, end)

    history = [*_chain(id, "status", steps)]
    history += [row("priority", priority, created)]
    for field, value in (
        ("resolution", resolution),
        ("points", repr(points) if points is not None else None),
        ("due", due.isoformat() if due else None),
        ("parent", parent),
        ("flagged", "true" if item.flagged else None),
        ("remaining", str(item.remaining) if number % 2 else None),
        ("spent", str(item.spent) if number % 4 == 0 else None),
    ):
        if value is not None:
            history.append(row(field, value, last if field == "resolution" else created))
    history += _members(id, site, chance, created, last)
    history += _risk(id, site, chance, number, created)
    return ItemRecord(item, tuple(history), (), _links(id, number, created))


def _risk(
    id: str, site: str, chance: random.Random, number: int, created: datetime
) -> Iterator[HistoryRow]:
    """Every second risk is told by labels, the others by fields; some are not assessed."""
    if number % RISK_EVERY:
        return
    yield HistoryRow("item", id, "label", "risk", created)
    if chance.random() < 0.2:
        return
    told = {"probability": str(chance.randint(1, 5)), "impact": str(chance.randint(1, 5)),
            "response": chance.choice(RESPONSES)}  # fmt: skip
    if number % (2 * RISK_EVERY):
        told["risk_owner"] = global_id(site, f"u{chance.randrange(PERSONS)}")
    for field, value in told.items():
        if value and number % (2 * RISK_EVERY):
            yield HistoryRow("item", id, field, value, created)
        elif value:
            yield HistoryRow("item", id, "label", f"{field}: {value}", created)


def _links(id: str, number: int, created: datetime) -> tuple[Link, ...]:
    """Every other link comes from the next project, which is on another tracker."""
    if number % LINK_EVERY or number < PROJECTS:
        return ()
    blocker = number - (PROJECTS if number % (2 * LINK_EVERY) else 1)
    there = _site(_source_of(blocker % PROJECTS))
    return (Link(global_id(there, blocker), id, "blocks", "Blocks", f"{blocker}", f"{number}",
                 created),)  # fmt: skip


def _chain(id: str, field: str, steps: Sequence[tuple[str, datetime]]) -> list[HistoryRow]:
    ends = [*(moment for _, moment in steps[1:]), None]
    return [
        HistoryRow("item", id, field, value, moment, end)
        for (value, moment), end in zip(steps, ends, strict=True)
    ]


def _members(
    id: str, site: str, chance: random.Random, created: datetime, last: datetime
) -> list[HistoryRow]:
    people = [global_id(site, f"u{chance.randrange(PERSONS)}") for _ in range(2)]
    middle = created + (last - created) / 2
    rows = [HistoryRow("item", id, "assignee", people[0], created, middle)]
    rows += [HistoryRow("item", id, "assignee", people[1], middle)] if middle > created else []
    rows += [
        HistoryRow("item", id, "label", label, created)
        for label in sorted({chance.choice(LABELS) for _ in range(chance.randrange(3))})
    ]
    if chance.random() < 0.5:
        milestone = global_id(site, f"m{chance.randrange(40)}")
        rows.append(HistoryRow("item", id, "milestone", milestone, created))
    if chance.random() < 0.4:
        sprint = global_id(site, f"i{chance.randrange(60)}")
        rows.append(HistoryRow("item", id, "iteration", sprint, created))
    if chance.random() < 0.5:
        rows.append(HistoryRow("item", id, "component", chance.choice(COMPONENTS), created))
    return rows


if __name__ == "__main__":
    print(make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else ITEMS))
