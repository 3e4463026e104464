"""Numbers within their bounds."""

from __future__ import annotations

import math

from pmo_sync.config.locate import KeyPath
from pmo_sync.config.problems import Problems


def check_range(
    value: float | None, low: float, high: float, where: KeyPath, problems: Problems
) -> None:
    """Note a number that is below ``low`` or above ``high``."""
    if value is None or low <= value <= high:
        return
    bounds = f"from {low} to {high}" if high != math.inf else f"{low} or more"
    problems.error(where, f"must be {bounds}, is {value}")
