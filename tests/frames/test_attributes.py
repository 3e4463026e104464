"""What fields and labels say of an item as a risk, as of any day: on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from pmo_sync.frames import items_at
from pmo_sync.frames.tables import records
from pmo_sync.model import HistoryRow
from pmo_sync.policy import Policy, RiskPolicy
from tests.frames.engines import Engine, World
from tests.frames.test_items_at import ITEM, STATUSES, day, end_of, label, moves

Said = tuple[Any, ...]


def field(name: str, value: str | None, start: int, end: int | None = None) -> HistoryRow:
    return HistoryRow("item", "s#1", name, value, day(start), day(end) if end else None)


def assessed(engine: Engine, rows: list[HistoryRow], number: int, policy: RiskPolicy) -> Said:
    world = World().add(ITEM, *STATUSES, *moves((1, "new")), *rows).present(ITEM)
    portrait = items_at(world.tables(engine), end_of(number), Policy(risk=policy))
    (row,) = records(portrait.items)
    return row["probability"], row["impact"], row["score"]


P4, I5 = field("probability", "High", 1), field("impact", "5", 1)
CASES: list[tuple[str, list[HistoryRow], Said]] = [
    ("nothing", [], (None, None, None)),
    ("both", [P4, I5], (4, 5, 20)),
    ("one is no score", [P4], (4, None, None)),
    ("a word on no scale", [field("probability", "TBD", 1), I5], (None, 5, None)),
    ("taken back", [P4, field("impact", "5", 1, 5), field("impact", None, 5)], (4, None, None)),
    ("assessed later", [P4, field("impact", "5", 20)], (4, None, None)),
    ("assessed anew", [P4, field("impact", "5", 1, 5), field("impact", "2", 5)], (4, 2, 8)),
    ("by one label", [label("risk: p2 i3", 1)], (2, 3, 6)),
    ("by two labels", [label("probability: low", 1), label("Impact/4", 1)], (2, 4, 8)),
    ("a label taken off", [label("risk: p2 i3", 1, 5)], (None, None, None)),
    ("of several labels the highest", [label("risk: p2 i3", 1), label("risk: p4 i1", 1)],
     (4, 3, 12)),
    ("a field before a label", [I5, label("risk: p2 i3", 1)], (2, 5, 10)),
    ("a label where the field says nothing known",
     [field("probability", "TBD", 1), label("risk: p2 i3", 1)], (2, 3, 6)),
    ("a label of no pattern", [label("high impact", 1)], (None, None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "said"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_probability_impact_and_score(engine: Engine, rows: list[HistoryRow], said: Said) -> None:
    assert assessed(engine, rows, 9, RiskPolicy()) == said


def test_a_changed_scale_needs_no_new_sync(engine: Engine) -> None:
    assert assessed(engine, [P4, I5], 9, RiskPolicy(scale={"high": 2})) == (2, 5, 10)


def test_what_else_is_said(engine: Engine) -> None:
    other = structs.replace(ITEM, item_id="s#2", key="A-2")
    world = World().add(ITEM, other, *STATUSES, *moves((1, "new")), *moves((1, "new"), item="s#2"))
    world.add(
        field("probability", "TBD", 1), field("response", "Second supplier", 1),
        field("risk_owner", "s#ada", 1), label("proximity: this quarter", 1),
        label("risk owner: Ben", 1),
    ).present(ITEM).present(other)  # fmt: skip

    found = records(items_at(world.tables(engine), end_of(9), Policy()).items)

    names = ("probability_said", "impact_said", "response", "risk_owner", "proximity")
    told = {row["key"]: tuple(row[name] for name in names) for row in found}
    assert told == {
        "A-1": ("TBD", None, "Second supplier", "s#ada", "this quarter"),
        "A-2": (None,) * 5,
    }
