"""Links to items of other trackers: what a remote link says, and when it costs a request."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from pmo_sync.connectors.jira.fields import FieldMap
from pmo_sync.connectors.jira.issue import ParsedIssue
from pmo_sync.connectors.jira.issue_payloads import RemoteLink
from pmo_sync.connectors.jira.remote_links import is_linked, tracked_page
from pmo_sync.connectors.jira.site import SiteContext
from pmo_sync.demo.http import json_response
from pmo_sync.model import Link
from tests.connectors.jira.jira_recorded import needed, parsed, rows
from tests.connectors.jira.jira_small_site import ISSUES, served, synced
from tests.connectors.jira.jira_wire import change, encoded, history, issue, mapped_by, read_by

DAY = "2026-01-%02dT00:00:00.000+0000"
CONTEXT = SiteContext("site", "https://site", FieldMap({"development": ("cf_dev",)}, {}), {}, {})
PAGE = "https://github.com/shop/web/issues/7"


def told(day: int, before: str | None, after: str | None) -> dict[str, Any]:
    return history(day, DAY % day, change("RemoteIssueLink", before, after))


def remote(url: str, relationship: str | None = None, number: int = 5) -> RemoteLink:
    payload = {"id": number, "relationship": relationship, "object": {"url": url, "title": "x"}}
    return msgspec.json.decode(json.dumps(payload), type=RemoteLink)


def links(parsed: ParsedIssue) -> tuple[Link, ...]:
    return mapped_by(parsed, CONTEXT).record.links


@pytest.mark.parametrize(
    ("address", "page"),
    [
        (PAGE, (PAGE, "shop/web#7")),
        (PAGE + "/?a=1#issuecomment-2", (PAGE, "shop/web#7")),
        ("https://git.corp.example/a/b/pull/3",
         ("https://git.corp.example/a/b/pull/3", "a/b#3")),
        ("https://other.example/jira/browse/OPS-9",
         ("https://other.example/jira/browse/OPS-9", "OPS-9")),
        ("https://other.example/browse/OPS-9?focusedId=3",
         ("https://other.example/browse/OPS-9", "OPS-9")),
        ("https://github.com/shop/web/commit/8748a066", None),
        ("https://github.com/shop/web/issues", None),
        ("https://wiki.example/display/OPS/Page", None),
        ("https://[broken/a/b/issues/1", None),
        ("mailto:somebody@example.com", None),
        ("javascript:alert(1)//a/b/issues/1", None),
        ("", None),
    ],
)  # fmt: skip
def test_which_pages_are_items(address: str, page: tuple[str, str] | None) -> None:
    assert tracked_page(address) == page


@pytest.mark.parametrize(
    ("relationship", "ends"),
    [
        ("blocks", ("here", "blocks", "there")),
        ("is blocked by", ("there", "blocks", "here")),
        ("Blocked By", ("there", "blocks", "here")),
        ("causes", ("here", "causes", "there")),
        ("is duplicated by", ("there", "duplicates", "here")),
        ("mentioned on", ("here", "relates", "there")),
        ("followed by", ("here", "relates", "there")),
        (None, ("here", "relates", "there")),
    ],
)
def test_what_the_words_of_a_link_mean(relationship: str | None, ends: tuple[str, ...]) -> None:
    parsed = read_by(encoded(issue(1, "PAY-1", told(4, None, "5"))), CONTEXT)
    (link,) = links(parsed.with_remote_links([remote(PAGE, relationship)]))
    known = {"site#1": "here", f"?#{PAGE}": "there"}
    assert (known[link.from_id], link.kind, known[link.to_id]) == ends
    keys = {"here": "PAY-1", "there": "shop/web#7"}
    assert (link.from_key, link.to_key) == (keys[ends[0]], keys[ends[2]])
    assert link.valid_from == datetime(2026, 1, 4, tzinfo=UTC)


def test_a_page_that_is_linked_twice_is_one_link() -> None:
    parsed = read_by(encoded(issue(1, "PAY-1", told(4, None, "5"))), CONTEXT)
    twice = [remote(PAGE), remote(PAGE + "#comment", number=6)]
    assert len(links(parsed.with_remote_links(twice))) == 1


@pytest.mark.parametrize(
    ("changes", "linked"),
    [
        ([], False),
        ([(4, None, "5")], True),
        ([(4, None, "5"), (5, "5", None)], False),
        ([(4, None, "5"), (5, "5", None), (6, None, "8")], True),
        # The changelog began later than the link.
        ([(4, "5", "5")], True),
        ([(4, "5", "5"), (6, "5", None)], False),
    ],
)
def test_only_what_is_linked_is_asked_for(
    changes: list[tuple[int, str | None, str | None]], linked: bool
) -> None:
    parsed = read_by(
        encoded(issue(1, "PAY-1", *(told(*each) for each in reversed(changes)))), CONTEXT
    )
    assert is_linked(parsed.histories) is linked


@pytest.mark.parametrize(
    "value",
    [
        f"see {PAGE}, please",
        {"type": "doc", "content": [{"type": "text", "text": PAGE}]},
        [f"<{PAGE}>", PAGE],
    ],
)
def test_a_field_for_development_names_pages(value: Any) -> None:
    (link,) = links(read_by(encoded(issue(1, "PAY-1", cf_dev=value)), CONTEXT))
    assert (link.to_id, link.kind, link.to_key) == (f"?#{PAGE}", "relates", "shop/web#7")


def test_what_cloud_itself_says_of_development_names_none() -> None:
    summary = '{pullrequest={dataType=pullrequest, state=OPEN, stateCount=1}, json={"a":"b"}}'
    assert links(read_by(encoded(issue(1, "PAY-1", cf_dev=summary)), CONTEXT)) == ()


LINKED = ISSUES[0] | {
    "changelog": {"histories": [told(4, None, "5"), *ISSUES[0]["changelog"]["histories"]]}
}
REMOTE = {"10": ({"id": 5, "relationship": "blocks", "object": {"url": PAGE, "title": "x"}},)}


@pytest.mark.parametrize(("wanted", "requests"), [(True, 1), (False, 0)])
def test_a_sync_asks_once_for_each_item_that_is_linked(wanted: bool, requests: int) -> None:
    with served(issues=(LINKED, *ISSUES[1:]), remote_links=REMOTE) as server:
        batches = synced(server, remote_links=wanted)
        asked = [path for path in server.paths() if path.endswith("/remotelink")]
    found = [link for batch in batches for record in batch.items for link in record.links]
    assert [(one.to_key, one.kind) for one in found] == [("shop/web#7", "blocks")] * requests
    assert asked == ["issue/10/remotelink"] * requests


def test_an_item_that_is_gone_meanwhile_has_no_links() -> None:
    gone = {"/rest/api/3/issue/10/remotelink": json_response({"errorMessages": ["gone"]}, 404)}
    with served(gone, issues=(LINKED, *ISSUES[1:])) as server:
        items = [record.item.key for batch in synced(server) for record in batch.items]
    assert len(items) == len(ISSUES)


@needed
def test_recorded_links_are_those_that_the_changelogs_leave() -> None:
    """Of the issues that were recorded with both; none of the pages is an issue's."""
    listed: dict[str, list[RemoteLink]] = {}
    for row in rows("raw_tables", "_raw_api_remotelinks"):
        found = msgspec.json.decode(row["data"], type=RemoteLink)
        listed.setdefault(str(json.loads(row["input"])["issue_id"]), []).append(found)
    both = [one.with_remote_links(listed[one.id]) for one in parsed().values()
            if one.id in listed]  # fmt: skip
    assert len(both) > 2
    assert all(is_linked(one.histories) for one in both)
    assert not [link for one in both for link in links(one) if link.native.startswith("remote")]
