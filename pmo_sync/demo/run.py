"""``pmo-sync demo``: simulated or recorded trackers, then the same sync and report as a user's."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from pmo_sync import pipeline
from pmo_sync.config import (
    Config,
    PersonConfig,
    Portfolio,
    Program,
    Project,
    Secret,
    Select,
    Source,
)
from pmo_sync.config.load import load
from pmo_sync.config.write import render_first
from pmo_sync.connectors.base import Progress
from pmo_sync.demo.facts import Tracker, World, WorldProject
from pmo_sync.demo.servers import (
    GITHUB_TOKEN,
    JIRA_DC_TOKEN,
    JIRA_EMAIL,
    JIRA_TOKEN,
    Trackers,
    serve_recorded,
    serve_world,
)
from pmo_sync.demo.world import UNTIL, build, build_days
from pmo_sync.errors import PmoSyncError
from pmo_sync.pipeline import Written
from pmo_sync.reports.base import LEVEL_WORDS
from pmo_sync.reports.status import ProjectStatus
from pmo_sync.reports.words import day

CONFIG = "pmo-sync.toml"
NOTE = "demo.json"
"""Says what the folder was made of, so that ``serve`` serves the same, and that it is a demo's."""
OURS = (CONFIG, NOTE, "store", "reports", "jira.token", "jira_dc.token", "github.token")
EVERY = timedelta(days=28)
SYNCS = 7
"""The demo syncs so often, up to its day: what a tracker keeps no history of is seen changing."""
EXAMPLE = "blocked and age > 30"
EVENING = time(18, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Origin:
    """What a demo folder was made of: a seeded world, or recordings; ``items`` of one that was
    put straight into the store."""

    seed: int
    until: date
    recorded: str | None = None
    items: int | None = None


def make(folder: Path, seed: int, progress: Progress, formats: Sequence[str]) -> Written:
    """Sync a world every four weeks of its last half year, each time with the configuration of
    that day, and write the status report into ``folder``."""
    clear(folder)
    worlds = build_days(seed, [UNTIL - EVERY * number for number in reversed(range(SYNCS))])
    world = next(worlds)
    with serve_world(world) as trackers:
        config = _sync(folder, Origin(seed, UNTIL), trackers, world, progress)
        for world in worlds:
            trackers.show(world)
            config = _sync(folder, Origin(seed, UNTIL), trackers, world, progress)
    progress.step("report", "writing it")
    return pipeline.report(config, "status", UNTIL, formats, folder / "reports")


def make_recorded(folder: Path, data: Path, progress: Progress, formats: Sequence[str]) -> Written:
    """Serve recorded trackers instead, as of the last day that they tell of."""
    if not data.is_dir():
        raise PmoSyncError(f"{data}: no such folder of recordings")
    clear(folder)
    with serve_recorded(data) as trackers:
        until = date.fromisoformat(trackers.until)
        origin = Origin(0, until, str(data.resolve()))
        config = write_down(folder, origin, trackers.urls(), *_of_recordings())
        pipeline.sync(config, progress, now=datetime.combine(until, EVENING))
    progress.step("report", "writing it")
    return pipeline.report(config, "status", until, formats, folder / "reports")


def serve(folder: Path) -> tuple[Config, Trackers]:
    """Return the demo's configuration and its trackers, on the ports that it names, not started."""
    note = folder / NOTE
    if not note.is_file():
        raise PmoSyncError(f"{folder}: no demo here; make one with: pmo-sync demo -o {folder}")
    told = json.loads(note.read_text(encoding="utf-8"))
    if told.get("items"):
        raise PmoSyncError(f"{folder}: was put straight into its store, without trackers to serve")
    config = load(folder / CONFIG)
    ports = {source.name: urlsplit(source.url).port or 0 for source in config.sources}
    if told["recorded"]:
        return config, serve_recorded(Path(told["recorded"]), ports)
    world = build(told["seed"], date.fromisoformat(told["until"]))
    return config, serve_world(world, ports)


def summary(folder: Path, written: Written, program: str) -> list[str]:
    """Say in a few lines what the report says, where it is, and what to try next by ``program``,
    the command as it can be called."""
    report = written.report
    troubled = [f"  {p.name}: {_why(p)}" for p in report.attention]
    return [
        f"{report.portfolio} as of {day(report.as_of)}",
        report.headline,
        *troubled,
        "",
        *(f"report: {path}" for path in written.paths),
        "try:    " + shlex.join([program, "-c", str(folder / CONFIG), "items", "--where", EXAMPLE]),
    ]


def _why(project: ProjectStatus) -> str:
    level = LEVEL_WORDS[project.level]
    return f"{level}: {project.reasons[0].text}" if project.reasons else level


def clear(folder: Path) -> None:
    """Make room for a demo; touch nothing that an earlier demo did not make."""
    if folder.exists() and any(folder.iterdir()) and not (folder / NOTE).exists():
        raise PmoSyncError(f"{folder}: is not empty and no demo: choose another folder with -o")
    for name in OURS:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)


def _sync(
    folder: Path, origin: Origin, trackers: Trackers, world: World, progress: Progress
) -> Config:
    """Write down what the office of the world's day knows, and sync."""
    config = write_down(folder, origin, trackers.urls(), *_of_world(world))
    pipeline.sync(config, progress, now=evening(world.until))
    return config


def write_down(
    folder: Path,
    origin: Origin,
    urls: Mapping[Tracker, str],
    portfolio: Portfolio,
    programs: Sequence[Program],
    projects: Sequence[Project],
    people: Sequence[PersonConfig],
    scope: dict[str, tuple[str, ...]],
) -> Config:
    """Write the demo's configuration, with what it was made of beside it."""
    tokens = {"jira": JIRA_TOKEN, "jira_dc": JIRA_DC_TOKEN, "github": GITHUB_TOKEN}
    for name, token in tokens.items():
        (folder / f"{name}.token").write_text(token + "\n", encoding="utf-8")
    text = render_first(
        portfolio=replace(portfolio, as_of=origin.until),
        sources=[_source(name, url, scope[name]) for name, url in urls.items()],
        programs=programs,
        projects=projects,
        people=people,
    )
    (folder / CONFIG).write_text(text, encoding="utf-8", newline="\n")
    told = {**asdict(origin), "until": origin.until.isoformat()}
    (folder / NOTE).write_text(json.dumps(told) + "\n", encoding="utf-8")
    return load(folder / CONFIG)


def _source(name: str, url: str, containers: tuple[str, ...]) -> Source:
    token = Secret("file", f"{name}.token")
    if name == "github":
        return Source(name, "github", url, token=token, repositories=containers)
    email = JIRA_EMAIL if name == "jira" else None
    return Source(name, "jira", url, email=email, token=token, projects=containers)


Told = tuple[
    Portfolio,
    Sequence[Program],
    Sequence[Project],
    Sequence[PersonConfig],
    dict[str, tuple[str, ...]],
]


def _of_world(world: World) -> Told:
    told = world.portfolio
    scope: dict[str, tuple[str, ...]] = {
        tracker: tuple(team.container for team in world.teams if team.tracker == tracker)
        for tracker in ("jira", "jira_dc", "github")
    }
    return (
        Portfolio(told.name, told.timezone),
        [Program(program.name, program.parent) for program in told.programs],
        [project_of(project) for project in told.projects],
        [
            PersonConfig(
                person.name,
                tuple(f"{tracker}:{login}" for tracker, login in person.accounts.items()),
                team=person.group,
                hours=person.hours,
            )
            for person in told.people
        ],
        scope,
    )


def project_of(project: WorldProject) -> Project:
    """Return a project as the configuration says it."""
    return Project(
        project.name,
        project.program,
        project.owner,
        project.target,
        project.start,
        project.lifecycle,  # type: ignore[arg-type]
        tuple(Select(rule.tracker, rule.container) for rule in project.select),
    )


def _of_recordings() -> Told:
    return (
        Portfolio("Recorded trackers", "UTC"),
        [Program("Recorded")],
        [
            Project("Enterprise Edition", "Recorded", select=(Select("jira", "EE"),)),
            Project("Keon 5", "Recorded", select=(Select("jira", "K5"),)),
            Project("secp256k1", "Recorded",
                    select=(Select("github", "bitcoin-core/secp256k1"),)),
            Project("Alloy", "Recorded", select=(Select("jira_dc", "ALOY"),)),
            Project("Appcelerator Modules", "Recorded", select=(Select("jira_dc", "MOD"),)),
            Project("Appcelerator Daemon", "Recorded", select=(Select("jira_dc", "DAEMON"),)),
        ],
        [],
        {
            "jira": ("EE", "K5"),
            "jira_dc": ("ALOY", "DAEMON", "MOD"),
            "github": ("bitcoin-core/secp256k1",),
        },
    )  # fmt: skip


def evening(of: date) -> datetime:
    """Return when the demo syncs on a day."""
    return datetime.combine(of, EVENING)
