"""Where the marks of a small chart go; a template macro draws them as SVG.

Coordinates are in the units of the chart's own view box, rounded to a tenth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import floor, log10

from pmo_sync.model import CATEGORIES
from pmo_sync.render.environment import number
from pmo_sync.reports.base import Chart, Figure, Line
from pmo_sync.reports.words import MONTHS, day

WIDTH, HEIGHT = 480.0, 176.0
LEFT, RIGHT, TOP, BOTTOM = 34.0, 40.0, 12.0, 26.0
TICKS = 4
LABEL_HEIGHT = 17.0
"""On a phone and on paper, where letters are larger beside the lines."""
BAR_SHARE = 0.68
STACK_WIDTH = 1000.0
STACK_GAP = 4.0
STACK_LEAST = 8.0
"""A single item among thousands is still to be seen."""
STACK_ORDER = ("done", "in_progress", "todo", "dropped")


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place of the chart; ``align`` is SVG's text-anchor."""

    x: float
    y: float
    text: str
    align: str


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart: bars, or runs of points between gaps; ``end`` tells the last value."""

    name: str
    bars: tuple[Mark, ...]
    runs: tuple[tuple[tuple[float, float], ...], ...]
    end: Label | None


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart ready to be drawn."""

    width: float
    height: float
    left: float
    right: float
    base: float
    rows: tuple[Label, ...]
    dates: tuple[Label, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a stacked bar, with the figure that it stands for."""

    category: str
    name: str
    figure: Figure
    x: float
    width: float


def plot(chart: Chart) -> Plot | None:
    """Lay out a chart of counts (never negative) by date; None where it has no value at all."""
    known = [value for line in chart.lines for value in line.values if value is not None]
    if not known:
        return None
    step = _step(max(known))
    top = step * max(1, -(-max(known) // step))
    base = HEIGHT - BOTTOM
    rows = tuple(
        Label(LEFT - 6, _round(base - (base - TOP) * i * step / top), number(i * step), "end")
        for i in range(int(top / step) + 1)
    )
    slot = (WIDTH - LEFT - RIGHT) / max(1, len(chart.x))
    series = [
        _series(chart, line, place, slot, (base - TOP) / top)
        for place, line in enumerate(chart.lines)
    ]
    drawn = tuple(_apart(series))
    return Plot(WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, base, rows, _dates(chart.x, slot), drawn)


def _step(most: float) -> float | int:
    """Return a round distance between the rows: 1, 2 or 5 times a power of ten."""
    least = max(most, 1) / TICKS
    power = 10.0 ** floor(log10(least))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least)
    return max(1, round(step))


def _series(chart: Chart, line: Line, place: int, slot: float, scale: float) -> Series:
    base = HEIGHT - BOTTOM
    points = [
        None if value is None else (_round(LEFT + slot * (i + 0.5)), _round(base - value * scale))
        for i, value in enumerate(line.values)
    ]
    last = max((i for i, point in enumerate(points) if point), default=None)
    end = None
    # Beside groups of bars nobody could tell whose value a label is.
    alone = chart.kind == "line" or len(chart.lines) == 1
    if alone and last is not None and (point := points[last]):
        end = Label(_round(WIDTH - RIGHT + 6), point[1], number(line.values[last]), "start")
    if chart.kind == "line":
        return Series(line.name, (), _runs(points), end)
    width = slot * BAR_SHARE / len(chart.lines)
    offset = (place - len(chart.lines) / 2) * width
    bars = tuple(
        Mark(_round(x + offset), y, _round(width), _round(base - y))
        for x, y in filter(None, points)
    )
    return Series(line.name, bars, (), end)


def _apart(series: Sequence[Series]) -> list[Series]:
    """Move the labels at the lines' ends apart until none covers another: those that would are
    stacked about the middle of their lines, within the frame."""
    found = {place: one.end for place, one in enumerate(series) if one.end}
    stacks: list[list[int]] = []
    for place in sorted(found, key=lambda each: -found[each].y):
        stacks.append([place])
        while len(stacks) > 1 and _touch(*([found[each].y for each in s] for s in stacks[-2:])):
            stacks[-2:] = [stacks[-2] + stacks[-1]]
    moved = list(series)
    for stack in stacks:
        lowest = _lowest([found[place].y for place in stack])
        for above, place in enumerate(stack):
            end = replace(found[place], y=_round(lowest - LABEL_HEIGHT * above))
            moved[place] = replace(series[place], end=end)
    return moved


def _touch(below: Sequence[float], above: Sequence[float]) -> bool:
    return _lowest(below) - LABEL_HEIGHT * len(below) < _lowest(above)


def _lowest(heights: Sequence[float]) -> float:
    """Return where the lowest label of a stack goes."""
    half = LABEL_HEIGHT * (len(heights) - 1) / 2
    middle = sum(heights) / len(heights)
    return min(max(middle, TOP + half), HEIGHT - BOTTOM - half) + half


def _runs(
    points: Sequence[tuple[float, float] | None],
) -> tuple[tuple[tuple[float, float], ...], ...]:
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return tuple(tuple(run) for run in runs if run)


def _dates(days: Sequence[date], slot: float) -> tuple[Label, ...]:
    """Name the first, the middle and the last date; with the year where it changes."""
    places = sorted({0, len(days) // 2, len(days) - 1}) if len(days) > 2 else range(len(days))
    one_year = len({value.year for value in days}) == 1
    return tuple(
        Label(
            _round(LEFT + slot * (i + 0.5)),
            HEIGHT - 8,
            f"{days[i].day} {MONTHS[days[i].month - 1]}" if one_year else day(days[i]),
            "middle",
        )
        for i in places
    )


def stack(counts: Sequence[tuple[str, Figure]]) -> tuple[Segment, ...]:
    """Lay out counts by category over the whole width, what is done first; empty ones have no
    width."""
    parts = sorted(
        ((_category(name), name, figure) for name, figure in counts),
        key=lambda part: STACK_ORDER.index(part[0]) if part[0] in STACK_ORDER else len(STACK_ORDER),
    )
    total = sum(figure.value or 0 for _, _, figure in parts)
    sizes = [max(STACK_LEAST, (f.value / total) * STACK_WIDTH) if f.value else 0 for *_, f in parts]
    room = STACK_WIDTH - STACK_GAP * (sum(1 for size in sizes if size) - 1)
    scale = room / sum(sizes) if total else 0
    segments, x = [], 0.0
    for (category, name, figure), size in zip(parts, sizes, strict=True):
        segments.append(Segment(category, name, figure, _round(x), _round(size * scale)))
        x += size * scale + (STACK_GAP if size else 0)
    return tuple(segments)


def _category(name: str) -> str:
    spelled = name.casefold().replace(" ", "_").replace("to_do", "todo")
    return spelled if spelled in CATEGORIES else "other"


def _round(value: float) -> float:
    return round(value, 1)
