"""A simulated Jira Data Center that holds all Jira teams of a world, and how to log in."""

from __future__ import annotations

from pmo_sync.demo.facts import World
from pmo_sync.demo.jira_dc_server import JiraDcLogin, JiraDcServer
from pmo_sync.demo.render_jira_dc import jira_dc_site
from tests.demo.noted_world import PAGES, noted

TOKEN = "a-personal-access-token"
PASSWORD = "a-password"
LOGIN = JiraDcLogin("pmo", PASSWORD, TOKEN)


def data_center(world: World, page: int = 1000) -> JiraDcServer:
    """A server that is loaded and not started yet; something is noted on PAY-20."""
    server = JiraDcServer(LOGIN, page=page)
    teams = [team for team in noted(world).teams if team.tracker == "jira"]
    server.load(jira_dc_site(noted(world), server.url, teams, PAGES))
    return server
