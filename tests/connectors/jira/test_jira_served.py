"""Whole sites over HTTP: the simulated one, whose truth is known, and the recorded one."""

from __future__ import annotations

import json
import logging
from datetime import date

import pytest

from pmo_sync.config import Secret
from pmo_sync.connectors.jira import JiraConnector
from pmo_sync.connectors.jira.scope import ISSUES
from pmo_sync.demo.jira_server import JiraLogin, JiraServer
from pmo_sync.demo.jira_state import JiraLimits
from pmo_sync.demo.render_jira import jira_site
from pmo_sync.demo.servers import JIRA_EMAIL, JIRA_TOKEN, serve_recorded
from pmo_sync.demo.world import build
from pmo_sync.model import Batch, ItemRecord
from tests.connectors.jira.jira_recorded import ROOT, needed, parsed
from tests.connectors.jira.jira_small_site import NOW
from tests.connectors.jira.jira_wire import HASTE, Said, source

LOGIN = {"email": JIRA_EMAIL, "token": Secret("inline", JIRA_TOKEN)}


def batches(url: str) -> list[Batch]:
    connector = JiraConnector(source(url, **LOGIN), Said(), HASTE)
    return list(connector.sync({}, now=NOW))


def records(found: list[Batch]) -> dict[str, ItemRecord]:
    return {record.item.key: record for batch in found for record in batch.items}


def test_the_simulated_site_however_it_is_cut(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is rejected, no changelog contradicts its item, small pages change nothing."""
    caplog.set_level(logging.WARNING)
    world, seen = build(until=date(2024, 11, 30)), []
    for limits in (JiraLimits(), JiraLimits(page=37, changelog=3, ids=50)):
        with JiraServer(JiraLogin(JIRA_EMAIL, JIRA_TOKEN), limits=limits) as server:
            server.load(jira_site(world, "http://site.example"))
            seen.append(batches(server.url))
    whole, cut = seen
    assert len(records(whole)) > 200
    assert records(cut) == records(whole)
    assert [one for batch in whole + cut for one in batch.rejected] == []
    assert caplog.text == ""
    swept = {one for batch in cut for sweep in batch.sweeps for one in sweep.item_ids}
    assert swept == {record.item.item_id for record in records(whole).values()}


@needed
def test_the_recorded_site(caplog: pytest.LogCaptureFixture) -> None:
    with serve_recorded(ROOT) as trackers:
        found = batches(trackers.jira.url)
    assert records(found).keys() == parsed().keys()
    assert "(parent 14)" in caplog.text
    places = [json.loads(batch.state[ISSUES]) for batch in found if ISSUES in batch.state]
    reached = [place["watermark"] for place in places]
    assert reached == sorted(reached)
    updates = [record.item.updated for batch in found for record in batch.items]
    assert reached[-1] == max(updates).timestamp() * 1000
