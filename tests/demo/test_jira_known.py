"""A site that is shown for one day after another is each day as if it were shown for that alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pmo_sync.demo.jira_known import KnownIssues
from pmo_sync.demo.render_github import github_pages
from pmo_sync.demo.render_jira import jira_site
from pmo_sync.demo.render_jira_dc import jira_dc_site
from pmo_sync.demo.world import UNTIL, World, build_days

URL = "http://site.example"


@pytest.fixture(scope="module")
def days() -> list[World]:
    return list(build_days(1, [UNTIL - timedelta(days=28), UNTIL]))


@pytest.mark.parametrize("site", [jira_site, jira_dc_site])
def test_what_is_known_of_an_earlier_day_changes_nothing(days: list[World], site: object) -> None:
    tracker = "jira" if site is jira_site else "jira_dc"
    known = KnownIssues()
    for world in days:
        teams = [team for team in world.teams if team.tracker == tracker]
        pages = github_pages(world, "http://hub.example")
        again = site(world, URL, teams, pages, known)  # type: ignore[operator]
        assert again == site(world, URL, teams, pages)  # type: ignore[operator]
