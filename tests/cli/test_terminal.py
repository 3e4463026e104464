"""What a user sees on a terminal, and what a pipe, another locale or Ctrl-C make of it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from pmo_sync.cli import main
from pmo_sync.config.load import load
from pmo_sync.demo import run
from pmo_sync.demo.world import UNTIL
from pmo_sync.pipeline import reporting

COMMAND = "import sys; from pmo_sync.cli import main; sys.argv[0] = 'pmo-sync'; main()"
CTRL_C = "\x03"
SILENCE, SETTLED = 20.0, 0.2
"""Seconds: a command that says nothing for so long hangs; after a prompt, the line editor reads."""
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.endswith("_TOKEN")}
for name in ("COLUMNS", "LINES"):  # what runs the tests may say how wide it is; a terminal knows
    ENVIRONMENT.pop(name, None)
ENVIRONMENT |= {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUNBUFFERED": "1"}


def on_terminal(
    folder: Path, arguments: Sequence[str | Path], typed: Sequence[str] = (), columns: int = 80
) -> tuple[int, str]:
    """Run a command on a terminal, typing each answer after a prompt; return its exit code and
    what the terminal showed."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    started = subprocess.Popen(
        [sys.executable, "-c", COMMAND, *map(str, arguments)],
        cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        env={**ENVIRONMENT, "TERM": "xterm"},
    )  # fmt: skip
    os.close(theirs)
    answers, shown, seen = list(typed), "", 0
    while True:
        if not select.select([ours], [], [], SILENCE)[0]:
            started.kill()
        try:
            data = os.read(ours, 4096)
        except OSError:  # how Linux tells the end of a terminal
            break
        if not data:
            break
        shown += data.decode()
        if answers and shown[seen:].endswith(": "):
            answer = answers.pop(0)
            time.sleep(SETTLED)
            os.write(ours, (answer if answer == CTRL_C else f"{answer}\n").encode())
            seen = len(shown)
    os.close(ours)
    return started.wait(60), shown.replace("\r", "")


def piped(folder: Path, *arguments: str, encoding: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments], cwd=folder, capture_output=True, timeout=120,
        env={**ENVIRONMENT, "PYTHONIOENCODING": encoding}, check=False,
    )  # fmt: skip


def renamed(config: Path, name: str) -> None:
    text = config.read_text(encoding="utf-8").replace("Payments renewal", name)
    config.write_text(text, encoding="utf-8")


def test_init_asks_again_for_what_a_configuration_would_be_refused_for(tmp_path: Path) -> None:
    code, shown = on_terminal(
        tmp_path,
        ["init"],
        ["Ours", "Mars", "Europe/Berlin", "ftp://x", "127.0.0.1:9", "me@example.com", ""],
    )
    assert code == 0, shown
    assert "unknown time zone 'Mars'" in shown
    assert "must be a URL" in shown
    config = load(tmp_path / "pmo-sync.toml")
    assert config.portfolio.timezone == "Europe/Berlin"
    assert [source.url for source in config.sources] == ["https://127.0.0.1:9"]


def test_init_says_what_to_do_about_what_it_could_not_list(tmp_path: Path) -> None:
    code, shown = on_terminal(tmp_path, ["init"], ["", "", "", "acme", ""])
    assert code == 0, shown
    assert "GITHUB_TOKEN is not set" in shown
    assert "run init again" in shown
    assert load(tmp_path / "pmo-sync.toml").sources[0].organization == "acme"


def test_ctrl_c_in_a_question(tmp_path: Path) -> None:
    code, shown = on_terminal(tmp_path, ["init"], ["Ours", CTRL_C])
    assert code == 130
    assert "\nerror: interrupted\n" in shown
    assert not (tmp_path / "pmo-sync.toml").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "no tracker to read"),
        (["--timezone", "Mars", "--github-organization", "a"], 2, "unknown time zone 'Mars'"),
        (["--jira", "https://me:secret-7f3a@x.test"], 2, "must not hold a user or password"),
        (["--github-organization", "a", "-o", "no/such/x.toml"], 1, "No such file or directory"),
    ],
)
def test_init_without_a_terminal_writes_nothing_that_is_of_no_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["init", *arguments])
    assert result.exit_code == code, result.output
    assert words in result.output
    assert "secret-7f3a" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_an_organization_without_an_address_is_on_github_com(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    result = CliRunner().invoke(main, ["init", "--github-organization", "acme", "-o", "a b.toml"])
    assert result.exit_code == 0, result.output
    assert "pmo-sync -c 'a b.toml' check" in result.output
    assert load(tmp_path / "a b.toml").sources[0].url == "https://github.com"


def test_help_fits_a_terminal(tmp_path: Path) -> None:
    _, shown = on_terminal(tmp_path, ["--help"])
    assert "..." not in shown.partition("Commands:")[2]


@pytest.mark.parametrize(("columns", "table"), [(40, False), (200, True)])
def test_items_on_terminals_narrow_and_wide(demo_folder: Path, columns: int, table: bool) -> None:
    code, shown = on_terminal(demo_folder, ["items", "--where", "key = PAY-450"], columns=columns)
    assert code == 0
    assert ("key: PAY-450\n" in shown) is not table
    assert bool(re.search(r"^PAY-450  \w.*In Progress", shown, re.MULTILINE)) is table
    assert "1 of 1 item\n" in shown


def test_a_terminal_that_cannot_show_a_name_shows_the_rest(demo_copy: Path) -> None:
    renamed(demo_copy / "pmo-sync.toml", "Ωmega")
    done = piped(demo_copy, "items", "--limit", "3", "--where", "key ~ PAY", encoding="latin-1")
    assert done.returncode == 0, done.stderr
    assert b"?mega" in done.stdout


@pytest.mark.parametrize("form", ["csv", "json"])
def test_files_for_machines_are_utf_8_everywhere(demo_copy: Path, form: str) -> None:
    renamed(demo_copy / "pmo-sync.toml", "Ωmega")
    done = piped(demo_copy, "items", "--where", "key ~ PAY", "--format", form, encoding="latin-1")
    assert done.returncode == 0, done.stderr
    assert "Ωmega" in done.stdout.decode("utf-8")


def test_a_source_is_named_once_in_a_line(demo_copy: Path) -> None:
    done = piped(demo_copy, "check", encoding="utf-8")
    lines = [*done.stdout.decode().splitlines(), *done.stderr.decode().splitlines()]
    waits = [line for line in lines if "waiting" in line]
    assert done.returncode == 1
    assert waits
    assert all(line.startswith("warning: ") for line in waits)
    assert [line for line in lines if len(re.findall(r"\b(?:jira|github): ", line)) > 1] == []


def test_demo_serve_twice(demo_copy: Path) -> None:
    _, trackers = run.serve(demo_copy)
    with trackers:
        result = CliRunner().invoke(main, ["demo", "-o", str(demo_copy), "serve"])
    assert result.exit_code == 1
    assert "are they up already?" in result.output
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_ctrl_c_ends_demo_serve_well(demo_copy: Path) -> None:
    started = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "demo", "-o", str(demo_copy), "serve"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=ENVIRONMENT,
    )  # fmt: skip
    assert started.stdout is not None
    while "sync" not in started.stdout.readline():
        assert started.poll() is None
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=30)
    assert (started.returncode, said.strip()) == (0, "")


def test_what_the_demo_says_to_try_can_be_typed(demo_folder: Path, tmp_path: Path) -> None:
    """Also where the folder's name needs quotes and the command is not on the path."""
    folder = tmp_path / "my demo"
    shutil.copytree(demo_folder, folder)
    built = reporting.reports(load(folder / "pmo-sync.toml"), ["index"], UNTIL, ["html"], folder)
    said = run.summary(folder, built, ["pmo-sync"])
    (place,) = [line for line in said if line.startswith("open: ")]
    assert Path(place.removeprefix("open:").strip()).name == "index.html"
    tried = [line for line in said if "pmo-sync.toml" in line]
    assert len(tried) == 2
    for line in tried:
        words = shlex.split(line.removeprefix("try:"))
        assert words[0] == "pmo-sync"
        assert CliRunner().invoke(main, words[1:]).exit_code == 0
