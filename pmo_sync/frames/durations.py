"""Time spans as whole seconds, on every engine: DuckDB, pandas and Spark share no subtraction."""

from __future__ import annotations

from datetime import UTC, datetime

import narwhals as nw

DAY = 86_400


def epoch_seconds(instant: nw.Expr) -> nw.Expr:
    """Return whole seconds since 1970-01-01 of a naive UTC time, by the civil calendar.

    As floats, which hold whole numbers exactly up to 2**53 and, unlike integers, a missing one on
    every engine.
    """
    year = instant.dt.year().cast(nw.Float64())
    # floor() of a quotient: on DuckDB the operator // writes its operand down three times.
    fourth, hundredth = ((year - 1969) / 4).floor(), ((year - 1901) / 100).floor()
    leap_days = fourth - hundredth + ((year - 1601) / 400).floor()
    days = (year - 1970) * 365 + leap_days + instant.dt.ordinal_day().cast(nw.Float64()) - 1
    clock = (
        instant.dt.hour().cast(nw.Float64()) * 3600
        + instant.dt.minute().cast(nw.Float64()) * 60
        + instant.dt.second().cast(nw.Float64())
    )
    return days * DAY + clock


def whole_days(seconds: nw.Expr) -> nw.Expr:
    """Return how many days are over after so many seconds."""
    return (seconds / DAY).floor()


def seconds_until(start: nw.Expr, end: datetime) -> nw.Expr:
    """Return the whole seconds from ``start`` to a known naive UTC instant; null where missing."""
    return -epoch_seconds(start) + int(end.replace(tzinfo=UTC).timestamp())


def seconds_between(start: nw.Expr, end: nw.Expr) -> nw.Expr:
    """Return the whole seconds from ``start`` to ``end``; null where either is."""
    return epoch_seconds(end) - epoch_seconds(start)
