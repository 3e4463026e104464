"""The marks of a chart as SVG, and its table: what the plot and the chart say, each once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.render.charts import Plot, plot
from pmo_sync.render.environment import number
from pmo_sync.render.marks import chart_marks, chart_rows
from pmo_sync.reports.base import Chart
from tests.render.page import Element, read
from tests.render.test_render_charts import chart

VALUES = st.lists(st.none() | st.integers(0, 10**6), min_size=1, max_size=30)


def drawn(of: Chart) -> tuple[Plot, Element]:
    laid_out = plot(of)
    assert laid_out
    return laid_out, read(f"<svg>{chart_marks(laid_out)}</svg>")


def test_a_gap_parts_a_line_and_a_value_alone_is_a_dot() -> None:
    _, svg = drawn(chart((1, 2, None, 3)))
    line, dot, end = svg.of_class("line"), svg.of_class("dot"), svg.of_class("end")
    assert [each.attributes["d"].count("L") for each in line] == [1]
    assert [each.attributes["r"] for each in dot] == ["2", "3"]
    assert [each.text() for each in end] == ["3"]


def test_bars_stand_on_the_axis() -> None:
    laid_out, svg = drawn(chart((0, 4, 8), kind="bar"))
    feet = [
        float(bar.attributes["y"]) + float(bar.attributes["height"]) for bar in svg.of_class("bar")
    ]
    assert feet == [laid_out.base] * 3


@given(VALUES)
def test_all_labels_of_the_plot_are_written(values: list[int | None]) -> None:
    if any(value is not None for value in values):
        laid_out, svg = drawn(chart(tuple(values)))
        ends = [series.end for series in laid_out.series if series.end]
        labels = [*laid_out.rows, *laid_out.dates, *ends]
        assert [each.text() for each in svg.all("text")] == [label.text for label in labels]
        assert len(svg.of_class("axis")) == 1
        assert len(svg.of_class("grid")) == len(laid_out.rows) - 1


@given(VALUES)
def test_the_table_has_a_row_for_each_day_and_a_cell_for_each_line(
    values: list[int | None],
) -> None:
    of = chart(tuple(values), tuple(reversed(values)))
    rows = read(f"<table><tbody>{chart_rows(of)}</tbody></table>").all("tr")
    told = [[cell.text() for cell in row.all("td")] for row in rows]
    assert told == [[number(a), number(b)] for a, b in zip(values, reversed(values), strict=True)]
    days = [row.all("time")[0].attributes["datetime"] for row in rows]
    assert days == [day.isoformat() for day in of.x]
