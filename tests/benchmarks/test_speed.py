"""How long commands take at 100,000 items, each in a process of its own: ``pytest -m slow -s``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import pytest

from tests.benchmarks.large_portfolio import make

PROGRAM = "import sys; from pmo_sync.cli import main; sys.argv[0] = 'pmo-sync'; main()"
FILTER = 'project = "Project 4" and blocked and age > 100'


@dataclass(frozen=True, slots=True)
class Timed:
    """A command, and the seconds that it may take; None where only the figure is of interest."""

    name: str
    words: tuple[str, ...]
    limit: float | None


COMMANDS = (
    Timed("help", ("--help",), None),
    Timed("version", ("--version",), None),
    Timed("items, a filter, as a table", ("items", "--where", FILTER), 1.5),
    Timed("items, the first 50 of all", ("items", "--limit", "50"), 1.5),
    Timed("items, all of them, as a table", ("items",), None),
    Timed("items, a filter, as CSV", ("items", "--where", FILTER, "--format", "csv"), 1.5),
    Timed("items, all of them, as CSV", ("items", "--format", "csv"), None),
    Timed("rollup by project", ("rollup",), 1.5),
    Timed("rollup by team and priority", ("rollup", "--by", "team,priority"), 1.5),
    Timed("rollup of some items by label",
          ("rollup", "--by", "label", "--where", "tracker = jira and overdue",
           "--metric", "items,remaining,age_p85"), 1.5),
    Timed("rollup by assignee and month, times",
          ("rollup", "--by", "assignee,finished", "--metric", "done,cycle_p85,spent"), 1.5),
    Timed("rollup beside an earlier day", ("rollup", "--compare", "2026-01-31"), None),
    *(Timed(f"report {name}", ("report", name, "--format", "html,json"), 5.0)
      for name in ("status", "risk", "resources")),
    Timed("report index: all of them", ("report", "index", "--format", "html,json"), None),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: by the clock, of processors, and its largest size."""

    seconds: float
    processor: float
    megabytes: float


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("large"))


@pytest.mark.slow
def test_commands_are_fast_at_100_000_items(large: Path) -> None:
    """The best of three counts: what else the machine does is not what is measured."""
    table(large, 3, report=print)


def table(config: Path, times: int, report: Callable[[str], None]) -> None:
    """Measure every command, say each at once, and fail where one is over its limit."""
    slow = []
    for each in COMMANDS:
        costs = [cost(config, each.words) for _ in range(times)]
        best = min(costs, key=lambda found: found.seconds)
        limit = f"at most {each.limit:.1f} s" if each.limit else ""
        report(f"{each.name:<38}{best.seconds:>6.2f} s{best.processor:>7.2f} s of processors"
               f"{best.megabytes:>6.0f} MB  {limit}")  # fmt: skip
        if each.limit and best.seconds > each.limit:
            slow.append(each.name)
    assert slow == []


def cost(config: Path, words: Sequence[str]) -> Cost:
    """Run a command as a user does, imports included, and return what it took."""
    with tempfile.TemporaryFile() as said:
        start = perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "-c", str(config), *words],
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        _, status, used = os.wait4(process.pid, 0)
        took = perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        assert process.returncode == 0, said.read().decode()
    return Cost(took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


@pytest.mark.parametrize("words", [("items", "--help"), ("rollup", "--help")])
def test_help_imports_nothing_heavy(words: tuple[str, ...]) -> None:
    assert imported(words) == set()


@pytest.mark.parametrize("words", [("items", "--limit", "1"), ("rollup", "--by", "type")])
def test_a_table_imports_no_pandas(demo_folder: Path, words: tuple[str, ...]) -> None:
    """It alone takes half a second, numpy a tenth."""
    assert imported(("-c", str(demo_folder / "pmo-sync.toml"), *words)) == {"duckdb"}


def imported(words: tuple[str, ...]) -> set[str]:
    """Name the heavy modules that a command leaves imported."""
    program = (
        "import sys, atexit; from pmo_sync.cli import main; sys.argv[0] = 'pmo-sync';"
        "heavy = {'pandas', 'numpy', 'duckdb', 'jinja2', 'jira', 'github'};"
        "atexit.register(lambda: print(*sorted(heavy & set(sys.modules)), file=sys.stderr));"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", program, "-q", *words], capture_output=True,
                          check=True)  # fmt: skip
    return set(done.stderr.decode().split())


if __name__ == "__main__":
    table(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1, report=print)
