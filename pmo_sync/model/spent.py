"""What a sync cost its tracker."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spent:
    """The HTTP requests of a sync, repeats included: for ``data``, and for what the ``site`` is
    like, which is remembered for a while. ``least`` is how few could have brought the same data."""

    data: int
    least: int
    site: int
