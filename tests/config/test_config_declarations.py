"""What is said of mistakes in overrides, notes and thresholds of health."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Mistakes = Callable[[str], list[str]]

PROJECT = '[[projects]]\nname = "P"\nselect = [{ source = "jira" }]\n'
SOURCE = '[[sources]]\nname = "jira"\ntype = "jira"\nurl = "https://jira.example"\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[policy.health]\nprobability_green = 85",
         "policy: health.probability_green: must be from 0 to 1, is 85.0"),
        ("[policy.health]\ngrowth_green = 0.3",
         "policy: health: growth_green 0.3 is above growth_amber 0.25"),
        (f"{PROJECT}budget_hours = 0", "budget_hours: must be 1 or more, is 0.0"),
        (f"{PROJECT}health = {{ cpi_gren = 1 }}", "unknown key 'cpi_gren'"),
        (f'{PROJECT}[[projects.overrides]]\nlevel = "at_risk"', "missing key 'since'"),
        (f"{PROJECT}[[projects.overrides]]\nlevel = 'at_risk'\nsince = 2026-03-02\n"
         "expires = 2026-03-01", "since 2026-03-02 is after expires 2026-03-01"),
        (f"{PROJECT}[[projects.overrides]]\nlevel = 'on_track'\nsince = 2026-03-02\nby = 'Ada'",
         "on_track is never worse than what is computed: it wants by, reason and expires"),
        (f"{PROJECT}[[projects.overrides]]\nlevel = 'green'\nsince = 2026-03-02",
         "unknown value 'green' (known: on_track, at_risk, off_track)"),
        (f"{PROJECT}[[projects.notes]]\ntext = 'Fine.'", "missing key 'day'"),
    ],
)  # fmt: skip
def test_a_mistake_is_told(mistakes: Mistakes, text: str, told: str) -> None:
    (line,) = mistakes(SOURCE + text)
    assert told in line
