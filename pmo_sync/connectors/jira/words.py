"""What a custom field says, as one line of text: pure, whatever kind of field it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pmo_sync.connectors.jira.issue import readable

_NAMES = ("value", "displayName", "name", "text")
"""Where an option, an account, a named thing and a piece of rich text keep their words."""
_ZEROS = re.compile(r"(?<=^\d)\.0+$")
"""Some changelogs write a digit as a number with a fraction."""


def words(value: Any) -> str | None:
    """Return a select, number, text, account or rich text (or a list of them) as text.

    Numbers are written as a changelog writes them: 4, not 4.0. None where it says nothing.
    """
    said = " ".join(" ".join(_words(value)).split())
    return _ZEROS.sub("", said) or None


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield readable(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield f"{value:g}"
    elif isinstance(value, list):
        for each in value:
            yield from _words(each)
    elif isinstance(value, dict):
        yield from _words(next((value[name] for name in _NAMES if value.get(name)), None))
        yield from _words([value.get("child"), value.get("content")])
