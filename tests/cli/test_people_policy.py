"""``[policy] people``: no output of any command tells more of a person than it allows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from pmo_sync.cli import main
from pmo_sync.config.load import load
from pmo_sync.demo import run
from pmo_sync.registry import names

REPORTS = names("pmo_sync.reports")
FILTERED = ["items", "--where", "assignee is not empty or category = open"]
COMMANDS: list[list[str]] = [
    *(["report", name, "--format", "html,json"] for name in REPORTS),
    FILTERED,
    [*FILTERED, "--format", "json"],
    ["check"],
]
"""Every command that tells of work or of people."""


@pytest.fixture(scope="module")
def folder(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A demo of which one project has an owner whom no tracker knows, with its trackers up."""
    copy = tmp_path_factory.mktemp("people") / "demo"
    shutil.copytree(demo_folder, copy)
    config, trackers = run.serve(copy)
    text = config.path.read_text(encoding="utf-8")
    owned = next(line for line in text.splitlines() if line.startswith("owner = "))
    config.path.write_text(text.replace(owned, 'owner = "Sonja Bergfalk"', 1), encoding="utf-8")
    with trackers:
        yield copy


def told(folder: Path, policy: str) -> str:
    """Return all that the commands say and write by a policy."""
    path = folder / "pmo-sync.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f'{text}\n[policy]\npeople = "{policy}"\n', encoding="utf-8")
    out = []
    for command in COMMANDS:
        result = CliRunner().invoke(main, ["-c", str(path), *command], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        out.append(result.output)
    path.write_text(text, encoding="utf-8")
    written = [p for name in REPORTS for p in sorted((folder / "reports").glob(f"*/{name}.*"))]
    assert len(written) >= 2 * len(REPORTS)
    return "\n".join([*out, *(p.read_text(encoding="utf-8") for p in written)])


def everybody(folder: Path) -> Sequence[str]:
    """Return every name and login that the configuration gives somebody, and the owners'."""
    config = load(folder / "pmo-sync.toml")
    logins = [a.partition(":")[2] for person in config.people for a in person.accounts]
    owners = [project.owner for project in config.projects if project.owner]
    # A login that is a word of its own, such as "ada", stands in other words as well.
    return [*(p.name for p in config.people), *owners, *(each for each in logins if "-" in each)]


@pytest.mark.parametrize("policy", ["initials", "teams"])
def test_no_output_names_anybody(folder: Path, policy: str) -> None:
    text = told(folder, policy)

    found = [name for name in everybody(folder) if name.casefold() in text.casefold()]
    assert found == []
    teams = {person.team for person in load(folder / "pmo-sync.toml").people if person.team}
    assert all(team in text for team in teams)
    # Of teams alone, nobody is a row.
    assert ('"members": []' in text) is (policy == "teams")


def test_with_the_names_allowed_they_are_told(folder: Path) -> None:
    """The search above finds what it looks for."""
    text = told(folder, "names")
    here = [person for person in load(folder / "pmo-sync.toml").people if person.end is None]
    assert all(person.name in text for person in here)
    assert "Sonja Bergfalk" in text
    assert len(everybody(folder)) > 20
