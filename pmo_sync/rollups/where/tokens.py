"""A filter's text as tokens, and the message that points at a place in it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from pmo_sync.errors import ConfigError
from pmo_sync.rollups.where.syntax import KEYWORDS, WORD

MAX_LENGTH = 10_000
CONTEXT = 60
"""Characters of a long text that a message shows on either side of the place."""
SHOWN = 40
"""Characters that a message repeats of one word."""

TOKEN = re.compile(
    rf"""(?P<word>{WORD.pattern})
       | (?P<quoted>"(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*')
       | (?P<symbol>!=|!~|<=|>=|[=<>~(),])""",
    re.VERBOSE | re.DOTALL,
)
SPACE = re.compile(r"\s*")
ESCAPE = re.compile(r"\\(.)", re.DOTALL)
SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: ``text`` is what it says, in lower case for a keyword."""

    kind: Literal["word", "quoted", "symbol", "keyword", "end"]
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """A filter's text and where it comes from: an option, or a key of the configuration."""

    text: str
    where: str = "where"

    def problem(self, what: str, start: int, end: int) -> ConfigError:
        """Return an error with the text and a line of carets under ``start`` to ``end``."""
        first, last = max(0, start - CONTEXT), min(len(self.text), start + CONTEXT)
        head, tail = "…" if first else "", "…" if last < len(self.text) else ""
        shown = [_visible(character) for character in self.text[first:last]]
        before, under = shown[: start - first], shown[start - first : end - first]
        indent = " " * (_width(before) + len(head))
        carets = "^" * max(1, _width(under))
        return ConfigError(
            f"{self.where}: {what}\n  {head}{''.join(shown)}{tail}\n  {indent}{carets}"
        )

    def tokens(self) -> list[Token]:
        """Cut the text into tokens, the last of kind ``end``; raise ConfigError if it cannot be."""
        text = self.text
        if len(text) > MAX_LENGTH:
            what = f"the filter has {len(text):,} characters, at most {MAX_LENGTH:,} are allowed"
            raise self.problem(what, MAX_LENGTH, MAX_LENGTH + 1)
        if broken := SURROGATE.search(text):
            raise self.problem("this is not valid text", *broken.span())
        tokens = []
        position = _after_space(text, 0)
        while position < len(text):
            token = self._token(position)
            tokens.append(token)
            position = _after_space(text, token.end)
        end = len(text.rstrip())
        return [*tokens, Token("end", "", end, end)]

    def _token(self, start: int) -> Token:
        match = TOKEN.match(self.text, start)
        if match is None:
            character = self.text[start]
            if character in "'\"":
                raise self.problem("this quote is never closed", start, start + 1)
            what = f"unexpected character {character!r} (a value with it needs quotes)"
            raise self.problem(what, start, start + 1)
        text = match[0]
        if match["symbol"]:
            return Token("symbol", text, start, match.end())
        if match["quoted"]:
            return Token("quoted", ESCAPE.sub(r"\1", text[1:-1]), start, match.end())
        if text.lower() in KEYWORDS:
            return Token("keyword", text.lower(), start, match.end())
        return Token("word", text, start, match.end())


def unknown(kind: str, name: str, known: tuple[str, ...]) -> str:
    """Say that ``name`` is not known, with the names that are, those like it first."""
    near = get_close_matches(name.lower(), known, n=len(known))
    others = [candidate for candidate in known if candidate not in near]
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"unknown {kind} {shown(name)} ({hint}known: {', '.join([*near, *others])})"


def shown(text: str) -> str:
    """Quote what the text says for a message: no control characters, not too long."""
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "…")


def _after_space(text: str, position: int) -> int:
    match = SPACE.match(text, position)
    return match.end() if match else position


def _visible(character: str) -> str:
    """Keep a terminal safe: no control characters, and one line stays one line."""
    if character.isspace():
        return " "
    return "?" if unicodedata.category(character).startswith("C") else character


def _width(characters: list[str]) -> int:
    """Count the columns of a terminal that the characters take."""
    return sum(
        0 if unicodedata.combining(character)
        else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in characters
    )  # fmt: skip
