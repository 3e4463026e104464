"""The line of every key, in all the ways that TOML can write a table."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.config.locate import KeyPath, line_of, lines

DOCUMENT = '''\
title = "a" # [not.a.table]
dotted.key = 1

[portfolio]
name = """
[[projects]]
not a key = 1
"""
"quoted.key" = { inner = [1, 2] }

[[projects]]
name = "one"
  [[projects.select]]
  source = "a"
  [[projects.select]]
  source = "b"

[[sources]]
name = "between"

[[projects]] # apart from its like
select = [
  { source = "a" },
  # a comment with ] and """
  { source = "b" }, { source = "c" },
]
name = "two"
[projects.more]
tags = [ "x",
  [ "y",
    "z" ],
]
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 1),
        (("dotted",), 2),
        (("dotted", "key"), 2),
        (("portfolio",), 4),
        (("portfolio", "name"), 5),
        (("portfolio", "quoted.key", "inner", 1), 9),
        (("projects",), 11),
        (("projects", 0), 11),
        (("projects", 0, "name"), 12),
        (("projects", 0, "select", 0), 13),
        (("projects", 0, "select", 1, "source"), 16),
        (("sources", 0, "name"), 19),
        (("projects", 1), 21),
        (("projects", 1, "select"), 22),
        (("projects", 1, "select", 0, "source"), 23),
        (("projects", 1, "select", 1), 25),
        (("projects", 1, "select", 2, "source"), 25),
        (("projects", 1, "name"), 27),
        (("projects", 1, "more"), 28),
        (("projects", 1, "more", "tags", 0), 29),
        (("projects", 1, "more", "tags", 1), 31),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_the_line_of_a_key(path: KeyPath, line: int, newline: str) -> None:
    assert lines(DOCUMENT.replace("\n", newline))[path] == line


def test_a_key_that_is_missing_is_at_its_table() -> None:
    found = lines(DOCUMENT)
    assert line_of(("projects", 1, "target"), found) == 21
    assert line_of(("policy", "status"), found) is None
    assert line_of((), found) is None


def test_every_path_of_a_document_has_a_line() -> None:
    assert set(paths(tomllib.loads(DOCUMENT))) == lines(DOCUMENT).keys()


def paths(node: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    members = node.items() if isinstance(node, dict) else enumerate(node)
    for key, member in members:
        yield (*path, key)
        if isinstance(member, dict | list):
            yield from paths(member, (*path, key))


STATEMENTS = st.lists(
    st.sampled_from(
        [
            "", "# [x] ]", "{} = 1", '{} = """\n]"""', "{} = [\n1,\n[2]\n]", "{} = {{ a = [] }}",
            "{} = '''\n[[x]]\n'''", '{} = "\\u005d # "',
        ]
    )
)  # fmt: skip
HEADERS = st.lists(st.tuples(st.sampled_from(["[[a]]", "[[a.b]]", "[{}]", "[a.{}]"]), STATEMENTS))


@given(HEADERS)
def test_a_key_is_named_on_its_line(sections: list[tuple[str, list[str]]]) -> None:
    """Each key is unique in the text, so the line that names it is known."""
    text = "[[a]]\n"
    for number, (header, statements) in enumerate(sections):
        text += header.format(f"h{number}") + "\n"
        for position, statement in enumerate(statements):
            text += statement.format(f"k{number}_{position}_") + "\n"
    found = lines(text)
    for path, line in found.items():
        if isinstance(path[-1], str) and path[-1].startswith("k"):
            assert text.split("\n")[line - 1].startswith(path[-1])
    assert {path[-1] for path in found} >= {
        f"k{number}_{position}_"
        for number, (_, statements) in enumerate(sections)
        for position, statement in enumerate(statements)
        if "{}" in statement
    }
