"""Numbers in words: rounded once, honest at the ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.reports.figures import days, decimal, share


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 5, "0 %"), (5, 5, "100 %"), (1, 3, "33 %"), (1, 1000, "1 %"), (999, 1000, "99 %"),
     (0, 0, "no data")],
)  # fmt: skip
def test_share(part: int, whole: int, text: str) -> None:
    assert share(part, whole).text == text


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_nothing_and_everything_only_when_truly_so(part: int, more: int) -> None:
    text = share(part, part + more).text
    assert text != "100 %"
    assert (text == "0 %") == (part == 0)


@pytest.mark.parametrize(
    ("value", "text"), [(None, "no data"), (0.2, "under a day"), (1.2, "1 day"), (8.6, "9 days")]
)
def test_days(value: float | None, text: str) -> None:
    assert days(value, "").text == text


def test_a_mean_has_one_decimal() -> None:
    assert (decimal(1.25).text, decimal(None).text) == ("1.2", "no data")
