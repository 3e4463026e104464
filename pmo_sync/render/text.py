"""Tracker text made harmless: what cannot be seen cannot deceive."""

from __future__ import annotations

import re

_BREAKS = re.compile("[\t-\r\x85\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls, the terminal's escape among them
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # soft hyphen, joiners, fillers
    "\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f"  # zero-width characters and bidi controls
    "\ufeff\ufff0-\ufffb\U000e0000-\U000e0fff]"  # byte order mark, annotations, tags
)
_UNSAFE = re.compile(
    "|".join((_SURROGATES.pattern, _INVISIBLE.pattern, "[\x7f-\x9f\u2028\u2029]")),
)


def clean(text: str) -> str:
    """Return ``text`` on one line, without control, bidi or zero-width characters."""
    if text.isascii() and text.isprintable():
        return text
    return _SURROGATES.sub("\ufffd", _INVISIBLE.sub("", _BREAKS.sub(" ", text)))


def escape_invisible(json_text: str) -> str:
    r"""Write what cannot be seen in a JSON document as ``\uXXXX``: nothing of it is lost."""
    return _UNSAFE.sub(lambda found: _json_escape(found.group()), json_text)


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
