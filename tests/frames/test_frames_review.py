"""Words of the policy are found whatever their case and their letters."""

from __future__ import annotations

import pytest

from pmo_sync.model import HistoryRow
from pmo_sync.policy import Policy
from tests.frames.engines import Engine
from tests.frames.test_items_at import at, day, moves, world_of


@pytest.mark.parametrize("written", ["Won't Do", "won't do", "WON'T DO"])
def test_a_resolution_that_drops_is_found_in_any_case(engine: Engine, written: str) -> None:
    world = world_of(
        *moves((1, "new"), (3, "done")), HistoryRow("item", "s#1", "resolution", "r2", day(3))
    )
    assert at(engine, world, 9, Policy(dropped_resolutions=(written,)))["category"] == "dropped"


WORDS = [("Größe", "größe"), ("blockiert: Straße", "BLOCKIERT: STRAßE"), ("ΟΔΟΣ", "ΟΔΟΣ")]


@pytest.mark.parametrize(("written", "label"), WORDS)
def test_a_label_of_the_policy_is_found_with_letters_that_fold_oddly(
    engine: Engine, written: str, label: str
) -> None:
    world = world_of(*moves((1, "new")), HistoryRow("item", "s#1", "label", label, day(2)))

    blocking = at(engine, world, 9, Policy(blocked_labels=(written,)))
    working = at(engine, world, 9, Policy(in_progress_labels=(written,)))

    assert blocking["blocked"] is True
    assert working["category"] == "in_progress"
