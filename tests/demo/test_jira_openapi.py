"""What the simulated Jira answers has no name that Jira's published description lacks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from pmo_sync.demo.servers import Trackers

BEYOND = {
    "ServerInformation": {"defaultLocale", "deploymentType"},
    "FieldDetails": {"untranslatedName"},
    "IssueTypeDetails": {"untranslatedName"},
    "StatusDetails": {"untranslatedName"},
    "User": set[str](),
}
"""Names that real answers carry (they are in recorded ones) though the description omits them."""


@pytest.fixture(scope="module")
def schemas(recorded_folder: Path) -> dict[str, Any]:
    folder = recorded_folder.parent / "specs" / "jira"
    if not folder.is_dir():
        pytest.skip("Jira's published description is not here")
    path = folder / "jira-cloud-platform-v3.2025-07.json"
    described = json.loads(path.read_text(encoding="utf-8"))
    return dict(described["components"]["schemas"])


@pytest.mark.parametrize(
    ("path", "schema", "inside"),
    [
        ("serverInfo", "ServerInformation", ()),
        ("myself", "User", ()),
        ("field", "FieldDetails", (0,)),
        ("status", "StatusDetails", (0,)),
        ("status", "StatusCategory", (0, "statusCategory")),
        ("issuetype", "IssueTypeDetails", (0,)),
        ("priority", "Priority", (0,)),
        ("resolution", "Resolution", (0,)),
        ("project/search", "PageBeanProject", ()),
        ("project/search", "Project", ("values", 0)),
        ("project/PAY/version", "PageBeanVersion", ()),
        ("project/PAY/versions", "Version", (0,)),
        ("search/jql?jql=project=PAY", "SearchAndReconcileResults", ()),
        ("search/jql?jql=key=PAY-1&fields=*all", "IssueBean", ("issues", 0)),
        ("issue/PAY-20/changelog", "PageBeanChangelog", ()),
        ("issue/PAY-20/changelog", "Changelog", ("values", 0)),
        ("issue/PAY-20/changelog", "ChangeDetails", ("values", 0, "items", 0)),
        ("mypermissions?permissions=BROWSE_PROJECTS", "Permissions", ()),
    ],
)
def test_every_name_is_described(
    session: requests.Session,
    trackers: Trackers,
    schemas: dict[str, Any],
    path: str,
    schema: str,
    inside: tuple[str | int, ...],
) -> None:
    answer = session.get(f"{trackers.jira.url}/rest/api/3/{path}", timeout=5).json()
    for step in inside:
        answer = answer[step]
    known = set(schemas[schema]["properties"]) | BEYOND.get(schema, set())
    assert set(answer) <= known
