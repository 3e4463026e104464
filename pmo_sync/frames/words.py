"""Words of the configuration as the engines' lower case writes them."""

from __future__ import annotations

from collections.abc import Iterable


def lowered(words: Iterable[str]) -> list[str]:
    """Return every form that a word may have in a column turned to lower case: of some letters
    (ß, ς) the engines know another one than Python's ``casefold``."""
    return sorted({form for word in words for form in (word.lower(), word.casefold())})
