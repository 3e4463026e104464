"""The first rows of each group, and columns as arrays."""

from __future__ import annotations

import narwhals as nw
import pandas as pd
import pytest
from duckdb import connect

from pmo_sync.frames.tables import Frame, arrays, first_rows, tuples
from tests.frames.engines import ENGINES, Engine

ROWS = [("a", 1, 30), ("a", 1, 10), ("a", 2, 50), ("b", 1, 20), ("a", 1, 40), ("b", 1, 60)]


@pytest.fixture(params=ENGINES)
def frame(request: pytest.FixtureRequest) -> Frame:
    """Rows of two groups by two columns, in no order."""
    engine: Engine = request.param
    data = pd.DataFrame(ROWS, columns=["group", "mask", "place"])
    if engine == "duckdb":
        con = connect()
        con.execute("CREATE TABLE told AS FROM data")
        found: Frame = nw.from_native(con.table("told"))
        return found
    plain: Frame = nw.from_native(data).lazy()
    return plain


@pytest.mark.parametrize(
    ("by", "limit", "there"),
    [
        (["group"], 0, []),
        (["group"], 1, [10, 20]),
        (["group"], 2, [10, 20, 30, 60]),
        (["group", "mask"], 1, [10, 20, 50]),
        (["group", "mask"], 9, [10, 20, 30, 40, 50, 60]),
    ],
)
def test_so_many_of_each_group(frame: Frame, by: list[str], limit: int, there: list[int]) -> None:
    found = first_rows(frame, by, "place", limit)
    assert found.collect_schema().names() == ["group", "mask", "place"]
    assert sorted(row[2] for row in tuples(found)) == there


def test_columns_are_in_their_order(frame: Frame) -> None:
    columns = arrays(frame.sort("place"))
    assert [column.tolist() for column in columns] == [
        list("abaaab"), [1, 1, 1, 1, 2, 1], [10, 20, 30, 40, 50, 60],
    ]  # fmt: skip
