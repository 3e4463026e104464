"""Rows of a frame as plain Python: named, or as values in the order of the columns."""

from __future__ import annotations

from datetime import date, datetime

import narwhals as nw
import pandas as pd
import pytest
from duckdb import connect

from pmo_sync.frames.tables import Frame, records, tuples
from tests.frames.engines import ENGINES, Engine


@pytest.fixture(params=ENGINES)
def frame(request: pytest.FixtureRequest) -> Frame:
    """A day between two columns, and a row of which nothing but the number is known."""
    engine: Engine = request.param
    if engine == "duckdb":
        query = "FROM (VALUES ('a', DATE '2026-01-02', 1), (NULL, NULL, 2)) t (name, day, n)"
        found: Frame = nw.from_native(connect().sql(query))
        return found
    days = [pd.Timestamp(date(2026, 1, 2)), pd.NaT]
    plain: Frame = nw.from_native(
        pd.DataFrame({"name": ["a", None], "day": days, "n": [1, 2]})
    ).lazy()
    return plain


def test_a_day_is_its_midnight_and_what_is_missing_none(frame: Frame) -> None:
    assert tuples(frame) == [("a", datetime(2026, 1, 2), 1), (None, None, 2)]


def test_named_rows_hold_the_same(frame: Frame) -> None:
    assert [tuple(row.values()) for row in records(frame)] == tuples(frame)
    assert {tuple(row) for row in records(frame)} == {("name", "day", "n")}
