"""``pmo-sync demo``: simulated or recorded trackers, then the same sync and report as a user's."""

from __future__ import annotations

import gc
import json
import shlex
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from pmo_sync.config import Config
from pmo_sync.config.load import load
from pmo_sync.connectors.base import Progress
from pmo_sync.demo.facts import World
from pmo_sync.demo.ports import lasting_ports
from pmo_sync.demo.run_config import CONFIG, NOTE, Origin, of_recordings, of_world, write_down
from pmo_sync.demo.servers import Trackers, serve_recorded, serve_world
from pmo_sync.demo.world import UNTIL, build, build_days
from pmo_sync.errors import PmoSyncError
from pmo_sync.pipeline import reporting, syncing
from pmo_sync.pipeline.reporting import INDEX, Written
from pmo_sync.reports.base import LEVEL_WORDS, Concern
from pmo_sync.reports.index import Entry
from pmo_sync.reports.words import day

OURS = (CONFIG, NOTE, "store", "reports", "jira.token", "jira_dc.token", "github.token")
EVERY = timedelta(days=28)
SYNCS = 7
"""The demo syncs so often, up to its day: what a tracker keeps no history of is seen changing."""
EXAMPLE = "blocked and age > 30"
METRICS = "open,blocked,remaining,cycle_p85"
SHOWN = 5
"""Concerns of a report that the terminal is told."""
EVENING = time(18, tzinfo=UTC)


def make(folder: Path, seed: int, progress: Progress, formats: Sequence[str]) -> list[Written]:
    """Sync a world every four weeks of its last half year, each time with the configuration of
    that day, and write all reports into ``folder``."""
    clear(folder)
    worlds = build_days(seed, [UNTIL - EVERY * number for number in reversed(range(SYNCS))])
    world = next(worlds)
    with _seldom_collecting(), serve_world(world, lasting_ports()) as trackers:
        config = _sync(folder, Origin(seed, UNTIL), trackers, world, progress)
        for world in worlds:
            trackers.show(world)
            config = _sync(folder, Origin(seed, UNTIL), trackers, world, progress)
    progress.step("reports", "writing them")
    return _reports(config, UNTIL, formats, folder)


def make_recorded(
    folder: Path, data: Path, progress: Progress, formats: Sequence[str]
) -> list[Written]:
    """Serve recorded trackers instead, as of the last day that they tell of."""
    if not data.is_dir():
        raise PmoSyncError(f"{data}: no such folder of recordings")
    clear(folder)
    with serve_recorded(data, lasting_ports()) as trackers:
        until = date.fromisoformat(trackers.until)
        origin = Origin(0, until, str(data.resolve()))
        config = write_down(folder, origin, trackers.urls(), of_recordings())
        syncing.sync(config, progress, now=datetime.combine(until, EVENING))
    progress.step("reports", "writing them")
    return _reports(config, until, formats, folder)


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


def summary(folder: Path, written: Sequence[Written], program: Sequence[str]) -> list[str]:
    """Say in a few lines what the reports say, where they are, and what to try next by
    ``program``, the command as it can be called."""
    index = next(one for one in written if one.name == INDEX)
    others = [one.name for one in written if one is not index]
    page, *data = index.paths
    config = [*program, "-c", str(folder / CONFIG)]
    return [
        f"{index.report.portfolio} as of {day(index.report.as_of)}",
        index.report.headline,
        *(line for entry in index.report.entries for line in _troubles(entry)),
        "",
        f"open:   {page}",
        f"        beside it: {', '.join(others)}"
        + (f"; each as {_kinds(data)} too" if data else ""),
        f"try:    {shlex.join([*config, 'items', '--where', EXAMPLE])}",
        f"        {shlex.join([*config, 'rollup', '--by', 'team', '--metric', METRICS])}",
    ]


def _kinds(paths: Sequence[Path]) -> str:
    return ", ".join(path.suffix.lstrip(".").upper() for path in paths)


def _troubles(entry: Entry) -> Iterator[str]:
    """Yield the first concerns of a report, and how many more there are."""
    found = entry.summary.exceptions
    if not found:
        return
    yield ""
    yield f"{entry.summary.title}:"
    for one in found[:SHOWN]:
        yield f"  {one.subject}: {_why(one)}"
    if len(found) > SHOWN:
        yield f"  and {len(found) - SHOWN} more"


def _why(concern: Concern) -> str:
    words = [word for level, word in LEVEL_WORDS.items() if level == concern.level]
    return ": ".join([*words, *(reason.text for reason in concern.reasons[:1])])


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
    config = write_down(folder, origin, trackers.urls(), of_world(world))
    syncing.sync(config, progress, now=evening(world.until))
    return config


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Look for garbage less often: a world is millions of objects that live as long as it is
    served, and looking through them again and again is a seventh of the demo's time."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _reports(config: Config, until: date, formats: Sequence[str], folder: Path) -> list[Written]:
    return reporting.reports(config, [INDEX], until, formats, folder / "reports")


def evening(of: date) -> datetime:
    """Return when the demo syncs on a day."""
    return datetime.combine(of, EVENING)
