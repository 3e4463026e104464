"""Teams of the world as a Jira Data Center."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pmo_sync.demo.facts import Team, World
from pmo_sync.demo.jira_dc_catalogue import DcCatalogue
from pmo_sync.demo.jira_dc_fields import DC_IDS, jira_dc_fields
from pmo_sync.demo.jira_dc_issues import dc_issue
from pmo_sync.demo.jira_known import KnownIssues
from pmo_sync.demo.jira_site import JiraSite, Json
from pmo_sync.demo.jira_web_links import NO_PAGES, Pages
from pmo_sync.demo.render_jira import site_of


def jira_dc_site(
    world: World,
    url: str,
    teams: Sequence[Team],
    pages: Pages = NO_PAGES,
    known: KnownIssues | None = None,
) -> JiraSite:
    """Return the Data Center of these teams at an address, its context path included.

    ``pages`` are what items of other trackers are linked to by, ``known`` the issues that were
    written for an earlier day of the same site.
    """
    return dc_site_of(world, DcCatalogue(world, url, teams), pages, known)


def dc_site_of(
    world: World, catalogue: DcCatalogue, pages: Pages = NO_PAGES, known: KnownIssues | None = None
) -> JiraSite:
    """Return the site of a catalogue."""
    site = site_of(world, catalogue, catalogue.login(), pages, known, dc_issue)
    return replace(
        site,
        cloud_id="",
        fields=jira_dc_fields(),
        boards=tuple(_without_location(board) for board in site.boards),
        board_projects={board["id"]: site.board_project(board) for board in site.boards},
        configurations={number: _configuration(one) for number, one in site.configurations.items()},
    )


def _without_location(board: Json) -> Json:
    return {name: value for name, value in board.items() if name not in ("location", "isPrivate")}


def _configuration(cloud: Json) -> Json:
    """Return a board's configuration with the ids that fields have here."""
    own = {name: value for name, value in cloud.items() if name != "location"}
    rank = DC_IDS[f"customfield_{own['ranking']['rankCustomFieldId']}"]
    own["ranking"] = {"rankCustomFieldId": int(rank.rpartition("_")[2])}
    if estimation := own.get("estimation"):
        field = {**estimation["field"], "fieldId": DC_IDS[estimation["field"]["fieldId"]]}
        own["estimation"] = {**estimation, "field": field}
    return own
