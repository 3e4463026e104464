"""A program's finish is the latest of its leaves, at each of the odds, and never an average."""

from __future__ import annotations

from datetime import date

import pytest

from pmo_sync.reports.status.pages import finish
from pmo_sync.reports.status.programs import latest_finish
from pmo_sync.reports.status.view import ForecastStatus
from pmo_sync.rollups.membership import chain_of

MAY, JUNE, JULY = (date(2026, month, 1) for month in (5, 6, 7))


def leaf(
    p50: date | None = None, p85: date | None = None, open: int = 3, reason: str | None = None
) -> ForecastStatus:
    return ForecastStatus(
        p50, p85, p85, None, "", None, reason, 9, None, None, None, open, None, None, None, None, ()
    )


CASES = [
    ("nothing is open", [("A", leaf(open=0, reason="no open work"))], None, ""),
    ("the latest at each of the odds", [("A", leaf(MAY, JULY)), ("B", leaf(JUNE, JUNE))],
     (JUNE, JULY, "A", 2, ()), "The last of them is done by 1 Jul 2026 with 85 % (A)."),
    ("later than in ten years is later than any date", [("A", leaf(MAY, JULY)), ("B", leaf(MAY))],
     (MAY, None, "B", 2, ()), "The last of them is not done in ten years, with 85 % (B)."),
    ("what has no forecast is named, not left out unsaid",
     [("A", leaf(MAY, JUNE)), ("B", leaf(reason="too young"))], (MAY, JUNE, "A", 1, ("B",)),
     "The last of them is done by 1 Jun 2026 with 85 % (A; 1 project without a forecast not"
     " counted)."),
    ("none has one", [("B", leaf(reason="too young"))], (None, None, "", 0, ("B",)),
     "No project with open work has a forecast."),
]  # fmt: skip


@pytest.mark.parametrize(("leaves", "expected", "text"), [c[1:] for c in CASES],
                         ids=[c[0] for c in CASES])  # fmt: skip
def test_of_the_leaves(
    leaves: list[tuple[str, ForecastStatus]],
    expected: tuple[date | None, date | None, str, int, tuple[str, ...]] | None,
    text: str,
) -> None:
    found = latest_finish(leaves)
    told = (found.p50, found.p85, found.of, found.known, found.without) if found else None
    assert (told, finish(found)) == (expected, text)


def test_a_chain_of_programs_ends_at_the_outermost_and_in_no_circle() -> None:
    parents = {"A": None, "B": "A", "C": "B", "X": "Y", "Y": "X", "Lost": "Gone"}
    chains = [chain_of(name, parents) for name in ("C", "X", "Lost", None)]
    assert chains == [("C", "B", "A"), ("X", "Y"), ("Lost",), ()]
