"""Both simulated trackers, started and stopped together."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from pmo_sync.demo import recorded_github, recorded_jira
from pmo_sync.demo.facts import World
from pmo_sync.demo.github_server import GithubServer
from pmo_sync.demo.jira_server import JiraLogin, JiraServer
from pmo_sync.demo.render_github import github_pages, github_site
from pmo_sync.demo.render_jira import jira_site

JIRA_EMAIL = "pmo@example.com"
JIRA_TOKEN = "demo-jira-token-not-a-secret"  # noqa: S105
GITHUB_TOKEN = "demo-github-token-not-a-secret"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Trackers:
    """A Jira and a GitHub; as a context manager they answer while it is open."""

    jira: JiraServer
    github: GithubServer

    def start(self) -> None:
        """Serve from now on."""
        self.jira.start()
        self.github.start()

    def stop(self) -> None:
        """Stop serving and close the ports."""
        self.jira.stop()
        self.github.stop()

    def wait(self) -> None:
        """Serve until the process is interrupted."""
        threading.Event().wait()

    def show(self, world: World) -> None:
        """Show another day of the world from now on."""
        pages = github_pages(world, self.github.url)
        self.jira.load(jira_site(world, self.jira.url, pages=pages))
        self.github.load(github_site(world, self.github.url))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


@dataclass(frozen=True, slots=True)
class Recorded(Trackers):
    """Trackers that show recordings, and the last day (ISO) on which something in them changed."""

    until: str


def _trackers(jira_port: int, github_port: int) -> Trackers:
    login = JiraLogin(JIRA_EMAIL, JIRA_TOKEN)
    return Trackers(JiraServer(login, jira_port), GithubServer(GITHUB_TOKEN, github_port))


def serve_world(world: World, jira_port: int = 0, github_port: int = 0) -> Trackers:
    """Return trackers that show the world, not started yet; port 0 takes a free one."""
    trackers = _trackers(jira_port, github_port)
    trackers.show(world)
    return trackers


def serve_recorded(folder: Path, jira_port: int = 0, github_port: int = 0) -> Recorded:
    """Return trackers that show recorded data, not started yet; ``folder`` holds the recordings.

    The recorded objects keep the addresses that they were recorded with.
    """
    trackers = _trackers(jira_port, github_port)
    jira = recorded_jira.jira_site(folder / "jira-cloud-devlake")
    github = recorded_github.github_site(folder / "github-secp256k1")
    trackers.jira.load(jira)
    trackers.github.load(github)
    changes = [issue["fields"]["updated"] for issue in jira.issues]
    changes += [issue.updated_at for repo in github.repositories for issue in repo.issues]
    return Recorded(trackers.jira, trackers.github, max(changes)[:10])
