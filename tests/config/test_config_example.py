"""config.example.toml and docs/configuration.md are held to the schema: neither can drift."""

import math
import re
import tomllib
from dataclasses import MISSING, Field, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest

from pmo_sync import config
from pmo_sync.config.declarations import HEALTH_RANGES
from pmo_sync.config.load import load
from pmo_sync.config.secrets import Secret
from pmo_sync.config.structure import keys_of
from pmo_sync.config.values import FORECAST_RANGES, RANGES, RISK_RANGES
from pmo_sync.policy import ForecastPolicy, HealthChanges, HealthPolicy, Policy, RiskPolicy

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.toml"
REFERENCE = ROOT / "docs" / "configuration.md"
COMMENTED_KEY = re.compile(r"^# (?=[a-z_]+ = )", re.MULTILINE)

TABLES = {
    "[portfolio]": config.Portfolio,
    "[store]": config.StoreConfig,
    "[[sources]]": config.Source,
    "[[programs]]": config.Program,
    "[[projects]]": config.Project,
    "[[projects.select]]": config.Select,
    "[[milestones]]": config.MilestoneConfig,
    "[[milestones.gather]]": config.Gather,
    "[[milestones.dates]]": config.Dating,
    "[policy]": Policy,
    "[policy.risk]": RiskPolicy,
    "[policy.health]": HealthPolicy,
    "[projects.health]": HealthChanges,
    "[[projects.overrides]]": config.Override,
    "[[projects.notes]]": config.Note,
    "[[projects.declared]]": config.Voice,
    "[policy.forecast]": ForecastPolicy,
    "[[teams]]": config.TeamConfig,
    "[[people]]": config.PersonConfig,
    "[[publish]]": config.Publish,
}
"""Every table of the file; that it is complete is itself tested."""


def every_table(record: Any = config.Config) -> set[type[Any]]:
    found: set[type[Any]] = set()
    for _, annotation in keys_of(record).values():
        for part in (annotation, *get_args(annotation)):
            if isinstance(part, type) and is_dataclass(part) and part is not Secret:
                found |= {part} | every_table(part)
    return found


def test_the_tables_are_those_of_the_schema() -> None:
    assert set(TABLES.values()) == every_table()


def test_the_example_loads_without_a_warning_and_reads_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("JIRA_TOKEN", raising=False)
    assert load(EXAMPLE).warnings == ()


def test_the_example_shows_the_default_policy() -> None:
    policy = load(EXAMPLE).policy
    risk = RiskPolicy(scale=policy.risk.scale)
    assert Policy(status=policy.status, declared=policy.declared, risk=risk) == policy


def test_with_its_commented_keys_the_example_loads_and_has_every_key(tmp_path: Path) -> None:
    text = COMMENTED_KEY.sub("", EXAMPLE.read_text(encoding="utf-8"))
    path = tmp_path / "pmo-sync.toml"
    path.write_text(text, encoding="utf-8")
    assert load(path).warnings == ()
    document = tomllib.loads(text)
    assert document.keys() == keys_of(config.Config).keys()
    for header, record in TABLES.items():
        assert keys_in(document, header) == set(keys_of(record)), header


def keys_in(document: dict[str, Any], header: str) -> set[str]:
    tables = [document]
    for name in header.strip("[]").split("."):
        values = [table[name] for table in tables if name in table]
        tables = [
            row for value in values for row in (value if isinstance(value, list) else [value])
        ]
    return {key for table in tables for key in table}


@pytest.mark.parametrize("header", TABLES)
def test_the_reference_has_every_key_with_its_type_and_default(header: str) -> None:
    expected = {
        f"`{key}`": (type_words(annotation), default_words(field))
        for key, (field, annotation) in keys_of(TABLES[header]).items()
    }
    rows = documented(header)
    assert {key: row[:2] for key, row in rows.items()} == expected
    assert all(meaning for _, _, meaning in rows.values())


def test_every_number_of_the_policy_has_a_range() -> None:
    for policy, ranges in (
        (Policy, RANGES), (RiskPolicy, RISK_RANGES), (HealthPolicy, HEALTH_RANGES),
        (ForecastPolicy, FORECAST_RANGES),
    ):  # fmt: skip
        numbers = {key for key, (_, kind) in keys_of(policy).items() if kind in (int, float)}
        assert set(ranges) == numbers


@pytest.mark.parametrize(
    ("header", "key", "bounds"),
    [
        *(("[policy]", *pair) for pair in RANGES.items()),
        *(("[policy.risk]", *pair) for pair in RISK_RANGES.items()),
        *(("[policy.health]", *pair) for pair in HEALTH_RANGES.items()),
        *(("[policy.forecast]", *pair) for pair in FORECAST_RANGES.items()),
    ],
)
def test_the_reference_has_the_range_of_every_number_of_the_policy(
    header: str, key: str, bounds: tuple[float, float]
) -> None:
    low, high = bounds
    words = f"At least {low}." if high == math.inf else f"{low} to {high}."
    assert documented(header)[f"`{key}`"][2].endswith(words)


def documented(header: str) -> dict[str, tuple[str, str, str]]:
    """Read the table under a heading of the reference: key -> (type, default, meaning)."""
    section = REFERENCE.read_text(encoding="utf-8").split(f"\n## `{header}`\n")[1].split("\n## ")[0]
    rows = [line.split("|") for line in section.splitlines() if line.startswith("| `")]
    return {row[1].strip(): (row[2].strip(), row[3].strip(), row[4].strip()) for row in rows}


WORDS = {
    str: "text", bool: "true or false", int: "whole number", float: "number", date: "date",
    Path: "path",
}  # fmt: skip


def type_words(annotation: Any) -> str:
    origin, parameters = get_origin(annotation), get_args(annotation)
    if annotation in WORDS:
        return WORDS[annotation]
    if annotation is Secret:
        return "secret"
    if is_dataclass(annotation):
        return "table"
    if origin is Literal:
        return ", ".join(f"`{choice}`" for choice in parameters)
    if origin is tuple:
        return "tables" if is_dataclass(parameters[0]) else f"list of {type_words(parameters[0])}"
    if type(None) in parameters:
        return type_words(parameters[0])
    return f"table of {type_words(parameters[1])}"


def default_words(field: Field[Any]) -> str:
    if field.default_factory is not MISSING:
        default: Any = field.default_factory()
        return "" if is_dataclass(default) else f"`{toml(default)}`"
    if field.default is MISSING:
        return "required"
    return "" if field.default is None else f"`{toml(field.default)}`"


def toml(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str | Path) else str(value)
