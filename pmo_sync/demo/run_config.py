"""The configuration of a demo's folder: what the portfolio's office of a day would write down."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

from pmo_sync.config import (
    Config,
    Gather,
    MilestoneConfig,
    PersonConfig,
    Portfolio,
    Program,
    Project,
    Secret,
    Select,
    Source,
    Voice,
)
from pmo_sync.config.load import load
from pmo_sync.config.write import render_first
from pmo_sync.demo.facts import Person, Tracker, World, WorldProject
from pmo_sync.demo.jira_risks import RISK_FIELDS
from pmo_sync.demo.servers import GITHUB_TOKEN, JIRA_DC_TOKEN, JIRA_EMAIL, JIRA_TOKEN

CONFIG = "pmo-sync.toml"
MAPPED: Mapping[str, str] = {ours: name for ours, (name, _, _) in RISK_FIELDS.items()}
"""Our field -> what the demo's Jiras call it."""
MILESTONES = (
    MilestoneConfig("Payments go live", "Payments", gather=(
        Gather("jira", "PAY", milestone="3.0"),
        Gather("github", "harbourline/gateway", milestone="3.0"),
        Gather("jira_dc", epic="QLT-3"),
    )),
)  # fmt: skip
"""What the office waits for in several trackers: a version, a milestone and an epic."""
FIRST_BOARD = 2
"""The number of the first project's board: number 1 shows the issues of all."""
NOTE = "demo.json"
"""Says what the folder was made of, so that ``serve`` serves the same, and that it is a demo's."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a demo folder was made of: a seeded world, or recordings; ``items`` of one that was
    put straight into the store."""

    seed: int
    until: date
    recorded: str | None = None
    items: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What an office says; ``scope`` is the containers by source, ``fields`` those of a Jira."""

    portfolio: Portfolio
    programs: Sequence[Program]
    projects: Sequence[Project]
    people: Sequence[PersonConfig]
    scope: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, str] = field(default_factory=dict)
    boards: Sequence[str] = ()
    milestones: Sequence[MilestoneConfig] = ()


def write_down(
    folder: Path,
    origin: Origin,
    urls: Mapping[Tracker, str],
    told: Told,
) -> Config:
    """Write the demo's configuration, with what it was made of beside it."""
    tokens = {"jira": JIRA_TOKEN, "jira_dc": JIRA_DC_TOKEN, "github": GITHUB_TOKEN}
    for name, token in tokens.items():
        (folder / f"{name}.token").write_text(token + "\n", encoding="utf-8")
    text = render_first(
        portfolio=replace(told.portfolio, as_of=origin.until),
        sources=[_source(name, url, told) for name, url in urls.items()],
        programs=told.programs,
        projects=told.projects,
        people=told.people,
        milestones=told.milestones,
    )
    (folder / CONFIG).write_text(text, encoding="utf-8", newline="\n")
    made_of = {**asdict(origin), "until": origin.until.isoformat()}
    (folder / NOTE).write_text(json.dumps(made_of) + "\n", encoding="utf-8")
    return load(folder / CONFIG)


def _source(name: str, url: str, told: Told) -> Source:
    token, containers = Secret("file", f"{name}.token"), told.scope[name]
    if name == "github":
        boards = tuple(told.boards)
        return Source(name, "github", url, token=token, repositories=containers, boards=boards)
    email = JIRA_EMAIL if name == "jira" else None
    return Source(
        name, "jira", url, email=email, token=token, projects=containers, fields=told.fields
    )


def of_world(world: World) -> Told:
    """Return what the office of a world's last day knows."""
    told = world.portfolio
    teams = {team.key: team.name for team in world.teams}
    boards = _boards(world)
    return Told(
        Portfolio(told.name, told.timezone),
        [Program(program.name, program.parent) for program in told.programs],
        [_with_voice(project_of(project), boards) for project in told.projects],
        [_person_of(person, teams) for person in told.people],
        {
            tracker: tuple(team.container for team in world.teams if team.tracker == tracker)
            for tracker in ("jira", "jira_dc", "github")
        },
        MAPPED,
        tuple(boards.values()),
        MILESTONES,
    )


def _boards(world: World) -> Mapping[str, str]:
    """Return by repository the board on which its project's owner declares how it stands."""
    repositories = [team.container for team in world.teams if team.tracker == "github"]
    return {
        name: f"{world.organization}/{number}"
        for number, name in enumerate(repositories, FIRST_BOARD)
    }


def _with_voice(project: Project, boards: Mapping[str, str]) -> Project:
    places = [rule.container or "" for rule in project.select]
    voices = tuple(Voice("github", board=boards[place]) for place in places if place in boards)
    return replace(project, declared=voices)


def _person_of(person: Person, teams: Mapping[str, str]) -> PersonConfig:
    return PersonConfig(
        person.name,
        tuple(f"{tracker}:{login}" for tracker, login in person.accounts.items()),
        team=teams[person.group] if person.group else None,
        hours=person.hours,
        start=person.starts,
        end=person.ends,
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


def of_recordings() -> Told:
    """Return what is said of the recorded trackers."""
    return Told(
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
