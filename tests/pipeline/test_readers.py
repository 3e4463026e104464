"""Readers never fail while runs write, and never see half of one: two processes, in a loop.

The first site's items are renamed "<place> of <n> renamed", n of them before the n-th run: what
is read is whole if it has just n names with that n, and pages are of one edition if their n is the
same.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import re
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from pmo_sync import registry
from pmo_sync.config import Config
from pmo_sync.config.load import load
from pmo_sync.pipeline import asking, reporting
from pmo_sync.pipeline.run import Order, run
from pmo_sync.render.progress import Quiet
from tests.pipeline.tiny_report import PLACE
from tests.pipeline.two_jiras import DAY, Portfolio, two_jiras

ROUNDS = 20
"""Most items of the first site, so that each round renames one more."""


@pytest.mark.parametrize(
    ("rounds", "names"),
    [
        (4, ("tiny", "index")),
        pytest.param(40, ("status", "tiny", "index"), marks=pytest.mark.slow),
    ],
)
def test_readers_see_whole_editions_while_runs_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rounds: int, names: tuple[str, ...]
) -> None:
    monkeypatch.setitem(registry.REPORTS, "tiny", PLACE)
    with two_jiras(tmp_path / "ours") as ours:
        ours.run(names=names)
        process, line = _reader(ours)
        for number in range(1, rounds + 1):
            ours.rename(number % ROUNDS, 900 + number)
            ours.run(names=names)
            assert not line.poll(), line.recv()  # a reader that fails says so at once
        line.send("stop")
        reads = line.recv()
        process.join(60)
        assert isinstance(reads, dict), reads
        assert min(reads.values()) >= 1, reads
        assert reads["published"] > rounds
        assert published(ours.public) == written(ours.folder / "reports") == rounds % ROUNDS


def test_runs_that_overlap_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes run as fast as they can: each run is whole, and one edition is left."""
    monkeypatch.setitem(registry.REPORTS, "tiny", PLACE)
    with two_jiras(tmp_path / "ours") as ours:
        context = multiprocessing.get_context("spawn")
        notes = [tmp_path / "a", tmp_path / "b"]
        others = [context.Process(target=_run, args=(str(ours.path), each, 3)) for each in notes]
        for each in others:
            each.start()
        for each in others:
            each.join(120)
        assert [each.exitcode for each in others] == [0, 0]
        assert published(ours.public) == 0
        record = json.loads((ours.folder / "reports" / "run.json").read_bytes())
        assert record["snapshot"] == 6
        spans = sorted(line.split() for each in notes for line in each.read_text().splitlines())
        assert len(spans) == 6
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))


def _run(path: str, note: Path, times: int) -> None:
    """Run, and note from when until when each run was at work."""
    registry.REPORTS["tiny"] = PLACE
    order = Order(DAY, Path(path).parent / "reports", ("tiny", "index"), ("json",), wait=100)
    with note.open("w") as lines:
        for _ in range(times):
            record = run(load(Path(path)), Quiet(), order, clock=lambda: datetime.now(UTC))
            lines.write(f"{record.started:%H:%M:%S.%f} {record.finished:%H:%M:%S.%f}\n")


def _reader(ours: Portfolio) -> tuple[Any, Connection]:
    """Start the process that reads until it is told to stop, and wait until it reads."""
    context = multiprocessing.get_context("spawn")
    line, other = context.Pipe()
    process = context.Process(target=_read, args=(str(ours.path), other))
    process.start()
    assert line.recv() == "reading"
    return process, line


def _read(path: str, line: Connection) -> None:
    """Read all that can be read, again and again; send how often, or what went wrong."""
    registry.REPORTS["tiny"] = PLACE
    config = load(Path(path))
    folder = Path(path).parent
    reads = {"items": 0, "report": 0, "published": 0}
    line.send("reading")
    try:
        while not line.poll():
            whole(str(row["title"]) for row in asking.items(config, None, DAY, None))
            reads["items"] += 1
            reported(config, folder)
            reads["report"] += 1
            for _ in range(50):
                before = written(folder / "reports")
                assert (published(folder / "public") - before) % ROUNDS in (0, 1)
                reads["published"] += 1
        line.send(reads)
    except BaseException:
        line.send(f"{traceback.format_exc()} after {reads}")


def whole(titles: Iterable[str]) -> int:
    """Return how many items were renamed, in the only round that their names tell of."""
    told = [re.fullmatch(r"\d+ of (\d+) renamed", title) for title in titles]
    rounds = [int(each[1]) for each in told if each]
    assert set(rounds) <= {len(rounds)}, f"half a sync: {rounds}"
    return len(rounds)


def reported(config: Config, folder: Path) -> None:
    tiny, index = reporting.reports(config, ["tiny", "index"], DAY, ["json"], folder / "mine")
    assert tiny.snapshot == index.snapshot
    assert index.report.headline == tiny.report.headline
    whole(tiny.report.titles)


def published(public: Path) -> int:
    """Read an edition as a careful reader does: which one is latest, then all of it."""
    edition = (public / "latest").resolve()
    note = json.loads((edition / "edition.json").read_bytes())
    pages = {
        part["name"]: json.loads((edition / file).read_bytes())
        for part in note["parts"]
        for file in part["files"]
        if file.endswith(".json")
    }
    number = whole(pages["tiny"]["titles"])
    assert f"{number} of 40 items" in pages["tiny"]["headline"]
    entries = {entry["name"]: entry["summary"] for entry in pages["index"]["entries"]}
    assert entries["tiny"]["headline"] == pages["tiny"]["headline"]
    read = {json.dumps(sorted(s["synced"] for s in page["sources"])) for page in pages.values()}
    assert len(read) == 1, "pages of two runs"
    for address in re.findall(r'href="([^"#]+)"', (public / "index.html").read_text()):
        assert (public / address).is_file(), address
    return number


def written(folder: Path) -> int:
    """Read run.json; return the round that it tells of."""
    record = json.loads((folder / "run.json").read_bytes())
    assert record["exit_code"] == 0
    for report in record["reports"]:
        for file in report["files"]:
            json.loads((folder / file).read_bytes())
    told = {each["name"]: each["headline"] for each in record["reports"]}["tiny"]
    return int(str(told).split()[0])
