"""docs/scheduling.md: its files parse, and the commands in them are commands of this program."""

from __future__ import annotations

import configparser
import dataclasses
import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from pmo_sync.cli import main
from pmo_sync.pipeline.publishing import Published
from pmo_sync.pipeline.record import Record, ReportRecord, SourceRecord
from tests.docs.commands import README, ROOT

TEXT = (ROOT / "docs" / "scheduling.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def documents() -> list[Any]:
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    return [yaml.safe_load(block) for block in blocks("yaml")]


def units() -> Iterator[configparser.ConfigParser]:
    for block in blocks("ini"):
        unit = configparser.ConfigParser(interpolation=None)
        unit.read_string(block)
        yield unit


def commands() -> list[list[str]]:
    """Every call of the program in a block that is no YAML, as words after its name."""
    lines = [
        line
        for language in ("sh", "cron", "ini")
        for block in blocks(language)
        for line in block.splitlines()
        if "pmo-sync " in line
    ]
    return [shlex.split(re.sub(r"^.*?pmo-sync (?=-|run)", "", line)) for line in lines]


def accepted(words: list[str]) -> str:
    """Let the program read its command line, doing nothing; return the command's name."""
    result = CliRunner().invoke(main, [*words, "--help"])
    assert result.exit_code == 0, result.output
    usage = re.match(r"Usage: \S+ ([a-z ]+) \[OPTIONS\]", result.output)
    assert usage, result.output
    return usage[1].split()[-1]


def test_the_commands_are_accepted() -> None:
    found = [accepted(words) for words in commands()]
    assert found == ["run"] * 3


def test_the_workflow_parses_and_its_commands_are_accepted() -> None:
    workflow, _ = documents()
    steps = workflow["jobs"]["run"]["steps"]
    calls = [shlex.split(step["run"])[1:] for step in steps if "pmo-sync " in step.get("run", "")]
    assert [accepted(words) for words in calls] == ["run", "export"]
    assert "schedule" in workflow[True]  # YAML 1.1 reads the key "on" as a truth value
    after = steps[[step.get("id") for step in steps].index("reports") + 1 :]
    assert {step["if"] for step in after} == {"always()"}


def test_the_cron_job_parses_and_its_command_is_accepted() -> None:
    _, job = documents()
    spec = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    assert container["args"][0] == "pmo-sync"
    assert accepted(container["args"][1:]) == "run"
    mounted = {mount["name"] for mount in container["volumeMounts"]}
    assert mounted == {volume["name"] for volume in spec["volumes"]}


def test_the_units_parse_and_the_timer_starts_the_service() -> None:
    service, timer = units()
    assert service["Service"]["Type"] == "oneshot"
    assert timer["Timer"]["OnCalendar"]
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_the_crontab_has_five_fields_of_time() -> None:
    (block,) = blocks("cron")
    lines = [line for line in block.splitlines() if not line.startswith("#")]
    for line in lines:
        assert re.match(r"(?:[\d*,/-]+\s+){5}\S", line)
        assert "%" not in line  # which cron takes for the end of the command


def keys_of(kind: Any) -> set[str]:
    return {field.name for field in dataclasses.fields(kind)}


def test_every_key_of_the_record_is_documented() -> None:
    part = TEXT[TEXT.index("## `run.json`") : TEXT.index("## What the folder publisher")]
    told = set(re.findall(r"`([a-z_]+)`", part))
    every = {"schema", "program"}.union(
        *map(keys_of, (Record, SourceRecord, ReportRecord, Published))
    )
    assert every <= told


def test_exit_codes_are_those_of_the_readme() -> None:
    def codes(text: str) -> list[str]:
        return re.findall(r"^\| (\d+) \|", text, re.MULTILINE)

    assert codes(TEXT) == codes(README.read_text(encoding="utf-8"))
