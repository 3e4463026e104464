"""The line that a sync of a source ends with."""

import pytest

from pmo_sync.cli.synced import synced
from pmo_sync.model import Spent


@pytest.mark.parametrize(
    ("spent", "cost"),
    [
        (Spent(209, 208, 13), "209 requests for data (at least 208), 13 for the site"),
        (Spent(1209, 1208, 0), "1,209 requests for data (at least 1,208)"),
        (Spent(1, 1, 1), "1 request for data (at least 1), 1 for the site"),
        (None, "222 requests"),
    ],
)
def test_requests_are_told_beside_the_least(spent: Spent | None, cost: str) -> None:
    line = f"jira: 20,000 items read, 1,000 changed; {cost}"
    assert synced("jira", 20_000, 1_000, 222, spent) == line
