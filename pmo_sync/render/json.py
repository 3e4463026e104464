"""A report as JSON: the whole view-model, with every figure that the page shows."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from pmo_sync.render.text import escape_invisible

INDENT = 2


def render_json(report: object) -> bytes:
    """Write a view-model: keys in the order of its fields, dates ISO, times in UTC, indented by 2.

    Text is complete, and what cannot be seen in it is escaped. NaN is an error, not a number.
    """
    return to_json(report)


def to_json(value: Any) -> bytes:
    """Write dataclasses and plain values as an indented document that ends in a newline."""
    plain = msgspec.to_builtins(value)
    try:  # to indent, json leaves its C, which takes ten times as long
        return msgspec.json.format(_written(plain, None), indent=INDENT) + b"\n"
    except msgspec.DecodeError:  # half a surrogate pair, which only json knows
        return _written(plain, INDENT) + b"\n"


def _written(plain: object, indent: int | None) -> bytes:
    text = json.dumps(plain, indent=indent, ensure_ascii=False, allow_nan=False)
    return escape_invisible(text).encode()
