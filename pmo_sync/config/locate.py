"""Where each key stands in a TOML text, by the same parser that says what the text means.

A statement of TOML ends at the first line end at which it is complete, so the text is cut into
statements by asking ``tomllib`` at each line. (tomlkit keeps positions too, but it gathers the
elements of an array of tables that stand apart, and then its order is not the file's.)
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

KeyPath = tuple[str | int, ...]
"""Keys and list positions (from 0) from the root, e.g. ``("projects", 1, "target")``."""

_MAY_END_A_STATEMENT = re.compile(r"""(?:[\]}]|"{3}|'{3})\s*(?:#.*)?$""")
"""How the last of several lines ends; to ask only then keeps long lists from costing much."""


def lines(text: str) -> dict[KeyPath, int]:
    """Return the line (from 1) on which each key of a valid TOML text begins."""
    found: dict[KeyPath, int] = {}
    lengths: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for line, statement, parsed in _statements(text):
        if statement[0].lstrip().startswith("["):
            table = _header(parsed, lengths)
            for end in range(1, len(table) + 1):
                found.setdefault(table[:end], line)
        else:
            elements = [line + offset for offset in _element_offsets(statement)]
            for path, at in _values(table, parsed, line, elements):
                found.setdefault(path, at)
    return found


def line_of(path: KeyPath, found: Mapping[KeyPath, int]) -> int | None:
    """Return the line of ``path``, or of the nearest table around it; None for the root."""
    while path and path not in found:
        path = path[:-1]
    return found.get(path)


def _statements(text: str) -> Iterator[tuple[int, list[str], dict[str, Any]]]:
    """Yield (first line, its lines, what they parse to) of each statement."""
    pending: list[str] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        pending.append(line)
        if len(pending) > 1 and not _MAY_END_A_STATEMENT.search(line):
            continue
        parsed = _parse("\n".join(pending))
        if parsed is None:
            continue
        if parsed:
            yield number - len(pending) + 1, pending, parsed
        pending = []


def _parse(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _header(parsed: Mapping[str, Any], lengths: dict[KeyPath, int]) -> KeyPath:
    """Return the path of the table that a header opens; ``lengths`` counts arrays of tables."""
    path: KeyPath = ()
    node: Any = parsed
    while isinstance(node, dict) and node:
        key, node = next(iter(node.items()))
        if path in lengths:
            path = (*path, lengths[path] - 1)
        path = (*path, key)
    if isinstance(node, list):
        lengths[path] = lengths.get(path, 0) + 1
    return (*path, lengths[path] - 1) if path in lengths else path


def _values(
    path: KeyPath, value: Any, line: int, elements: Sequence[int] = ()
) -> Iterator[tuple[KeyPath, int]]:
    """Yield each path in ``value`` with its line; ``elements`` are those of a list's members."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield (*path, key), line
            yield from _values((*path, key), member, line, elements)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            at = elements[index] if index < len(elements) else line
            yield (*path, index), at
            yield from _values((*path, index), member, at)


def _element_offsets(statement: Sequence[str]) -> list[int]:
    """Return, for a list over several lines, how many lines below its key each member ends.

    Where the lines so far make a list when they are closed, the next line begins a new one.
    """
    offsets: list[int] = []
    head, pending = "", ""
    for offset, line in enumerate(statement) if len(statement) > 1 else ():
        pending += line + "\n"
        early = "]" if offset < len(statement) - 1 else ""
        node: Any = _parse(head + pending + early)
        while isinstance(node, dict) and node:
            node = next(iter(node.values()))
        if isinstance(node, list):
            offsets += [offset] * len(node)
            head, pending = "rest = [", ""
    return offsets
