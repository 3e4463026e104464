"""All simulated trackers, started and stopped together."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from pmo_sync.demo import recorded_github, recorded_jira
from pmo_sync.demo.facts import Tracker, World
from pmo_sync.demo.github_server import GithubServer
from pmo_sync.demo.http import LoopbackServer
from pmo_sync.demo.jira_server import JiraLogin, JiraServer
from pmo_sync.demo.render_github import github_site
from pmo_sync.demo.render_jira import jira_site

JIRA_EMAIL = "pmo@example.com"
JIRA_TOKEN = "demo-jira-token-not-a-secret"  # noqa: S105
GITHUB_TOKEN = "demo-github-token-not-a-secret"  # noqa: S105
EPHEMERAL: Mapping[str, int] = {}
"""No port is asked for: each server takes a free one."""


@dataclass(frozen=True, slots=True)
class Trackers:
    """The Jira sites and the GitHub; as a context manager they answer while it is open.

    ``jira_dc`` is the second Jira site, which recordings have none of.
    """

    jira: JiraServer
    github: GithubServer
    jira_dc: JiraServer | None

    def urls(self) -> dict[Tracker, str]:
        """Return the address of each tracker that is there."""
        second: dict[Tracker, str] = {"jira_dc": self.jira_dc.url} if self.jira_dc else {}
        return {"jira": self.jira.url, **second, "github": self.github.url}

    def start(self) -> None:
        """Serve from now on."""
        for server in self._servers():
            server.start()

    def stop(self) -> None:
        """Stop serving and close the ports."""
        for server in self._servers():
            server.stop()

    def _servers(self) -> list[LoopbackServer]:
        return [one for one in (self.jira, self.jira_dc, self.github) if one]

    def wait(self) -> None:
        """Serve until the process is interrupted."""
        threading.Event().wait()

    def show(self, world: World) -> None:
        """Show another day of the world from now on."""
        self.jira.load(jira_site(world, self.jira.url))
        if self.jira_dc:
            self.jira_dc.load(jira_site(world, self.jira_dc.url, "jira_dc"))
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


LOGIN = JiraLogin(JIRA_EMAIL, JIRA_TOKEN)


def serve_world(world: World, ports: Mapping[str, int] = EPHEMERAL) -> Trackers:
    """Return trackers that show the world, not started yet; a port that is not given is free."""
    jira, second = (JiraServer(LOGIN, ports.get(name, 0)) for name in ("jira", "jira_dc"))
    trackers = Trackers(jira, GithubServer(GITHUB_TOKEN, ports.get("github", 0)), second)
    trackers.show(world)
    return trackers


def serve_recorded(folder: Path, ports: Mapping[str, int] = EPHEMERAL) -> Recorded:
    """Return trackers that show recorded data, not started yet; ``folder`` holds the recordings.

    The recorded objects keep the addresses that they were recorded with.
    """
    jira_server = JiraServer(LOGIN, ports.get("jira", 0))
    github_server = GithubServer(GITHUB_TOKEN, ports.get("github", 0))
    jira = recorded_jira.jira_site(folder / "jira-cloud-devlake")
    github = recorded_github.github_site(folder / "github-secp256k1")
    jira_server.load(jira)
    github_server.load(github)
    changes = [issue["fields"]["updated"] for issue in jira.issues]
    changes += [issue.updated_at for repo in github.repositories for issue in repo.issues]
    return Recorded(jira_server, github_server, None, max(changes)[:10])
