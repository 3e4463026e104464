"""How far a sync is: a live line on a terminal, plain lines in a log, nothing when quiet."""

from __future__ import annotations

import logging
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.text import Text

LOG = logging.getLogger("pmo_sync.sync")


class Quiet:
    """Says nothing."""

    def __enter__(self) -> Quiet:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def step(self, source: str, text: str, done: int = 0, total: int | None = None) -> None:
        """Say nothing."""

    def waiting(self, source: str, seconds: float, why: str) -> None:
        """Say nothing."""


class LogLines(Quiet):
    """Says each step as a log line."""

    def step(self, source: str, text: str, done: int = 0, total: int | None = None) -> None:
        """Log the step."""
        LOG.info("%s: %s", source, _line(text, done, total))

    def waiting(self, source: str, seconds: float, why: str) -> None:
        """Log the wait: a run that stands still should say why."""
        LOG.warning("%s: %s", source, _wait(source, seconds, why))


class LiveLine:
    """Shows one line a source on a terminal, rewritten in place."""

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, refresh_per_second=8, transient=True)
        self._lines: dict[str, str] = {}

    def __enter__(self) -> LiveLine:
        self._live.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def step(self, source: str, text: str, done: int = 0, total: int | None = None) -> None:
        """Rewrite the source's line."""
        self._lines[source] = _line(text, done, total)
        self._show()

    def waiting(self, source: str, seconds: float, why: str) -> None:
        """Say in the source's line that it waits, and why."""
        self._lines[source] = _wait(source, seconds, why)
        self._show()

    def _show(self) -> None:
        self._live.update(Text("\n".join(f"{k}: {v}" for k, v in self._lines.items())))


def _wait(source: str, seconds: float, why: str) -> str:
    return f"waiting {seconds:.0f} s: {why.removeprefix(f'{source}: ')}"


def _line(text: str, done: int, total: int | None) -> str:
    if total:
        return f"{text} {done:,} of {total:,}"
    return f"{text} {done:,}" if done else text
