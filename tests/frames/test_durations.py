"""Seconds by the civil calendar, on both engines, as Python counts them."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb
import narwhals as nw
import pandas as pd

from pmo_sync.frames.durations import DAY, epoch_seconds, whole_days
from pmo_sync.frames.tables import from_frames, records
from tests.frames.engines import Engine

EPOCH = datetime(1970, 1, 1)
TURNS = [
    datetime(year, month, day, 23, 59, 59)
    for year in (1900, 1904, 1969, 1970, 1999, 2000, 2024, 2025, 2099, 2100, 2199)
    for month, day in ((1, 1), (2, 28), (3, 1), (12, 31))
]
MOMENTS = [*TURNS, *(EPOCH + timedelta(seconds=each) for each in range(-2 * DAY, 2 * DAY, 997))]


def test_seconds_and_days_since_1970(engine: Engine) -> None:
    data = pd.DataFrame({"at": pd.Series([*MOMENTS, None], dtype="datetime64[us]")})
    frame = from_frames({"moments": data})["moments"]
    con = duckdb.connect()
    if engine == "duckdb":
        con.register("moments", data)
        frame = nw.from_native(con.table("moments"))
    seconds = epoch_seconds(nw.col("at"))
    found = records(frame.select("at", seconds.alias("s"), whole_days(seconds).alias("d")))
    for row in found:
        if row["at"] is None:
            assert (row["s"], row["d"]) == (None, None)
            continue
        whole = (row["at"] - EPOCH) // timedelta(seconds=1)
        assert (row["s"], row["d"]) == (whole, whole // DAY), row["at"]
    assert len(found) == len(MOMENTS) + 1
