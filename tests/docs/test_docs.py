"""The documents say what the program does: what could drift is compared with it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from pmo_sync.cli.questions import rollup
from pmo_sync.policy import Policy
from pmo_sync.reports.glossary import RISK_TERMS, TERMS
from pmo_sync.reports.resources.glossary import TERMS as RESOURCES_TERMS
from pmo_sync.reports.status.wording import GREEN, TEXTS
from pmo_sync.rollups.baselines import MARKS
from pmo_sync.rollups.dimensions import DIMENSIONS
from pmo_sync.rollups.marks import CHANGES, QUALITY
from pmo_sync.rollups.metrics import NAMES, metrics
from pmo_sync.rollups.predictability import MARKS as COMMITMENTS
from tests.docs import schema
from tests.docs.commands import README, ROOT, commands, split

DOCS = [README, *sorted((ROOT / "docs").glob("*.md")), ROOT / "CHANGELOG.md"]


def test_every_command_is_in_the_readme() -> None:
    _, within, _ = split(README.read_text(encoding="utf-8"))
    assert told(within) == told(commands()), "write it anew: python -m tests.docs.commands"


def told(text: str) -> list[str]:
    """The words of the help: line breaks and usage lines change with the terminal library."""
    lines = [line for line in text.splitlines() if not line.startswith("Usage:")]
    return " ".join(lines).split()


def test_the_glossary_is_the_reports_own() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (.+) \|$", text, re.MULTILINE)[2:]
    assert rows == [(term.name, term.text) for term in (*TERMS, *RISK_TERMS)]


def test_the_resources_reports_terms_are_its_own() -> None:
    text = (ROOT / "docs" / "resources.md").read_text(encoding="utf-8")
    table = text.split("## How each figure is defined")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (.+) \|$", table, re.MULTILINE)[2:]
    assert rows == [(term.name, term.text) for term in RESOURCES_TERMS]


def test_every_mark_is_documented() -> None:
    text = (ROOT / "docs" / "filters.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| ([^|]+) \|$", text, re.MULTILINE))
    for name, meaning in {**CHANGES, **QUALITY, **MARKS, **COMMITMENTS}.items():
        assert rows[name] == meaning


def test_every_dimension_and_metric_of_a_rollup_is_documented() -> None:
    text = (ROOT / "docs" / "rollup.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_0-9]+)` \|(.*)\|$", text, re.MULTILINE)
    told = dict(rows)
    assert [name for name, _ in rows] == [*DIMENSIONS, *NAMES]
    day = date(2026, 3, 31)
    for metric in metrics(Policy(), day, day).values():
        assert (metric.unit or "items") in told[metric.name]
        where = metric.where.replace(day.isoformat(), "DAY")
        assert metric.timed or f"`{where}`" in told[metric.name] or not where


def test_the_help_names_every_dimension_and_metric() -> None:
    options = {option.name: str(getattr(option, "help", "")) for option in rollup.params}
    for option, names in (("by", DIMENSIONS), ("metric", NAMES)):
        listed = re.findall(r"[a-z_0-9]+", options[str(option)].partition("[default")[0])
        assert [name for name in listed if name in names] == list(names)


def test_every_rule_of_health_is_documented() -> None:
    text = (ROOT / "docs" / "health.md").read_text(encoding="utf-8")
    assert {rule for rule in TEXTS if f"`{rule}`" not in text} == set()
    health = Policy().health
    for share in (health.slip_amber, health.probability_green, health.growth_amber):
        assert f"{share:.0%}".replace("%", " %") in text


def test_every_rule_has_words_for_what_it_found_and_for_what_would_make_it_green() -> None:
    assert set(TEXTS) == set(GREEN)


def test_the_schema_of_the_status_report_is_that_of_its_view_model() -> None:
    told = "write it anew: python -m tests.docs.schema"
    assert schema.PATH.read_text(encoding="utf-8") == schema.text(), told


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
        assert "://" in target or (path.parent / target).exists(), target
