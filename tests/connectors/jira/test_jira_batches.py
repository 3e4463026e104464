"""Pages that share a step: what lacks something waits for its end, and is not told out of date."""

from __future__ import annotations

from typing import Any

from pmo_sync.connectors.jira.batches import ItemBatches
from pmo_sync.connectors.jira.client import JiraClient
from pmo_sync.connectors.jira.fields import FieldMap
from pmo_sync.connectors.jira.metadata import SiteView
from pmo_sync.connectors.jira.plan import Page, opened
from pmo_sync.connectors.jira.scope import ISSUES, Place
from pmo_sync.connectors.jira.site import SiteContext
from pmo_sync.model import Site
from tests.connectors.jira.jira_wire import Said, encoded, issue, read_by, source

CONTEXT = SiteContext("s", "https://s", FieldMap({"parent": ("cf_epic",)}, {}), {}, {})
EPIC = issue(1, "PAY-1")


def story(summary: str, minute: int) -> dict[str, Any]:
    updated = f"2026-02-01T00:{minute:02}:00.000+0000"
    return issue(10, "PAY-10", cf_epic="PAY-1", summary=summary, updated=updated)


def page(*issues: dict[str, Any]) -> Page:
    return opened([read_by(encoded(one), CONTEXT) for one in issues])


def told(*pages: Page) -> list[tuple[list[str], bool]]:
    """The titles of each batch, and whether it has a place to go on from; nobody is asked."""
    view = SiteView(Site("s", "jira", "https://s", "S"), "Cloud", CONTEXT, (), ())
    items = ItemBatches(JiraClient(source("https://s.invalid"), Said()), view)
    return [
        ([record.item.title for record in batch.items], ISSUES in batch.state)
        for batch, _ in items.batches(pages, Place())
    ]


def test_each_page_is_a_batch_and_the_last_one_has_the_place() -> None:
    other = issue(2, "PAY-2", summary="other")
    assert told(page(EPIC, story("first", 1)), page(other)) == [
        (["Title of PAY-1", "first"], False),
        (["other"], True),
    ]


def test_what_waited_is_dropped_when_it_comes_again_and_lacks_nothing() -> None:
    assert told(page(story("old", 1)), page(EPIC, story("new", 2))) == [
        ([], False),
        (["Title of PAY-1", "new"], True),
    ]


def test_what_waited_comes_last_with_what_is_known_by_then() -> None:
    assert told(page(story("first", 1)), page(EPIC)) == [
        ([], False),
        (["Title of PAY-1", "first"], True),
    ]
