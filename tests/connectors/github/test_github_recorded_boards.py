"""Every recorded board through the real client: what was recorded is what is handed over."""

from datetime import UTC, datetime
from typing import Any

import pytest

from pmo_sync.config import Secret, Source
from pmo_sync.connectors.github import GithubConnector
from pmo_sync.demo.github_server import GithubServer
from pmo_sync.model import Batch
from tests.connectors.github.github_samples import RECORDED, Recorder
from tests.connectors.github.recorded_boards import board_site, filled, recorded_boards

FOLDER = RECORDED / "github-projects-v2-recorded"
pytestmark = pytest.mark.skipif(
    not FOLDER.exists(), reason=f"the recorded boards are not at {FOLDER}"
)
BOARDS = dict(recorded_boards(FOLDER))
TOKEN = "a-token-for-recordings"
MAPPED = {"impact": "Text", "points": "Number", "due": "Date"}


def synced(board: dict[str, Any]) -> list[Batch]:
    with GithubServer(TOKEN) as server:
        server.load(board_site(board))
        source = Source("gh", "github", server.url, token=Secret("inline", TOKEN),
                        boards=("recorded/2",), fields=MAPPED, pull_requests="items")  # fmt: skip
        connector = GithubConnector(source, Recorder())
        return list(connector.sync({}, now=datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.mark.parametrize("name", BOARDS)
def test_a_recorded_board_goes_through(name: str) -> None:
    board = BOARDS[name]
    batches = synced(board)
    rows = [row for row in board["items"]["nodes"] if row["content"]]
    items = {one.item.title for batch in batches for one in batch.items
             if one.item.type != "Pull request"}  # fmt: skip
    assert items == {row["content"]["title"] for row in rows if row["type"] != "PULL_REQUEST"}
    assert [one for batch in batches for one in batch.rejected] == []
    seen = [o for batch in batches for o in batch.observations]
    seen += [o for batch in batches for record in batch.items for o in record.observations]
    called = {field["id"]: field["name"] for field in board["fields"]["nodes"]}
    told = [dict(filled(row, called)) for row in rows]
    for ours, theirs in MAPPED.items():
        expected = sorted(str(values[theirs]) for values in told if theirs in values)
        found = sorted(o.value.removesuffix(".0") for o in seen if o.field == ours and o.value)
        assert found == expected, ours
    columns = {option["id"]: option["name"] for field in board["fields"]["nodes"]
               if field["name"] == "Status" for option in field["options"]}  # fmt: skip
    stood = sorted(columns[values["Status"]] for values in told if "Status" in values)
    kept = [o.value for o in seen if o.field.startswith("status@") and o.value]
    drafts = [o.value.removeprefix("column/") for o in seen
              if o.field == "status" and o.value and o.value.startswith("column/")]  # fmt: skip
    assert sorted([*kept, *drafts]) == stood
