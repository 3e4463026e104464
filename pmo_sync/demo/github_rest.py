"""The few REST answers that a client needs around GraphQL: who am I, which repositories."""

from __future__ import annotations

from typing import Any

from pmo_sync.demo.github_site import Account, GithubRepository, GithubSite

Json = dict[str, Any]


class GithubRest:
    """A site's REST objects; ``api`` is the address that they link to."""

    def __init__(self, site: GithubSite, api: str) -> None:
        self._site = site
        self._api = api
        self._accounts = {account.login: account for account in site.accounts}

    def viewer(self) -> Json:
        """GET /user."""
        return self._account(self._accounts[self._site.viewer])

    def organization(self, login: str) -> Json | None:
        """GET /orgs/{org}."""
        account = self._accounts.get(login)
        if account is None or account.kind != "Organization":
            return None
        return self._account(account)

    def repository(self, owner: str, name: str) -> Json | None:
        """GET /repos/{owner}/{repo}."""
        wanted = f"{owner}/{name}".casefold()
        for one in self._site.repositories:
            if f"{one.owner}/{one.name}".casefold() == wanted:
                return self._repository(one)
        return None

    def repositories(self, owner: str | None = None) -> list[Json]:
        """GET /orgs/{org}/repos, or all that the login sees."""
        return [
            self._repository(one)
            for one in self._site.repositories
            if owner is None or one.owner == owner
        ]

    def _account(self, account: Account) -> Json:
        return {
            "login": account.login,
            "id": account.database_id,
            "node_id": account.node_id,
            "avatar_url": f"{self._site.url}/avatars/{account.database_id}",
            "url": f"{self._api}/users/{account.login}",
            "html_url": f"{self._site.url}/{account.login}",
            "type": account.kind,
            "site_admin": False,
            "name": account.name,
            "repos_url": f"{self._api}/users/{account.login}/repos",
        }

    def _repository(self, one: GithubRepository) -> Json:
        full_name = f"{one.owner}/{one.name}"
        return {
            "id": one.database_id,
            "node_id": one.node_id,
            "name": one.name,
            "full_name": full_name,
            "private": one.private,
            "visibility": "private" if one.private else "public",
            "owner": self._account(self._accounts[one.owner]),
            "html_url": one.url,
            "url": f"{self._api}/repos/{full_name}",
            "description": one.description,
            "fork": False,
            "archived": one.archived,
            "disabled": False,
            "has_issues": one.has_issues,
            "default_branch": "main",
            "open_issues_count": sum(issue.state == "OPEN" for issue in one.issues),
            "created_at": one.created_at,
            "updated_at": one.updated_at,
            "pushed_at": one.updated_at,
            "permissions": {"admin": False, "push": False, "pull": True},
        }
