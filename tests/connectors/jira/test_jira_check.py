"""What ``check`` finds before a first sync."""

from __future__ import annotations

from typing import Any

import pytest

from pmo_sync.demo.http import Response, json_response
from tests.connectors.jira.jira_small_site import SITE, connector, served

REFUSED = json_response({}, 403)


def found(changed: dict[str, Response] | None = None, **keys: Any) -> dict[str, tuple[str, str]]:
    site = keys.pop("site", {})
    with served(changed, **site) as server:
        return {f.subject: (f.level, f.text) for f in connector(server, **keys).check()}


def test_a_good_source() -> None:
    findings = found(projects=("PAY",))
    assert {level for level, _ in findings.values()} == {"ok"}
    assert findings["site"][1] == "Small site (https://site.example), Jira Cloud"
    assert findings["login"][1] == "Reader"
    assert findings["project PAY"][1] == "can be read"
    assert findings["field iteration"][1] == "cf_sprint"


@pytest.mark.parametrize(
    ("changed", "keys", "subject", "level", "words"),
    [
        ({}, {"email": "x@example.com"}, "source", "error", "the login is refused (401)"),
        ({}, {"projects": ("PAI",)}, "project PAI", "error", "nearest: PAY"),
        (
            {"/rest/api/3/mypermissions": json_response(
                {"permissions": {"BROWSE_PROJECTS": {"havePermission": False}}})},
            {"projects": ("PAY",)}, "project PAY", "error", "'Browse projects' is missing",
        ),
        ({}, {"fields": {"points": "Story Point"}}, "field points", "error", "nearest: Story P"),
        ({}, {"fields": {"points": "cf_points"}}, "field points", "ok", "cf_points"),
        ({}, {"fields": {"tint": "Flagged"}}, "field tint", "error", "known: points"),
        ({}, {"site": {"fields": SITE.fields[1:]}}, "field points", "warning",
         "scope and velocity in points will say 'no data'"),
        ({"/rest/agile/1.0/board": REFUSED}, {}, "boards", "warning", "cannot be seen (403)"),
        ({"/rest/agile/1.0/board/2/sprint": REFUSED}, {}, "board Team", "warning", "no dates"),
        ({}, {"boards": ("Other",)}, "boards", "warning", "not visible: Other"),
        ({"/rest/api/3/project/search": json_response({"values": []})}, {}, "projects", "error",
         "can see no project"),
        ({"/rest/api/2/serverInfo": json_response({}, 503)}, {}, "source", "error", "failed (503)"),
    ],
)  # fmt: skip
def test_findings(
    changed: dict[str, Response], keys: dict[str, Any], subject: str, level: str, words: str
) -> None:
    said_level, text = found(changed, **keys)[subject]
    assert said_level == level
    assert words in text
