from __future__ import annotations

import re
from pathlib import Path

import pytest

from pmo_sync.rollups.where.fields import FIELDS, OPERATORS
from pmo_sync.rollups.where.parse import MAX_DEPTH, parse
from pmo_sync.rollups.where.tokens import MAX_LENGTH

DOCS = Path(__file__).parents[3].joinpath("docs", "filters.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"--where '(.+)'", DOCS)
BLOCKS = re.findall(r"```filter\n(.+?)\n```", DOCS, re.DOTALL)
_, _, AFTER_CONDITIONS = DOCS.partition("## Conditions")
CONDITIONS = re.findall(r"^\| `(.+?)` \|", AFTER_CONDITIONS.partition("##")[0], re.MULTILINE)
INLINE = re.findall(r"`([a-z]+ (?:[<>!=~]=?|!~) [^`]+|[^`]+ or \([^`]+)`", DOCS)
EXAMPLES = [
    *COMMANDS,
    *(line for block in BLOCKS for line in block.split("\n")),
    *CONDITIONS,
    *INLINE,
]
HEAD = "| field | kind | several | meaning |\n| --- | --- | --- | --- |\n"


def test_docs_list_every_field() -> None:
    _, _, table = DOCS.partition(
        "| field | kind | several | meaning |\n| --- | --- | --- | --- |\n"
    )
    rows = [
        f"| `{field.name}` | {field.kind} | {'yes' if field.several else ''} "
        f"| {field.description} |"
        for field in FIELDS.values()
    ]
    assert table.partition("\n\n")[0].splitlines() == rows


def test_docs_name_the_limits() -> None:
    assert f"at most {MAX_LENGTH:,} characters and nests at most {MAX_DEPTH} deep" in DOCS


@pytest.mark.parametrize("example", dict.fromkeys(EXAMPLES))
def test_examples_of_the_docs_parse(example: str) -> None:
    assert parse(str(parse(example))) == parse(example)


def test_docs_have_examples_of_every_operator() -> None:
    for operator in {operator for known in OPERATORS.values() for operator in known}:
        assert any(f" {operator} " in example for example in EXAMPLES)
