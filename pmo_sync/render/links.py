"""Figures lead to the lists of items behind them, and the lists lead back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Opener:
    """A figure that opens a list: its own id on the page, and what the reader knows it as."""

    id: str
    where: str


class Links:
    """Who opens which list, gathered while a page is written from top to bottom."""

    def __init__(self, lists: Iterable[str]) -> None:
        """Take the ids of the lists that the page will hold."""
        self._openers: dict[str, list[Opener]] = {name: [] for name in lists}
        self._count = 0

    def leads(self, name: str | None) -> bool:
        """Say whether the page holds the list; a figure without one is no link."""
        return name in self._openers

    def open(self, name: str, where: str) -> str:
        """Note one more figure that opens the list ``name``; return the id for that figure."""
        self._count += 1
        opener = Opener(f"from-{self._count}", where)
        self._openers[name].append(opener)
        return opener.id

    def back(self, name: str) -> list[Opener]:
        """List the first figure in each part of the page that opens the list ``name``."""
        first: dict[str, Opener] = {}
        for opener in self._openers[name]:
            first.setdefault(opener.where, opener)
        return list(first.values())
