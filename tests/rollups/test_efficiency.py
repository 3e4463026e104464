"""Flow efficiency: what waited between its start and its finish, and what did not."""

from __future__ import annotations

from datetime import datetime

import pytest

from pmo_sync.config import Project, Select
from pmo_sync.model import Term
from pmo_sync.policy import Policy
from pmo_sync.rollups.efficiency import Efficiency, efficiency
from pmo_sync.rollups.flow import of_projects
from pmo_sync.rollups.scope import scope_at
from tests.frames.engines import ENGINES, Engine
from tests.rollups.test_scope import DAY, config, item, status, world

BEGIN = datetime(2026, 1, 1)
DAYS = 86_400


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Waiting for review",), {"P": Efficiency(2, 10 * DAYS, 4 * DAYS)}),
        (("WAITING FOR REVIEW", "Done"), {"P": Efficiency(2, 10 * DAYS, 4 * DAYS)}),
        ((), {}),
        (("No such status",), {}),
    ],
)
def test_efficiency(
    engine: Engine, names: tuple[str, ...], expected: dict[str, Efficiency]
) -> None:
    """The first waited for 4 of its 8 days; before its start and after its finish nobody counts.
    The third is not done, the fourth never started."""
    made = world(*(item(n) for n in range(1, 5))).add(
        Term("s", "status", "waits", "Waiting for review", "in_progress"),
        *status(1, (1, "new"), (2, "doing"), (4, "waits"), (8, "doing"), (10, "done")),
        *status(2, (1, "new"), (3, "doing"), (5, "done")),
        *status(3, (1, "new"), (3, "waits")),
        *status(4, (1, "new"), (5, "done")),
    )
    tables = made.tables(engine)
    scope = scope_at(tables, config(Project("P", select=(Select("jira"),))), DAY)

    found = efficiency(tables, scope, BEGIN, of_projects(scope), Policy(waiting_statuses=names))

    assert found == expected
    assert {name: each.share for name, each in found.items()} == dict.fromkeys(found, 0.6)
