"""The REST answers of a site: who am I, repositories, issues and what hangs on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pmo_sync.demo.github_pull_site import GithubPull
from pmo_sync.demo.github_rest_repository import Json, RestRepositories
from pmo_sync.demo.github_rest_threads import RestThreads, Thread
from pmo_sync.demo.github_site import GithubIssue, GithubRepository, GithubSite
from pmo_sync.demo.http import Request


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Not here any more: ``url`` is where it is now, None where it was deleted."""

    url: str | None


class GithubRest:
    """A site's REST objects; ``api`` is the address that they link to."""

    def __init__(self, site: GithubSite, api: str) -> None:
        self._site = site
        self._repositories = RestRepositories(site, api)
        self._threads = RestThreads(site, self._repositories)

    def viewer(self) -> Json:
        """GET /user."""
        return self._repositories.profile(self._repositories.accounts[self._site.viewer])

    def organization(self, login: str) -> Json | None:
        """GET /orgs/{org}."""
        account = self._repositories.accounts.get(login)
        if account is None or account.kind != "Organization":
            return None
        return self._repositories.organization(account)

    def repository(self, owner: str, name: str) -> Json | None:
        """GET /repos/{owner}/{repo}."""
        found = self._find(owner, name)
        return self._repositories.repository(found) if found else None

    def repositories(self, owner: str | None = None) -> list[Json]:
        """GET /orgs/{org}/repos, or all that the login sees."""
        return [
            self._repositories.repository(one)
            for one in self._site.repositories
            if owner is None or one.owner == owner
        ]

    def issues(self, owner: str, name: str, request: Request) -> list[Thread] | None:
        """GET /repos/{owner}/{repo}/issues: pull requests are among them."""
        found = self._find(owner, name)
        return _chosen(found.threads, request) if found else None

    def pulls(self, owner: str, name: str, request: Request) -> list[Thread] | None:
        """GET /repos/{owner}/{repo}/pulls."""
        found = self._find(owner, name)
        return _chosen(found.pulls, request) if found else None

    def milestones(self, owner: str, name: str, request: Request) -> list[Json] | None:
        """GET /repos/{owner}/{repo}/milestones."""
        found = self._find(owner, name)
        if found is None:
            return None
        state = request.first("state") or "open"
        return [
            self._threads.milestone(found, one)
            for one in found.milestones
            if state in ("all", one.state.lower())
        ]

    def labels(self, owner: str, name: str) -> list[Json] | None:
        """GET /repos/{owner}/{repo}/labels."""
        found = self._find(owner, name)
        return [self._threads.label(found, one) for one in found.labels] if found else None

    def issue(self, owner: str, name: str, number: int) -> Json | Elsewhere | None:
        """GET /repos/{owner}/{repo}/issues/{number}."""
        found = self._thread(owner, name, number)
        return self.write(found[1]) if isinstance(found, tuple) else found

    def pull(self, owner: str, name: str, number: int) -> Json | None:
        """GET /repos/{owner}/{repo}/pulls/{number}."""
        found = self._thread(owner, name, number)
        if not isinstance(found, tuple) or not isinstance(found[1], GithubPull):
            return None
        return self.write_pull(found[1])

    def beside(
        self, owner: str, name: str, number: int, what: str
    ) -> list[Json] | list[Thread] | Json | Elsewhere | None:
        """GET what hangs on an issue: timeline, sub_issues, parent or dependencies."""
        found = self._thread(owner, name, number)
        if not isinstance(found, tuple):
            return found
        repository, thread = found
        if what == "timeline":
            return [self._threads.event(repository, one) for one in thread.events]
        if not isinstance(thread, GithubIssue):
            return None
        if what == "parent":
            place = self._threads.places.get(thread.parent or "")
            return self.write(place[1]) if place else None
        named: Sequence[str] = {
            "sub_issues": self._threads.children.get(thread.node_id, ()),
            "dependencies/blocked_by": thread.blocked_by,
            "dependencies/blocking": self._threads.blocking.get(thread.node_id, ()),
        }[what]
        places = (self._threads.places.get(one) for one in named)
        return [place[1] for place in places if place]

    def write(self, thread: Thread) -> Json:
        """Return a thread as an issue."""
        return self._threads.thread(*self._threads.places[thread.node_id])

    def write_pull(self, thread: Thread) -> Json:
        """Return a pull request as such."""
        repository, pull = self._threads.places[thread.node_id]
        if not isinstance(pull, GithubPull):
            raise TypeError("an issue is no pull request")
        return self._threads.pull(repository, pull)

    def _find(self, owner: str, name: str) -> GithubRepository | None:
        wanted = f"{owner}/{name}".casefold()
        for one in self._site.repositories:
            if f"{one.owner}/{one.name}".casefold() == wanted and not one.forbidden:
                return one
        return None

    def _thread(
        self, owner: str, name: str, number: int
    ) -> tuple[GithubRepository, Thread] | Elsewhere | None:
        repository = self._find(owner, name)
        if repository is None:
            return None
        if number in repository.deleted:
            return Elsewhere(None)
        if place := self._threads.places.get(repository.moved.get(number, "")):
            return Elsewhere(str(self._threads.thread(*place)["url"]))
        for thread in repository.threads:
            if thread.number == number:
                return repository, thread
        return None


def _chosen(threads: Iterable[Thread], request: Request) -> list[Thread]:
    """Return what the request's state, since and labels ask for, in its order."""
    state = request.first("state") or "open"
    since = request.first("since") or ""
    labels = set(filter(None, (request.first("labels") or "").split(",")))
    found = [
        one
        for one in threads
        if state in ("all", "open" if one.state == "OPEN" else "closed")
        and one.updated_at >= since
        and labels <= set(one.labels)
    ]
    by_change = request.first("sort") == "updated"
    found.sort(
        key=lambda one: (one.updated_at if by_change else one.created_at, one.number),
        reverse=request.first("direction") != "asc",
    )
    return found
