"""The simulated world and its trackers, built once for all tests here (they only read)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests
from jira import JIRA

from pmo_sync.demo.facts import World
from pmo_sync.demo.servers import JIRA_EMAIL, JIRA_TOKEN, Trackers, serve_recorded, serve_world
from pmo_sync.demo.world import build


@pytest.fixture(scope="session")
def world() -> World:
    return build()


@pytest.fixture(scope="session")
def trackers(world: World) -> Iterator[Trackers]:
    with serve_world(world) as running:
        yield running


@pytest.fixture(scope="session")
def recorded_folder() -> Path:
    beside = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("PMO_SYNC_RECORDED_DATA", beside))
    if not folder.is_dir():
        pytest.skip("the recorded tracker data is not here (PMO_SYNC_RECORDED_DATA)")
    return folder


@pytest.fixture(scope="session")
def recorded(recorded_folder: Path) -> Iterator[Trackers]:
    with serve_recorded(recorded_folder) as running:
        yield running


@pytest.fixture(scope="session")
def session() -> Iterator[requests.Session]:
    """A session logged in at the simulated Jira."""
    with requests.Session() as session:
        session.auth = (JIRA_EMAIL, JIRA_TOKEN)
        yield session


@pytest.fixture(scope="session")
def jira_client(trackers: Trackers) -> Iterator[JIRA]:
    options = {"rest_api_version": "3", "check_update": False}
    login = (JIRA_EMAIL, JIRA_TOKEN)
    with closing(JIRA(trackers.jira.url, options=options, basic_auth=login)) as client:
        yield client
