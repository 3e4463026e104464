"""Jira sites of any number of issues, all alike, each with so many entries in its changelog."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pmo_sync.demo.facts import World
from pmo_sync.demo.http import LoopbackServer
from pmo_sync.demo.jira_dc_server import JiraDcServer
from pmo_sync.demo.jira_index import jira_time
from pmo_sync.demo.jira_server import JiraServer
from pmo_sync.demo.jira_site import JiraSite, Json
from pmo_sync.demo.jira_spool import JiraSpool
from pmo_sync.demo.render_jira import jira_site
from pmo_sync.demo.render_jira_dc import jira_dc_site
from pmo_sync.demo.servers import DC_LOGIN, LOGIN
from pmo_sync.demo.world import build

PROJECT = "PAY"


def cloud(count: int, histories: int) -> LoopbackServer:
    """Return a Cloud site, not started yet."""
    server = JiraServer(LOGIN)
    site = jira_site(world_of("jira"), server.url)
    server.load_issues(*spooled(site, count, histories))
    return server


def data_center(count: int, histories: int) -> LoopbackServer:
    """Return a Data Center, not started yet."""
    server = JiraDcServer(DC_LOGIN)
    world = world_of("jira")
    site = jira_dc_site(world, server.url, world.teams)
    server.load_issues(*spooled(site, count, histories))
    return server


def world_of(tracker: str) -> World:
    """Return a world with the one project that is served."""
    world = build()
    teams = tuple(one for one in world.teams if one.container == PROJECT)
    return replace(world, teams=teams)


def spooled(
    site: JiraSite, count: int, histories: int, edited: int = 0
) -> tuple[JiraSite, JiraSpool]:
    """Return a site with copies of one of its issues in the place of its own."""
    spool = JiraSpool()
    spool.add(copies(site, count, histories, edited))
    site = replace(site, issues=(), worklogs={}, removed_worklogs=(), remote_links={})
    spool.finish(site)
    return site, spool


def copies(site: JiraSite, count: int, histories: int, edited: int = 0) -> Iterator[Json]:
    """Yield issues a second apart, that differ in what must differ; the first so many were edited
    a day after all the others."""
    model = model_of(site, histories)
    updated = jira_time(model["fields"]["updated"])
    for number in range(1, count + 1):
        day = timedelta(days=1) if number <= edited else timedelta()
        at = updated + timedelta(seconds=number) + day
        written = f"{at:%Y-%m-%dT%H:%M:%S}.000{at:%z}"
        native = str(1_000_000 + number)
        yield {
            **model,
            "id": native,
            "self": f"{model['self'].rpartition('/')[0]}/{native}",
            "key": f"{PROJECT}-{number}",
            "changelog": {"histories": [
                {**entry, "id": str(100 * number + place)}
                for place, entry in enumerate(model["changelog"]["histories"])
            ]},
            "fields": {**model["fields"], "updated": written,
                       "summary": f"{model['fields']['summary']}, part {number}"},
        }  # fmt: skip


def model_of(site: JiraSite, histories: int) -> dict[str, Any]:
    """Return the site's first issue that is long enough, cut to its newest changes."""
    for issue in site.issues:
        entries = issue["changelog"]["histories"]
        if len(entries) >= histories:
            newest_first = entries[0]["created"] > entries[-1]["created"]
            kept = entries[:histories] if newest_first else entries[-histories:]
            return {**issue, "changelog": {"histories": kept}}
    raise ValueError(f"no issue has {histories} entries in its changelog")
