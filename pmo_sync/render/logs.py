"""Log lines for people and for machines."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal


class TextLines(logging.Formatter):
    """The level as the commands' own messages write it, then the message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text."""
        return f"{record.levelname.lower()}: {super().format(record)}"


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON."""
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        return json.dumps(entry, ensure_ascii=False)


def set_up(verbosity: int, form: Literal["text", "json"]) -> None:
    """Send the package's log to standard error; ``verbosity`` -1 quiet, 0 normal, 1 verbose."""
    levels = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO}
    handler = logging.StreamHandler(sys.stderr)
    lines = "%(name)s: %(message)s" if verbosity > 1 else "%(message)s"
    handler.setFormatter(JsonLines() if form == "json" else TextLines(lines))
    logger = logging.getLogger("pmo_sync")
    logger.handlers = [handler]
    logger.propagate = False
    logger.setLevel(levels.get(verbosity, logging.DEBUG))
    # The libraries' own lines may carry request details: only what goes wrong is of use.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    logging.getLogger("github").setLevel(logging.ERROR)
