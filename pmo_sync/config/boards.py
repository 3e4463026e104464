"""How a board is named: by its owner and number, or by its address."""

from __future__ import annotations

import re

_BOARD = re.compile(r"(?:.*/(?:orgs|users)/)?([^/\s]+)(?:/projects)?/(\d+)(?:[/?].*)?")


def board_key(text: str) -> str:
    """Return a board as owner/5, in lower case: logins compare without it."""
    found = _BOARD.fullmatch(text.strip())
    return (f"{found[1]}/{found[2]}" if found else text).casefold()
