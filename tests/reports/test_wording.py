"""What a rule of health says, and what would make it green or known."""

from __future__ import annotations

import pytest

from pmo_sync.policy import HealthPolicy
from pmo_sync.reports.status.wording import text_of, to_green
from pmo_sync.rollups.health.levels import Finding
from pmo_sync.rollups.health.table import Peak, resource_finding, risk_finding

POLICY = HealthPolicy()


def estimated(share: float) -> Finding:
    return resource_finding(Peak("Ada", 1.0, 50, 100, True, share), POLICY, 0.6)


@pytest.mark.parametrize(
    ("found", "text", "green"),
    [
        (resource_finding(None, POLICY, 0.6),
         "nobody with open work in it has hours in the configuration",
         "people's hours in the configuration"),
        (estimated(0.0), "0 % of the open work is estimated, less than 60 %",
         "estimates of 60 % of the open work"),
        (estimated(0.5999), "59.9 % of the open work is estimated, less than 60 %",
         "estimates of 60 % of the open work"),
        (risk_finding(True, 3, 2, 15),
         "3 open risks are scored 15 or more, 2 of them without an owner or without a response",
         "3 risks closed or lowered"),
        (risk_finding(True, 1, 1, 15),
         "1 open risk is scored 15 or more, without an owner or without a response",
         "1 risk closed or lowered"),
        (risk_finding(True, 0, 0, 15), "no open risk is scored 15 or more", None),
    ],
)  # fmt: skip
def test_it_says_which_of_several_causes_it_was(
    found: Finding, text: str, green: str | None
) -> None:
    assert (text_of(found), to_green(found)) == (text, green)
