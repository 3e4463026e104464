"""What a user meets when something is wrong: a clear line, a documented exit code."""

from __future__ import annotations

import json
import os
import re
import resource
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pmo_sync import __version__
from pmo_sync.cli import main
from pmo_sync.config.load import load
from pmo_sync.demo import run
from pmo_sync.demo.servers import GITHUB_TOKEN, JIRA_TOKEN, Trackers
from pmo_sync.store import Store

COMMAND = "import sys; from pmo_sync.cli import main; sys.argv[0] = 'pmo-sync'; main()"
Run = Callable[..., Result]


@pytest.fixture
def pmo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PMO_SYNC_CONFIG", raising=False)

    def call(*arguments: str | Path, **options: str) -> Result:
        return CliRunner().invoke(main, [str(each) for each in arguments], **options)  # type: ignore[arg-type]

    return call


@pytest.fixture
def served(demo_copy: Path) -> Iterator[tuple[Path, Trackers]]:
    """A demo folder whose trackers are up."""
    config, trackers = run.serve(demo_copy)
    with trackers:
        yield config.path, trackers


def fails(result: Result, code: int, *words: str) -> None:
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    for word in words:
        assert word in result.output


def edited(config: Path, pattern: str, replacement: str) -> Path:
    text, changes = re.subn(pattern, replacement, config.read_text(encoding="utf-8"))
    assert changes
    config.write_text(text, encoding="utf-8")
    return config


@pytest.mark.parametrize(
    "command", [["sync"], ["check"], ["items"], ["report", "status"], ["store", "info"]]
)
def test_no_configuration(pmo: Run, command: list[str]) -> None:
    fails(pmo(*command), 2, "pmo-sync.toml: no such file", "pmo-sync init", "pmo-sync demo")


def test_a_half_written_configuration(pmo: Run, tmp_path: Path) -> None:
    (tmp_path / "pmo-sync.toml").write_text('[portfolio]\nname = "Half')
    fails(pmo("sync"), 2, "pmo-sync.toml:2")


def test_nothing_synced_yet(pmo: Run, tmp_path: Path) -> None:
    (tmp_path / "pmo-sync.toml").write_text('[portfolio]\nname = "New"\n')
    fails(pmo("report", "status"), 1, "nothing has been synced yet", "pmo-sync sync")


@pytest.mark.parametrize("command", ["sync", "check"])
def test_a_wrong_token(pmo: Run, served: tuple[Path, Trackers], command: str) -> None:
    config, _ = served
    for name in ("jira", "jira_dc", "github"):
        (config.parent / f"{name}.token").write_text("not-the-token-7f3a\n")
    result = pmo("-c", config, command)
    fails(result, 1, "401", "jira", "jira_dc", "github")
    assert "not-the-token-7f3a" not in result.output


def test_a_token_that_is_not_set(pmo: Run, served: tuple[Path, Trackers]) -> None:
    config = edited(served[0], r"\{ ?file = .*jira.token. ?\}", '{ env = "NO_SUCH_TOKEN" }')
    fails(pmo("-c", config, "sync", "jira"), 2, "NO_SUCH_TOKEN is not set")


def test_no_network(pmo: Run, demo_copy: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        config = edited(demo_copy / "pmo-sync.toml", r"http://127.0.0.1:\d+", url)
        before = Store(load(config).store_path).counts()["work_item"]
        result = pmo("-c", config, "sync", "jira")
    fails(result, 1, "jira", "the connection is refused")
    assert Store(load(config).store_path).counts()["work_item"] == before


def test_an_unknown_source(pmo: Run, demo_copy: Path) -> None:
    result = pmo("-c", demo_copy / "pmo-sync.toml", "sync", "jiro")
    fails(result, 2, "no source 'jiro' (known: jira, jira_dc, github)")


def test_a_store_in_use(pmo: Run, demo_copy: Path) -> None:
    config = demo_copy / "pmo-sync.toml"
    with Store(load(config).store_path).writing():
        fails(pmo("-c", config, "sync"), 4, "another pmo-sync is writing")
        assert pmo("-c", config, "items").exit_code == 0


def test_a_full_disk(served: tuple[Path, Trackers]) -> None:
    """A file may not grow past a limit: what a full disk does to a write, without filling one."""
    config, _ = served
    store = Store(load(config).store_path)
    before = store.counts()

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    result = subprocess.run(
        [sys.executable, "-c", COMMAND, "-c", str(config), "sync", "--full"],
        capture_output=True, text=True, preexec_fn=small_files, timeout=120, check=False,
    )  # fmt: skip

    assert result.returncode == 1, result.stderr
    assert "Traceback" not in result.stderr
    assert "disk full" in result.stderr
    assert store.counts() == before
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "-c", str(config), "sync"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert store.counts()["work_item"] == before["work_item"]


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("staus = done", ["unknown field 'staus'", "did you mean 'status'?", "^^^^^"]),
        ("age >", ["where:"]),
        ("project = 'x", ["where:"]),
    ],
)
def test_a_filter_that_cannot_be_read(
    pmo: Run, demo_copy: Path, where: str, words: list[str]
) -> None:
    result = pmo("-c", demo_copy / "pmo-sync.toml", "items", "--where", where)
    fails(result, 2, *words)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["report", "status", "--format", "pdf"], "known: html, json"),
        (["report", "status", "--as-of", "yesterday"], "expected e.g. 2026-03-31"),
        (["items", "--as-of", "9999-12-31"], "is not between 1970 and 2100"),
        (["report", "status", "--as-of", "0001-01-08"], "is not between 1970 and 2100"),
        (["items", "--columns", "key,nope"], "no column 'nope'"),
        (["nonsense"], "No such command"),
    ],
)
def test_usage(pmo: Run, demo_copy: Path, arguments: list[str], word: str) -> None:
    fails(pmo("-c", demo_copy / "pmo-sync.toml", *arguments), 2, word)


def test_items_as_table_csv_and_json(pmo: Run, demo_copy: Path) -> None:
    base = ("-q", "-c", demo_copy / "pmo-sync.toml", "items", "--where", "blocked")
    table, csv, plain = (pmo(*base, "--format", form).output for form in ("table", "csv", "json"))
    found = json.loads(plain)
    assert len(found) > 1
    assert len(csv.splitlines()) == len(found) + 1
    assert all(row["key"] in table and row["blocked"] is True for row in found)


def test_a_past_day(pmo: Run, demo_copy: Path) -> None:
    config = demo_copy / "pmo-sync.toml"
    now = json.loads(pmo("-q", "-c", config, "items", "--format", "json").output)
    then = json.loads(
        pmo("-q", "-c", config, "items", "--as-of", "2025-12-31", "--format", "json").output
    )
    assert 0 < len(then) < len(now)
    assert max(row["created"] for row in then) <= "2025-12-31"


def test_the_same_store_day_and_configuration_give_the_same_bytes(
    demo_copy: Path, tmp_path: Path
) -> None:
    outputs = []
    for seed in ("0", "7"):
        folder = tmp_path / f"out{seed}"
        subprocess.run(
            [sys.executable, "-c", COMMAND, "-q", "-c", str(demo_copy / "pmo-sync.toml"),
             "report", "status", "--format", "html,json", "-o", str(folder)],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC{seed}"}, check=True,
            capture_output=True, timeout=120,
        )  # fmt: skip
        outputs.append({path.name: path.read_bytes() for path in folder.glob("*/*")})
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) == 2


def test_export_and_import(pmo: Run, demo_copy: Path, tmp_path: Path) -> None:
    config = demo_copy / "pmo-sync.toml"
    assert pmo("-c", config, "store", "export", tmp_path / "all.zip").exit_code == 0
    before = pmo("-c", config, "store", "info").output
    fails(pmo("-c", config, "store", "import", tmp_path / "all.zip"), 1, "--replace")
    assert pmo("-c", config, "store", "import", "--replace", tmp_path / "all.zip").exit_code == 0
    counts = [line for line in before.splitlines() if line.endswith("rows")]
    after = pmo("-c", config, "store", "info").output
    assert counts == [line for line in after.splitlines() if line.endswith("rows")]


def test_check_of_sources_that_are_well(pmo: Run, served: tuple[Path, Trackers]) -> None:
    result = pmo("-c", served[0], "check")
    assert result.exit_code == 0, result.output
    assert "error" not in result.output


def test_init_without_a_terminal_lists_what_it_sees(
    pmo: Run, served: tuple[Path, Trackers], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JIRA_TOKEN", JIRA_TOKEN)
    monkeypatch.setenv("GITHUB_TOKEN", GITHUB_TOKEN)
    sources = {source.name: source for source in load(served[0]).sources}
    result = pmo(
        "init", "--name", "Ours", "--timezone", "Europe/Berlin",
        "--jira", sources["jira"].url, "--jira-email", str(sources["jira"].email),
        "--github", sources["github"].url, "--github-organization", "harbourline",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "PAY" in result.output
    assert "harbourline/portal" in result.output
    text = (tmp_path / "pmo-sync.toml").read_text()
    assert JIRA_TOKEN not in text
    assert len(load(tmp_path / "pmo-sync.toml").projects) == 11
    assert pmo("sync").exit_code == 0
    fails(pmo("init", "--name", "Again"), 2, "exists already")


def test_secrets_are_in_no_file_output_or_log(pmo: Run, served: tuple[Path, Trackers]) -> None:
    config, _ = served
    outputs = [
        pmo("-vv", "--log-format", form, "-c", config, *command).output
        for form in ("text", "json")
        for command in (["run", "--full", "--format", "json"], ["check"])
    ]
    files = [
        path for path in config.parent.rglob("*") if path.is_file() and path.suffix != ".token"
    ]
    assert len(files) > 5
    for secret in (JIRA_TOKEN, GITHUB_TOKEN):
        assert not any(secret in output for output in outputs)
        assert not [path for path in files if secret.encode() in path.read_bytes()]


def test_log_lines_as_json(pmo: Run, served: tuple[Path, Trackers]) -> None:
    result = pmo("-v", "--log-format", "json", "-c", served[0], "sync")
    lines = [json.loads(line) for line in result.output.splitlines() if line.startswith("{")]
    assert {"time", "level", "logger", "message"} <= set(lines[0])
    assert any("jira" in line["message"] for line in lines)


def test_quiet_says_nothing(pmo: Run, served: tuple[Path, Trackers]) -> None:
    assert pmo("-q", "-c", served[0], "sync").output == ""


def test_a_folder_that_is_no_demo_is_not_touched(pmo: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "store").write_text("precious")
    fails(pmo("demo", "-o", tmp_path / "mine"), 1, "is not empty and no demo")
    assert (tmp_path / "mine" / "store").read_text() == "precious"


def test_help_imports_nothing_heavy() -> None:
    heavy = ("pandas", "duckdb", "jira", "github", "narwhals", "jinja2", "rich", "msgspec")
    probe = (
        "import sys; from pmo_sync.cli import main\n"
        "try: main(['report', '--help'])\n"
        "except SystemExit: pass\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines()[-1] == "[]"


def test_version(pmo: Run) -> None:
    assert pmo("--version").output == f"pmo-sync {__version__}\n"


def test_the_package_can_be_run_where_its_script_is_not_on_the_path() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "pmo_sync", "--version"], capture_output=True, text=True, check=True
    )
    assert told.stdout == f"pmo-sync {__version__}\n"
