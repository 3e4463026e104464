"""All simulated trackers, started and stopped together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from pmo_sync.demo import recorded_github, recorded_jira
from pmo_sync.demo.facts import Tracker, World
from pmo_sync.demo.faults import Closed, Faults
from pmo_sync.demo.github_faults import GithubFaults, closed_github
from pmo_sync.demo.github_server import GithubServer
from pmo_sync.demo.http import LoopbackServer
from pmo_sync.demo.injector import Dialect, Injector
from pmo_sync.demo.jira_dc_server import JiraDcLogin, JiraDcServer
from pmo_sync.demo.jira_faults import JiraDcFaults, JiraFaults, closed_jira
from pmo_sync.demo.jira_known import KnownIssues
from pmo_sync.demo.jira_server import JiraLogin, JiraServer
from pmo_sync.demo.recorded_jira_server import jira_server_site
from pmo_sync.demo.render_github import github_pages, github_site
from pmo_sync.demo.render_jira import jira_site
from pmo_sync.demo.render_jira_dc import jira_dc_site
from pmo_sync.errors import ConfigError

JIRA_EMAIL = "pmo@example.com"
JIRA_TOKEN = "demo-jira-token-not-a-secret"  # noqa: S105
JIRA_DC_TOKEN = "demo-jira-dc-token-not-a-secret"  # noqa: S105
GITHUB_TOKEN = "demo-github-token-not-a-secret"  # noqa: S105
DIALECTS: Mapping[Tracker, Callable[[], Dialect]] = {
    "jira": JiraFaults,
    "jira_dc": JiraDcFaults,
    "github": GithubFaults,
}
EPHEMERAL: Mapping[str, int] = {}
"""No port is asked for: each server takes a free one."""


@dataclass(frozen=True, slots=True)
class Trackers:
    """The Jira sites and the GitHub; as a context manager they answer while it is open.

    ``jira_dc`` is the Data Center, which a test may leave out.
    """

    jira: JiraServer
    github: GithubServer
    jira_dc: JiraDcServer | None = None
    known: Mapping[Tracker, KnownIssues] = field(
        default_factory=lambda: {"jira": KnownIssues(), "jira_dc": KnownIssues()}
    )
    """What was written for the days that were shown before."""

    def urls(self) -> dict[Tracker, str]:
        """Return the address of each tracker that is there."""
        return {tracker: server.url for tracker, server in self._by_tracker().items()}

    def start(self) -> None:
        """Serve from now on."""
        for server in self._servers():
            server.start()

    def stop(self) -> None:
        """Stop serving and close the ports."""
        for server in self._servers():
            server.stop()

    def _servers(self) -> list[LoopbackServer]:
        return list(self._by_tracker().values())

    def _by_tracker(self) -> dict[Tracker, JiraServer | JiraDcServer | GithubServer]:
        second: dict[Tracker, JiraServer | JiraDcServer | GithubServer]
        second = {"jira_dc": self.jira_dc} if self.jira_dc else {}
        return {"jira": self.jira, **second, "github": self.github}

    def wait(self) -> None:
        """Serve until the process is interrupted."""
        threading.Event().wait()

    def show(self, world: World) -> None:
        """Show another day of the world from now on."""
        pages = github_pages(world, self.github.url)
        self.jira.load(jira_site(world, self.jira.url, None, pages, self.known["jira"]))
        if self.jira_dc:
            teams = [team for team in world.teams if team.tracker == "jira_dc"]
            known = self.known["jira_dc"]
            self.jira_dc.load(jira_dc_site(world, self.jira_dc.url, teams, pages, known))
        self.github.load(github_site(world, self.github.url))

    def disturb(self, plan: Faults) -> Mapping[Tracker, Injector]:
        """Disturb the answers from now on, counting requests anew; raise ConfigError for a
        container that no tracker has."""
        servers = self._by_tracker()
        injectors = {tracker: Injector(plan, DIALECTS[tracker]()) for tracker in servers}
        if plan.closed:
            tracker, close = self._closing(plan.closed)
            injectors[tracker].before(plan.closed.since, close)
        for tracker, server in servers.items():
            server.between = injectors[tracker] if plan.only in (None, tracker) else None
        return injectors

    def calm(self) -> None:
        """Let every request through again."""
        for server in self._servers():
            server.between = None

    def _closing(self, closed: Closed) -> tuple[Tracker, Callable[[], None]]:
        """Find whose container it is, and what takes it away from the login."""
        name, hidden = closed.container, closed.hidden
        known: list[str] = []
        for tracker, server in self._by_tracker().items():
            if isinstance(server, GithubServer):
                found = _repositories(server), partial(_close_github, server, name, hidden=hidden)
            else:
                found = _projects(server), partial(_close_jira, server, name, hidden=hidden)
            if name in found[0]:
                return tracker, found[1]
            known += found[0]
        raise ConfigError(f"faults: no project or repository {name!r} (known: {', '.join(known)})")

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


def _projects(server: JiraServer | JiraDcServer) -> list[str]:
    return [str(one["key"]) for one in server.site.projects] if server.site else []


def _repositories(server: GithubServer) -> list[str]:
    return [f"{r.owner}/{r.name}" for r in server.site.repositories] if server.site else []


def _close_jira(server: JiraServer | JiraDcServer, name: str, *, hidden: bool) -> None:
    if server.site:
        server.load(closed_jira(server.site, name, hidden=hidden))


def _close_github(server: GithubServer, name: str, *, hidden: bool) -> None:
    if server.site:
        server.load(closed_github(server.site, name, hidden=hidden))


@dataclass(frozen=True, slots=True)
class Recorded(Trackers):
    """Trackers that show recordings, and the last day (ISO) on which something in them changed."""

    until: str = ""


LOGIN = JiraLogin(JIRA_EMAIL, JIRA_TOKEN)
DC_LOGIN = JiraDcLogin("pmo", JIRA_DC_TOKEN, JIRA_DC_TOKEN)


def serve_world(
    world: World, ports: Mapping[str, int] = EPHEMERAL, *, faults: Faults | None = None
) -> Trackers:
    """Return trackers that show the world, not started yet; a port that is not given is free."""
    trackers = Trackers(
        JiraServer(LOGIN, ports.get("jira", 0)),
        GithubServer(GITHUB_TOKEN, ports.get("github", 0)),
        JiraDcServer(DC_LOGIN, ports.get("jira_dc", 0)),
    )
    trackers.show(world)
    if faults:
        trackers.disturb(faults)
    return trackers


def serve_recorded(folder: Path, ports: Mapping[str, int] = EPHEMERAL) -> Recorded:
    """Return trackers that show recorded data, not started yet; ``folder`` holds the recordings.

    The recorded objects keep the addresses that they were recorded with.
    """
    jira = recorded_jira.jira_site(folder / "jira-cloud-devlake")
    github = recorded_github.github_site(folder / "github-secp256k1")
    data_center = jira_server_site(folder / "jira-server-tidev")
    changes = [issue["fields"]["updated"] for issue in (*jira.issues, *data_center.issues)]
    changes += [issue.updated_at for repo in github.repositories for issue in repo.issues]
    second = JiraDcServer(DC_LOGIN, ports.get("jira_dc", 0))
    trackers = Recorded(
        JiraServer(LOGIN, ports.get("jira", 0)),
        GithubServer(GITHUB_TOKEN, ports.get("github", 0)),
        second,
        until=max(changes)[:10],
    )
    trackers.jira.load(jira)
    trackers.github.load(github)
    second.load(data_center)
    return trackers
