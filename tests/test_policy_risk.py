"""What the words of a risk mean: levels of a scale, and what labels tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.policy import RiskPolicy, risk_level, told_by_labels


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("1", 1), ("5", 5), ("4.0", 4), ("4 - Likely", 4), ("2: low", 2), ("3. Medium", 3),
        ("Likely (4)", 4), ("High", 4), (" very   HIGH ", 5), ("Negligible", 1), ("possible", 3),
        ("0", None), ("6", None), ("2.5", None), ("45", None), ("70 %", None), ("4 of 5", None),
        ("1-2", None), ("", None), ("TBD", None),
    ],
)  # fmt: skip
def test_a_word_on_the_scale(word: str, level: int | None) -> None:
    assert risk_level(word, RiskPolicy()) == level


def test_the_policy_knows_better() -> None:
    policy = RiskPolicy(scale={"High": 5, "every  Month": 4, "3": 1})
    words = ("high", "Every month", "3", "low")
    assert [risk_level(word, policy) for word in words] == [5, 4, 1, 2]


@given(st.text())
def test_whatever_a_word_is_a_level_is_on_the_scale(word: str) -> None:
    assert risk_level(word, RiskPolicy()) in (None, 1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("risk: p4 i3", {"probability": "4", "impact": "3"}),
        ("Risk:P4I3", {"probability": "4", "impact": "3"}),
        ("risk: pending inquiry", {}),
        ("risk: p9 i3", {}),
        ("probability: very high", {"probability": "very high"}),
        ("probability:high", {"probability": "high"}),
        ("impact/4", {"impact": "4"}),
        ("impact/", {}),
        ("impact: ", {}),
        ("response: second supplier", {"response": "second supplier"}),
        ("risk owner: Ada L.", {"risk_owner": "Ada L."}),
        ("high impact", {}),
        ("impact: 3\nimpact: 4", {}),
    ],
)
def test_what_a_label_tells(label: str, told: dict[str, str]) -> None:
    found = told_by_labels([label], RiskPolicy())
    assert {field: value for _, field, value in found} == told
    assert {by for by, _, _ in found} <= {label}


def test_a_pattern_of_ones_own() -> None:
    policy = RiskPolicy(label_patterns=("Eintritt({probability})",))
    assert told_by_labels(["eintritt(hoch)", "impact: 3"], policy) == [
        ("eintritt(hoch)", "probability", "hoch")
    ]
