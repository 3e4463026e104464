"""The report group: a command for each report that the registry knows, with the same options."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from pmo_sync import registry
from pmo_sync.cli.reports import REPORTS, report


def commands() -> dict[str, click.Command]:
    context = click.Context(report)
    found = {name: report.get_command(context, name) for name in report.list_commands(context)}
    return {name: command for name, command in found.items() if command}


def test_every_built_in_report_has_a_command_that_says_what_it_tells() -> None:
    assert registry.REPORTS.keys() == REPORTS.keys() <= commands().keys()
    assert {name: commands()[name].help for name in REPORTS} == REPORTS


def test_all_take_the_options_of_the_first() -> None:
    options = {name: {o.name for o in command.params} for name, command in commands().items()}
    assert all(options["risk"] <= taken for taken in options.values())
    assert options["status"] - options["risk"] == {"fail_on", "since"}


def test_a_report_of_another_package_has_its_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "burndown-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: burndown\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[pmo_sync.reports]\nburndown = burndown:build\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    assert "burndown" in commands()
    assert commands()["burndown"].help == "The burndown report."


def test_what_is_no_report_is_no_command() -> None:
    assert report.get_command(click.Context(report), "risks") is None
