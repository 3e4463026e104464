"""Where the marks of charts go."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.render.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, plot, stack
from pmo_sync.reports.base import Chart, Figure, Line

BASE = HEIGHT - BOTTOM
COUNTS = st.lists(st.none() | st.integers(0, 10**6), min_size=1, max_size=60)


def chart(*values: tuple[float | None, ...], kind: str = "line") -> Chart:
    days = tuple(date(2026, 1, 5) + timedelta(days=7 * i) for i in range(len(values[0])))
    lines = tuple(Line(f"line {i}", each) for i, each in enumerate(values))
    return Chart("c", "Title", "About", days, lines, "items", kind)  # type: ignore[arg-type]


@pytest.mark.parametrize("values", [(), (None, None)])
def test_nothing_known_is_no_chart(values: tuple[None, ...]) -> None:
    assert plot(chart(values)) is None


@pytest.mark.parametrize(
    ("most", "rows"),
    [
        (0, ["0", "1"]),
        (1, ["0", "1"]),
        (7, ["0", "2", "4", "6", "8"]),
        (15, ["0", "5", "10", "15"]),
        (1300, ["0", "500", "1,000", "1,500"]),
    ],
)
def test_rows_are_round_numbers_from_zero_to_above_the_most(most: int, rows: list[str]) -> None:
    drawn = plot(chart((0, most)))
    assert drawn
    assert [row.text for row in drawn.rows] == rows


def test_a_gap_breaks_the_line() -> None:
    drawn = plot(chart((1, 2, None, 3, None, None, 4, 5)))
    assert drawn
    assert [len(run) for run in drawn.series[0].runs] == [2, 1, 2]


def test_dates_carry_the_year_where_it_changes() -> None:
    drawn, one_year = plot(chart((1,) * 60)), plot(chart((1, 2, 3)))
    assert drawn and one_year
    assert [label.text for label in drawn.dates] == ["5 Jan 2026", "3 Aug 2026", "22 Feb 2027"]
    assert [label.text for label in one_year.dates] == ["5 Jan", "12 Jan", "19 Jan"]


def test_bars_stand_on_the_axis_as_high_as_their_value() -> None:
    drawn = plot(chart((0, 4, 8), kind="bar"))
    assert drawn
    none, half, full = drawn.series[0].bars
    assert none.height == 0
    assert full.height == pytest.approx(BASE - TOP)
    assert half.height == pytest.approx(full.height / 2)
    assert all(bar.y + bar.height == pytest.approx(BASE) for bar in (none, half, full))


def test_labels_at_the_ends_of_lines_do_not_cover_each_other() -> None:
    drawn = plot(chart((1, 10), (1, 10), (1, 9)))
    assert drawn
    heights = sorted(series.end.y for series in drawn.series if series.end)
    assert all(b - a >= 17 for a, b in pairwise(heights))


@pytest.mark.parametrize(
    ("ends", "places"),
    [
        ((0, 100, 50), (0, 100, 50)),
        ((48, 52), (43.8, 56.2)),
        ((0, 0, 0), (0, 12.3, 24.6)),
        ((100, 100), (87.7, 100)),
        ((100, 98, 97, 96, 10), (100, 87.7, 75.4, 63.0, 10)),
    ],
    ids=["far apart", "side by side", "on the axis", "at the top", "the fan of a forecast"],
)
def test_labels_stay_near_the_ends_of_their_lines(
    ends: tuple[float, ...], places: tuple[float, ...]
) -> None:
    """As values of the chart: a label takes 12.3 of a hundred."""
    drawn = plot(chart(*((100, end) for end in ends)))
    assert drawn
    told = [100 * (BASE - one.end.y) / (BASE - TOP) for one in drawn.series if one.end]
    assert sorted(told) == pytest.approx(sorted(places), abs=0.1)


@given(COUNTS, st.sampled_from(["bar", "line"]))
def test_nothing_leaves_the_frame(values: list[int | None], kind: str) -> None:
    drawn = plot(chart(tuple(values), kind=kind))
    if drawn is None:
        return
    for bar in drawn.series[0].bars:
        assert bar.x >= LEFT - 1
        assert bar.x + bar.width <= WIDTH - RIGHT + 1
        assert TOP - 0.1 <= bar.y <= BASE
    for x, y in (point for run in drawn.series[0].runs for point in run):
        assert LEFT <= x <= WIDTH - RIGHT
        assert TOP - 0.1 <= y <= BASE


def counts(**values: int | None) -> list[tuple[str, Figure]]:
    return [(name.replace("_", " "), Figure(v, str(v))) for name, v in values.items()]


def test_a_stack_begins_with_what_is_done_and_fills_the_width() -> None:
    segments = stack(counts(To_do=40, In_progress=10, Done=50, Dropped=0))
    assert [s.category for s in segments] == ["done", "in_progress", "todo", "dropped"]
    assert segments[3].width == 0
    assert segments[0].width == pytest.approx(5 * segments[1].width, abs=0.5)
    assert segments[2].x + segments[2].width == pytest.approx(1000, abs=0.2)


def test_one_among_thousands_is_still_to_be_seen() -> None:
    (done, todo) = stack(counts(To_do=1, Done=100_000))
    assert todo.width > 7
    assert done.width + todo.width < 1000


@pytest.mark.parametrize("value", [0, None])
def test_an_empty_stack_has_no_width(value: int | None) -> None:
    assert {s.width for s in stack(counts(To_do=value, Done=value))} == {0}


def test_a_category_of_another_name_is_shown_last() -> None:
    assert [s.category for s in stack(counts(Parked=3, Done=1))] == ["done", "other"]
