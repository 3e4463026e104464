"""Milestones: events carry titles alone, and titles change."""

from dataclasses import replace
from typing import Any

import pytest

from tests.connectors.github.github_samples import CONTEXT, event, mapped, rows

IDS = {"1.0": "github.test#77/milestone/1", "2.0": "github.test#77/milestone/2"}
CONTEXT_WITH_MILESTONES = replace(CONTEXT, milestones=IDS)
ONE, TWO, THREE = (f"github.test#77/milestone/{number}" for number in (1, 2, 3))
LOST = "github.test#77/milestone/titled 0.9"


def into(at: float, title: str) -> dict[str, Any]:
    return event("MilestonedEvent", at, milestoneTitle=title)


def out(at: float, title: str) -> dict[str, Any]:
    return event("DemilestonedEvent", at, milestoneTitle=title)


@pytest.mark.parametrize(
    ("events", "current", "expected"),
    [
        pytest.param([], None, [], id="never"),
        pytest.param([], 1, [(ONE, 0, None)], id="there, unheard"),
        pytest.param([into(1, "1.0")], 1, [(ONE, 1, None)], id="put in"),
        pytest.param([into(1, "1.0"), out(3, "1.0")], None, [(ONE, 1, 3)], id="taken out"),
        pytest.param([out(3, "1.0")], None, [(ONE, 0, 3)], id="taken out, never put in"),
        pytest.param(
            [into(1, "1.0"), out(3, "1.0"), into(3, "2.0")], 2, [(ONE, 1, 3), (TWO, 3, None)],
            id="moved",
        ),
        pytest.param([into(1, "3.0 or 2.5")], 3, [(THREE, 1, None)], id="renamed since"),
        pytest.param([into(1, "1.0")], 3, [(THREE, 1, None)], id="renamed, and its title reused"),
        pytest.param(
            [into(1, "new"), out(2, "new"), into(4, "new")], 3, [(THREE, 1, 2), (THREE, 4, None)],
            id="renamed, and put in before",
        ),
        pytest.param(
            [into(1, "0.9"), out(3, "0.9"), into(3, "1.0")], 1, [(LOST, 1, 3), (ONE, 3, None)],
            id="a title that nobody bears",
        ),
        pytest.param(
            [into(1, "1.0"), out(3, "1.0 final")], None, [(ONE, 1, 3)],
            id="renamed while the issue was in it",
        ),
        pytest.param([into(1, "0.9")], None, [(LOST, 1, 100)], id="deleted, unheard"),
    ],
)  # fmt: skip
def test_milestones(events: Any, current: int | None, expected: Any) -> None:
    milestone = current and {"number": current, "title": "whatever"}
    result = mapped(*events, context=CONTEXT_WITH_MILESTONES, milestone=milestone)
    assert rows(result, "milestone") == expected
    lost = [(one.milestone_id, one.name, one.state) for one in result.milestones]
    assert lost == ([(LOST, "0.9", "unknown")] if any(LOST in row for row in expected) else [])
