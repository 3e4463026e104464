"""Reports from one open snapshot: all of an edition tell of the same data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pmo_sync import registry
from pmo_sync.config import Config
from pmo_sync.errors import ConfigError
from pmo_sync.frames import from_store
from pmo_sync.render.files import write
from pmo_sync.render.json import render_json
from pmo_sync.reports.index import join, summary_of
from pmo_sync.store import Store


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies around a page of an edition: ``pages`` are its reports, each as (title, address),
    ``reports`` what they say, by name."""

    pages: Sequence[tuple[str, str]]
    reports: Mapping[str, object]


def _html(name: str, built: object, beside: Beside) -> Mapping[str, str]:
    from pmo_sync.render.pages import Around, render_pages, spread  # jinja2: no table needs it

    return render_pages(name, built, Around(beside.pages, spread(beside.reports)))


FORMATS: Mapping[str, Callable[[str, object, Beside], Mapping[str, str | bytes]]] = {
    "html": _html,
    "json": lambda name, built, _beside: {f"{name}.json": render_json(built)},
}
"""What writes a report: file -> what is in it, the first of which leads to the others."""
STATUS = "status"
INDEX = "index"
"""The page that joins the others; what a web server shows for a folder is called so."""


@dataclass(frozen=True, slots=True)
class Written:
    """A report that was written: its files with what is in them, and the view-model they show."""

    name: str
    paths: tuple[Path, ...]
    report: Any
    contents: tuple[bytes, ...] = ()
    snapshot: int = 0


def known_reports() -> list[str]:
    """Name all that can be written: the index, then the reports that the registry knows."""
    return [INDEX, *registry.names("pmo_sync.reports")]


def check_names(names: Sequence[str]) -> None:
    """Raise ConfigError for a name that is no report's."""
    known = known_reports()
    for name in names:
        if name not in known:
            raise ConfigError(f"report: no report {name!r} (known: {', '.join(known)})")


def report(config: Config, name: str, day: date, formats: Sequence[str], folder: Path) -> Written:
    """Build one report as of ``day`` and write it in each of ``formats``, each file at once."""
    return reports(config, [name], day, formats, folder)[0]


def reports(
    config: Config,
    names: Sequence[str],
    day: date,
    formats: Sequence[str],
    folder: Path,
    since: date | None = None,
) -> list[Written]:
    """Build reports as of ``day`` from one snapshot and write them to ``folder/<day>/``, each file
    at once, the index last: it joins the others of ``names``, or all where it is alone. The status
    report alone can tell what changed ``since`` any day before."""
    check_names(names)
    if since and since >= day:
        raise ConfigError(f"--since {since}: must be before the report's day, {day}")
    asked = {"since": since} if since else {}
    wanted = [name for name in names if name != INDEX]
    if not wanted and INDEX in names:
        wanted = registry.names("pmo_sync.reports")
    with ExitStack() as reading:
        con, snapshot = reading.enter_context(Store(config.store_path).opened())
        tables = from_store(con)
        built = {
            name: _build(name)(tables, config, day, **(asked if name == STATUS else {}))
            for name in dict.fromkeys(wanted)
        }
        if INDEX in names:
            built[INDEX] = join(list(built.values()))
        read = reading.pop_all()
    with ThreadPoolExecutor(1) as meanwhile:
        closed = meanwhile.submit(read.close)  # half a second for what a million items took
        written = _all_written(built, formats, folder / day.isoformat(), snapshot)
    closed.result()
    return written


def _all_written(
    built: Mapping[str, Any], formats: Sequence[str], place: Path, snapshot: int
) -> list[Written]:
    order = sorted(built, key=lambda name: name != INDEX)
    titled = [(summary_of(built[name]).title, f"{name}.html") for name in order]
    beside = Beside(titled, built)
    return [_write(name, made, formats, place, snapshot, beside) for name, made in built.items()]


def _build(name: str) -> Callable[..., Any]:
    made: Callable[..., Any] = registry.load("pmo_sync.reports", name)
    return made


def _write(
    name: str, built: Any, formats: Sequence[str], folder: Path, snapshot: int, beside: Beside
) -> Written:
    files: dict[str, bytes] = {}
    for form in formats:
        for file, made in FORMATS[form](name, built, beside).items():
            files[file] = made.encode() if isinstance(made, str) else made
    paths = tuple(folder / file for file in files)
    for path, content in zip(paths, files.values(), strict=True):
        write(path, content)
    return Written(name, paths, built, tuple(files.values()), snapshot)
