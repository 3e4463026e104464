"""The scopes that we tell administrators of are those of Jira's published description."""

from __future__ import annotations

import json

import pytest

from pmo_sync.connectors.jira.scopes import BOARDS, scopes_of
from tests.connectors.jira.jira_recorded import ROOT

DESCRIPTION = ROOT.parent / "specs" / "jira" / "jira-cloud-platform-v3.2025-07.json"
ASKED = (
    "myself", "field", "project/search", "issuetype", "status", "priority", "resolution",
    "project/{projectIdOrKey}/versions", "search/jql", "issue/{issueIdOrKey}/changelog",
    "issue/{issueIdOrKey}/remotelink", "user/bulk", "mypermissions", "worklog/updated",
    "worklog/deleted", "worklog/list", "issue/bulkfetch", "changelog/bulkfetch",
)  # fmt: skip


@pytest.mark.skipif(not DESCRIPTION.is_file(), reason="Jira's published descriptions are not here")
@pytest.mark.parametrize("path", ASKED)
def test_scopes_are_the_published_ones(path: str) -> None:
    described = json.loads(DESCRIPTION.read_text("utf-8"))["paths"][f"/rest/api/3/{path}"]
    method = "get" if "get" in described else "post"
    told = described[method]["x-atlassian-oauth2-scopes"]
    assert list(scopes_of(f"/rest/api/3/{path}")) == next(
        one["scopes"] for one in told if one["state"] == "Current"
    )


def test_boards_have_scopes_of_their_own() -> None:
    assert scopes_of("/rest/agile/1.0/board/4/sprint") == BOARDS
