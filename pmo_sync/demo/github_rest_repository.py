"""A repository and an account as REST writes them, with the addresses that they link to."""

from __future__ import annotations

from typing import Any

from pmo_sync.demo.github_site import Account, GithubRepository, GithubSite

Json = dict[str, Any]
GHOST = Account("ghost", 10137, "MDQ6VXNlcjEwMTM3")
"""Who REST names as the author where an account was deleted; GraphQL says null."""
_OF_AN_ACCOUNT = {
    "followers_url": "followers",
    "following_url": "following{/other_user}",
    "gists_url": "gists{/gist_id}",
    "starred_url": "starred{/owner}{/repo}",
    "subscriptions_url": "subscriptions",
    "organizations_url": "orgs",
    "repos_url": "repos",
    "events_url": "events{/privacy}",
    "received_events_url": "received_events",
}
_OF_A_REPOSITORY = {
    "archive_url": "{archive_format}{/ref}", "assignees_url": "assignees{/user}",
    "blobs_url": "git/blobs{/sha}", "branches_url": "branches{/branch}",
    "collaborators_url": "collaborators{/collaborator}", "comments_url": "comments{/number}",
    "commits_url": "commits{/sha}", "compare_url": "compare/{base}...{head}",
    "contents_url": "contents/{+path}", "contributors_url": "contributors",
    "deployments_url": "deployments", "downloads_url": "downloads", "events_url": "events",
    "forks_url": "forks", "git_commits_url": "git/commits{/sha}", "git_refs_url": "git/refs{/sha}",
    "git_tags_url": "git/tags{/sha}", "hooks_url": "hooks",
    "issue_comment_url": "issues/comments{/number}", "issue_events_url": "issues/events{/number}",
    "issues_url": "issues{/number}", "keys_url": "keys{/key_id}", "labels_url": "labels{/name}",
    "languages_url": "languages", "merges_url": "merges", "milestones_url": "milestones{/number}",
    "notifications_url": "notifications{?since,all,participating}", "pulls_url": "pulls{/number}",
    "releases_url": "releases{/id}", "stargazers_url": "stargazers",
    "statuses_url": "statuses/{sha}", "subscribers_url": "subscribers",
    "subscription_url": "subscription", "tags_url": "tags", "teams_url": "teams",
    "trees_url": "git/trees{/sha}",
}  # fmt: skip
_UNUSED: Json = {
    "forks": 0, "forks_count": 0, "has_projects": True, "has_wiki": False, "has_pages": False,
    "has_discussions": False, "has_downloads": False, "homepage": None, "language": None,
    "mirror_url": None,
    "license": None, "size": 0, "stargazers_count": 0, "watchers": 0, "watchers_count": 0,
    "network_count": 0, "subscribers_count": 0, "fork": False, "disabled": False,
}  # fmt: skip
"""What a portfolio does not use, as it is in a repository that nobody starred or forked."""


class RestRepositories:
    """Writes repositories and accounts; ``api`` is the address that they link to."""

    def __init__(self, site: GithubSite, api: str) -> None:
        self._site = site
        self._api = api
        self.accounts = {account.login: account for account in site.accounts}

    def url(self, one: GithubRepository) -> str:
        """Return a repository's own address."""
        return f"{self._api}/repos/{one.owner}/{one.name}"

    def user(self, login: str | None) -> Json:
        """Return who wrote something: the ghost where the account was deleted."""
        return self.account(self.accounts.get(login or "", GHOST))

    def actor(self, login: str | None) -> Json | None:
        """Return who did something; None where the account was deleted."""
        return self.account(self.accounts[login]) if login in self.accounts else None

    def account(self, account: Account) -> Json:
        """Return an account."""
        login = f"{account.login}[bot]" if account.kind == "Bot" else account.login
        url = f"{self._api}/users/{login}"
        return {
            "login": login,
            "id": account.database_id,
            "node_id": account.node_id,
            "avatar_url": f"{self._site.url}/avatars/{account.database_id}",
            "gravatar_id": "",
            "url": url,
            "html_url": f"{self._site.url}/{account.login}",
            "type": account.kind,
            "user_view_type": "public",
            "site_admin": False,
            **{name: f"{url}/{path}" for name, path in _OF_AN_ACCOUNT.items()},
        }

    def profile(self, account: Account) -> Json:
        """Return the account of who asks, or one that is asked for by name."""
        first = min((one.created_at for one in self._site.repositories), default="")
        return self.account(account) | {
            "name": account.name, "company": None, "blog": "", "location": None, "email": None,
            "hireable": None, "bio": None, "public_repos": 0, "public_gists": 0, "followers": 0,
            "following": 0, "created_at": first, "updated_at": first,
        }  # fmt: skip

    def organization(self, account: Account) -> Json:
        """Return an organization."""
        url = f"{self._api}/orgs/{account.login}"
        profile = self.profile(account)
        known = {name: value for name, value in profile.items() if value is not None}
        return known | {
            "url": url, "hooks_url": f"{url}/hooks", "issues_url": f"{url}/issues",
            "members_url": f"{url}/members{{/member}}", "repos_url": f"{url}/repos",
            "events_url": f"{url}/events", "description": account.name, "archived_at": None,
            "public_members_url": f"{url}/public_members{{/member}}",
            "has_organization_projects": True, "has_repository_projects": True,
        }  # fmt: skip

    def repository(self, one: GithubRepository) -> Json:
        """Return a repository."""
        full_name, url = f"{one.owner}/{one.name}", self.url(one)
        waiting = sum(issue.state == "OPEN" for issue in one.issues)
        waiting += sum(pull.state == "OPEN" for pull in one.pulls)
        return {
            "id": one.database_id,
            "node_id": one.node_id,
            "name": one.name,
            "full_name": full_name,
            "private": one.private,
            "visibility": "private" if one.private else "public",
            "owner": self.user(one.owner),
            "html_url": one.url,
            "url": url,
            "description": one.description,
            "archived": one.archived,
            "has_issues": one.has_issues,
            "default_branch": "main",
            "open_issues": waiting,
            "open_issues_count": waiting,
            "created_at": one.created_at,
            "updated_at": one.updated_at,
            "pushed_at": one.updated_at,
            "permissions": {"admin": False, "push": False, "pull": True},
            "clone_url": f"{one.url}.git",
            "git_url": f"git://{one.url.partition('://')[2]}.git",
            "ssh_url": f"git@{one.url.partition('://')[2]}.git",
            "svn_url": one.url,
            **{name: f"{url}/{path}" for name, path in _OF_A_REPOSITORY.items()},
            **_UNUSED,
        }
