"""The marks and the table of a chart, which a page has by the ten thousand: written by a template
they would take a third of its time."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from pmo_sync.render.charts import Label, Plot, Series
from pmo_sync.render.environment import number
from pmo_sync.render.pieces import day_element, safe
from pmo_sync.reports.base import Chart

LOWER = 'dy="3.5" '
"""Puts the middle of a text, not its foot, at a height."""


def chart_marks(plot: Plot) -> Markup:
    """Write what is inside of a chart's SVG: its rows, its dates and its series."""
    rows = (_row(plot, label, first=label is plot.rows[0]) for label in plot.rows)
    dates = (f"<text {_at(label)}>{safe(label.text)}</text>\n" for label in plot.dates)
    series = (mark for nth, one in enumerate(plot.series) for mark in _series(one, f"s{nth}"))
    return _joined((*rows, *dates, *series))


def chart_rows(chart: Chart) -> Markup:
    """Write the rows of a chart's table: a day, and the value of each line."""
    values = zip(*(line.values for line in chart.lines), strict=True)
    return _joined(
        f'<tr><th scope="row">{day_element(day)}</th>'
        + "".join(f'<td class="num">{number(value)}</td>' for value in row)
        + "</tr>\n"
        for day, row in zip(chart.x, values, strict=True)
    )


def _row(plot: Plot, label: Label, *, first: bool) -> str:
    name = "axis" if first else "grid"
    path = f'<path class="{name}" d="M{plot.left} {label.y}H{plot.right}"/>'
    return f"{path}<text {_at(label, LOWER)}>{safe(label.text)}</text>\n"


def _series(series: Series, name: str) -> Iterable[str]:
    for bar in series.bars:
        place = f'x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{bar.height}"'
        yield f'<rect class="bar {name}" {place}/>\n'
    for run in series.runs:
        if len(run) == 1:
            yield _dot(name, *run[0], 2)
        else:
            path = "L".join(f"{x} {y}" for x, y in run)
            yield f'<path class="line {name}" d="M{path}"/>\n'
    if series.end:
        if series.runs:
            yield _dot(name, *series.runs[-1][-1], 3)
        yield f'<text class="end" {_at(series.end, LOWER)}>{safe(series.end.text)}</text>\n'


def _dot(name: str, x: float, y: float, radius: int) -> str:
    return f'<circle class="dot {name}" cx="{x}" cy="{y}" r="{radius}"/>\n'


def _at(label: Label, lower: str = "") -> str:
    return f'x="{label.x}" y="{label.y}" {lower}text-anchor="{label.align}"'


def _joined(pieces: Iterable[str]) -> Markup:
    return Markup("".join(pieces))  # noqa: S704 (numbers of ours, and texts that are escaped)
