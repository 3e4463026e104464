"""Which of several spans of time a moment is in, as an expression of any engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import narwhals as nw


def span_of(moment: nw.Expr, ends: Sequence[datetime]) -> nw.Expr:
    """Return the number of the first of ``ends`` (rising) that ``moment`` does not pass, their
    count where it passes all; null where there is no moment. By halves: engines limit how deep an
    expression may nest."""
    return nw.when(~moment.is_null()).then(_halved(moment, ends, 0))


def _halved(moment: nw.Expr, ends: Sequence[datetime], first: int) -> nw.Expr:
    if not ends:
        return nw.lit(first)
    middle = len(ends) // 2
    return (
        nw.when(moment > ends[middle])
        .then(_halved(moment, ends[middle + 1 :], first + middle + 1))
        .otherwise(_halved(moment, ends[:middle], first))
    )
