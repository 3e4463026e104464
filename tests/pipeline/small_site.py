"""Simulated trackers with small pages, a configuration of them, and connectors in haste."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import pytest

from pmo_sync.config import Source
from pmo_sync.connectors.base import Progress
from pmo_sync.connectors.github import GithubConnector, reading, transport
from pmo_sync.connectors.github.paging import walk
from pmo_sync.connectors.github.waits import Patience as GithubPatience
from pmo_sync.connectors.jira import JiraConnector
from pmo_sync.connectors.jira import Patience as JiraPatience
from pmo_sync.demo.faults import Kind
from pmo_sync.demo.github_server import GithubServer
from pmo_sync.demo.jira_dc_server import JiraDcServer
from pmo_sync.demo.jira_server import JiraLogin, JiraServer
from pmo_sync.demo.jira_state import JiraLimits
from pmo_sync.demo.servers import (
    DC_LOGIN,
    GITHUB_TOKEN,
    JIRA_DC_TOKEN,
    JIRA_EMAIL,
    JIRA_TOKEN,
    Trackers,
)
from pmo_sync.pipeline import syncing

READ = 1
"""Seconds after which our connectors give an answer up."""
TOKENS = (JIRA_TOKEN, JIRA_DC_TOKEN, GITHUB_TOKEN)
TRANSIENT: dict[Kind, float] = {
    "429": 0.05, "secondary": 0.05, "5xx": 0.1, "timeout": 0.02, "truncated": 0.08,
    "dropped": 0.08, "duplicated": 0.1, "reordered": 0.1, "partial": 0.08,
}  # fmt: skip
"""Faults that pass, with shares of the requests in which they come."""
SEED, EARLY = 5, date(2024, 7, 20)
"""A world and a day on which it is small: some five to ten pages of items in each tracker."""


def small_trackers() -> Trackers:
    """Trackers with small pages; they show nothing yet."""
    limits = JiraLimits(page=20, ids=100, changelog=12)
    jira = JiraServer(JiraLogin(JIRA_EMAIL, JIRA_TOKEN), limits=limits)
    return Trackers(jira, GithubServer(GITHUB_TOKEN), JiraDcServer(DC_LOGIN, page=20))


def hurry(monkeypatch: pytest.MonkeyPatch, attempts: int, connections: int = 1) -> None:
    """Let the connectors ask so often without waits of their own, GitHub in pages of 10 and over
    so many connections."""

    def in_haste(source: Source, progress: Progress) -> JiraConnector | GithubConnector:
        if source.type == "jira":
            patience = JiraPatience(5.0, READ, attempts, attempts, backoff=0.0)
            return JiraConnector(source, progress, patience)
        hasty = GithubPatience(retries=attempts - 1, first=0.0, secondary=0.0)
        return GithubConnector(source, progress, patience=hasty, connections=connections)

    monkeypatch.setattr(syncing, "connector", in_haste)
    monkeypatch.setattr(transport, "TIMEOUT", READ)
    monkeypatch.setattr(reading, "walk", partial(walk, size=10))


def configured(folder: Path, trackers: Trackers, **more: str) -> Path:
    """Write a configuration of the three trackers, with more keys for each source."""
    assert trackers.github.site is not None
    assert trackers.jira_dc is not None
    folder.mkdir()
    keys = "".join(f"{name} = {value}\n" for name, value in more.items())
    repositories = [f"{r.owner}/{r.name}" for r in trackers.github.site.repositories]
    path = folder / "pmo-sync.toml"
    path.write_text(
        f'[[sources]]\nname = "jira"\ntype = "jira"\nurl = "{trackers.jira.url}"\n'
        f'email = "{JIRA_EMAIL}"\ntoken = {{ file = "jira.token" }}\n{keys}'
        f'[[sources]]\nname = "jira_dc"\ntype = "jira"\nurl = "{trackers.jira_dc.url}"\n'
        f'token = {{ file = "jira_dc.token" }}\n{keys}'
        f'[[sources]]\nname = "github"\ntype = "github"\nurl = "{trackers.github.url}"\n'
        f'token = {{ file = "github.token" }}\nrepositories = {repositories}\n{keys}'
    )
    (folder / "jira.token").write_text(JIRA_TOKEN)
    (folder / "jira_dc.token").write_text(JIRA_DC_TOKEN)
    (folder / "github.token").write_text(GITHUB_TOKEN)
    return path
