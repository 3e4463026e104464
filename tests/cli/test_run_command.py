"""``pmo-sync run`` as a scheduler calls it: exit codes, signals, what is said where."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pmo_sync import registry
from pmo_sync.cli import main
from pmo_sync.demo.http import Request, Response
from pmo_sync.demo.jira_server import JiraServer
from pmo_sync.store import Store
from tests.pipeline.tiny_report import PLACE
from tests.pipeline.two_jiras import DAY, Portfolio, two_jiras

COMMAND = "import sys; from pmo_sync.cli import main; sys.argv[0] = 'pmo-sync'; main()"


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Portfolio]:
    monkeypatch.setitem(registry.REPORTS, "tiny", PLACE)
    with two_jiras(tmp_path / "ours") as portfolio:
        yield portfolio


def call(ours: Portfolio, *arguments: str) -> Result:
    words = ["-c", str(ours.path), "run", "--report", "tiny,index", "--format", "json", *arguments]
    return CliRunner().invoke(main, words)


def test_what_is_written_and_published_is_said_on_standard_output(ours: Portfolio) -> None:
    first, second = call(ours, "--as-of", str(DAY)), call(ours, "--as-of", str(DAY))
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    edition, place = ours.folder / "reports" / str(DAY), ours.public
    assert first.stdout.splitlines() == [
        f"{edition}/tiny.json", f"{edition}/index.json", f"published: {place}/{DAY}",
    ]  # fmt: skip
    line = "one: 20 items read, 20 changed; 5 requests for data (at least 4), 13 for the site"
    assert line in first.stderr.splitlines()
    assert second.stdout.splitlines()[-1].startswith(f"unchanged: {place} ")


def test_exit_code_3_names_the_source_that_failed(ours: Portfolio) -> None:
    call(ours)
    ours.refuse("two")
    result = call(ours)
    assert result.exit_code == 3
    assert result.stderr.splitlines()[-1].startswith("error: two: ")
    assert f"{ours.folder}/reports/" in result.stdout
    assert "wrong-token" not in result.output


def test_exit_code_4_while_another_run_is_at_work(ours: Portfolio) -> None:
    with Store(ours.config.store_path).running():
        result = call(ours, "--wait", "0.1")
    assert result.exit_code == 4
    assert "another pmo-sync run is at work" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--report", "tony"], "no report 'tony' (known: index, status"),
        (["--only", "three"], "no source 'three' (known: one, two)"),
        (["--wait", "-1"], "--wait"),
        (["--format", "pdf"], "known: html, json"),
    ],
)
def test_exit_code_2_for_what_is_not_known(
    ours: Portfolio, arguments: list[str], words: str
) -> None:
    result = call(ours, *arguments)
    assert result.exit_code == 2
    assert words in result.output


def test_a_signal_in_the_middle_of_a_query_is_an_interruption_too(
    ours: Portfolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr("pmo_sync.pipeline.run.reports", interrupted)
    result = call(ours)
    assert result.exit_code == 130
    assert "error: interrupted" in result.stderr


class SlowJira(JiraServer):
    """A Jira that takes its time."""

    def answer(self, request: Request) -> Response:
        time.sleep(0.3)
        return super().answer(request)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_as_documented_and_the_next_run_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: signal.Signals
) -> None:
    with two_jiras(tmp_path / "ours", SlowJira) as ours:
        arguments = ["-c", str(ours.path), "-q", "run", "--report", "status", "--format", "json"]
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *arguments], stderr=subprocess.PIPE, text=True,
            env={**os.environ},
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while ours.one.requests < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(how)
        _, words = process.communicate(timeout=60)

        assert process.returncode == 130, words
        assert words.strip() == (
            "error: interrupted; what was fetched is kept, the next sync goes on"
        )
        record = json.loads((ours.folder / "reports" / "run.json").read_bytes())
        assert (record["exit_code"], record["error"]) == (130, "interrupted")
        monkeypatch.setitem(registry.REPORTS, "tiny", PLACE)
        assert call(ours, "--wait", "0").exit_code == 0
