"""A GitHub site as the graph that GraphQL walks: plain dicts keyed by GraphQL field names.

graphql-core's default resolver takes a dict's value, and calls it with the arguments where it
is a function; so a connection is a function and everything else is computed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pmo_sync.demo.github_boards import Boards
from pmo_sync.demo.github_connection import Node, failure
from pmo_sync.demo.github_deliveries import deployment_node, release_node
from pmo_sync.demo.github_fields import field_nodes
from pmo_sync.demo.github_resolvers import (
    boards,
    closing_pulls,
    connection,
    issues,
    label_node,
    milestone_node,
    milestones,
    pulls,
)
from pmo_sync.demo.github_site import Account, GithubRepository, GithubSite
from pmo_sync.demo.github_threads import Threads


class GithubGraph:
    """Every node of a site, by id, login and name."""

    def __init__(self, site: GithubSite) -> None:
        self._site = site
        self._fields = field_nodes(site.issue_fields)
        self.accounts = {one.login: self._account(one) for one in site.accounts}
        self.repositories: dict[str, Node] = {}
        self.nodes: dict[str, Node] = {node["id"]: node for node in self.accounts.values()}
        self.nodes |= {node["id"]: node for node in self._fields.values()}
        self._threads = Threads(self.accounts, self.nodes, self._fields)
        for repository in site.repositories:
            self._add(repository)
        self._join_issues()
        self._join_pulls()
        self._boards = self._placed(site)

    @property
    def viewer(self) -> Node:
        """The login's own account."""
        return self.accounts[self._site.viewer]

    def organization(self, login: str) -> Node:
        """Find an organization; raise GitHub's NOT_FOUND."""
        if found := self.owner(login, "Organization"):
            return found
        raise failure(
            "NOT_FOUND", f"Could not resolve to an Organization with the login of '{login}'."
        )

    def user(self, login: str) -> Node:
        """Find a user; raise GitHub's NOT_FOUND."""
        if found := self.owner(login, "User"):
            return found
        raise failure("NOT_FOUND", f"Could not resolve to a User with the login of '{login}'.")

    def owner(self, login: str, *kinds: str) -> Node | None:
        """Find who can own repositories and boards; None where there is nobody of that name."""
        for name, account in self.accounts.items():
            if name.casefold() == login.casefold():
                wanted = kinds or ("Organization", "User")
                return account if account["__typename"] in wanted else None
        return None

    def repository(self, owner: str, name: str) -> Node:
        """Find a repository; raise GitHub's NOT_FOUND or FORBIDDEN."""
        found = self.repositories.get(f"{owner}/{name}".casefold())
        if found is None:
            raise failure(
                "NOT_FOUND", f"Could not resolve to a Repository with the name '{owner}/{name}'."
            )
        if found["_forbidden"]:
            raise failure("FORBIDDEN", "Resource not accessible by personal access token")
        return found

    def node(self, node_id: str) -> Node:
        """Find any node by its id; raise GitHub's NOT_FOUND."""
        if node_id not in self.nodes:
            raise failure(
                "NOT_FOUND", f"Could not resolve to a node with the global id of '{node_id}'."
            )
        return self.nodes[node_id]

    def _account(self, account: Account) -> Node:
        url = f"{self._site.url}/{account.login}"
        return {
            "__typename": account.kind,
            "id": account.node_id,
            "databaseId": account.database_id,
            "login": account.login,
            "name": account.name,
            "email": "",
            "avatarUrl": f"{self._site.url}/avatars/{account.database_id}",
            "resourcePath": f"/{account.login}",
            "url": url,
            "repositories": lambda info, **arguments: connection(
                self._owned(account.login, all_of=account.login == self._site.viewer)
            )(info, **arguments),
            "repository": lambda _, name, **__: self.repository(account.login, name),
            "projectsV2": lambda info, **arguments: boards(self._boards[account.login])(
                info, **arguments
            ),
            "issueFields": connection(list(self._fields.values())),
            "projectV2": lambda _, number: self._board(account.login, number),
        }

    def _board(self, login: str, number: int) -> Node:
        for board in self._boards[login]:
            if board["number"] == number:
                return board
        raise failure("NOT_FOUND", f"Could not resolve to a ProjectV2 with the number {number}.")

    def _placed(self, site: GithubSite) -> dict[str, list[Node]]:
        """Return the boards of each login, with everything on them joined to its issue."""
        made = Boards(self.nodes, self._threads, site.url)
        found: dict[str, list[Node]] = {login: [] for login in self.accounts}
        for board in site.boards:
            found[board.owner].append(made.add(board, self.accounts[board.owner]))
        made.join()
        for node in self.repositories.values():
            shown = [one for one in found[node["owner"]["login"]] if _shows(one, node)]
            node["projectsV2"] = boards(shown)
        return found

    def _owned(self, login: str, *, all_of: bool) -> list[Node]:
        return [
            node
            for node in self.repositories.values()
            if all_of or node["nameWithOwner"].startswith(f"{login}/")
        ]

    def _add(self, repository: GithubRepository) -> None:
        node = self._repository(repository)
        labels = {label.name: label_node(label, repository.url) for label in repository.labels}
        releases = {one.number: milestone_node(one, node) for one in repository.milestones}
        found = [self._threads.issue(one, node, labels, releases) for one in repository.issues]
        asked = [self._threads.pull(one, node, labels, releases) for one in repository.pulls]
        by_number = {issue["number"]: issue for issue in found}
        requests = {pull["number"]: pull for pull in asked}
        node |= {
            "labels": connection(list(labels.values())),
            "milestones": milestones(list(releases.values())),
            "milestone": lambda _, number: releases.get(number),
            "issues": issues(found),
            "issue": lambda _, number: _numbered("an Issue", by_number, number),
            "pullRequests": pulls(asked),
            "pullRequest": lambda _, number: _numbered("a PullRequest", requests, number),
            "issueOrPullRequest": lambda _, number: _numbered(
                "an issue or pull request", by_number | requests, number
            ),
        }
        shipped = [release_node(one, node, self.accounts) for one in repository.releases]
        deployed = [deployment_node(one, node, self.accounts) for one in repository.deployments]
        node |= {"releases": connection(shipped), "deployments": connection(deployed)}
        node |= dict.fromkeys(repository.unreadable, _refused)
        self.repositories[node["nameWithOwner"].casefold()] = node
        for one in (node, *labels.values(), *releases.values(), *found, *asked):
            self.nodes[one["id"]] = one

    def _repository(self, repository: GithubRepository) -> Node:
        return {
            "__typename": "Repository",
            "id": repository.node_id,
            "databaseId": repository.database_id,
            "name": repository.name,
            "nameWithOwner": f"{repository.owner}/{repository.name}",
            "owner": self.accounts[repository.owner],
            "description": repository.description,
            "url": repository.url,
            "resourcePath": f"/{repository.owner}/{repository.name}",
            "isPrivate": repository.private,
            "visibility": "PRIVATE" if repository.private else "PUBLIC",
            "isArchived": repository.archived,
            "isDisabled": False,
            "isFork": repository.fork,
            "hasIssuesEnabled": repository.has_issues,
            "createdAt": repository.created_at,
            "updatedAt": repository.updated_at,
            "_forbidden": repository.forbidden,
        }

    def _join_issues(self) -> None:
        """Give each issue its parent, sub-issues and dependencies, both ways."""
        found = [node for node in self.nodes.values() if node["__typename"] == "Issue"]
        children = _grouped((node["_parent"], node) for node in found if node["_parent"])
        blocking = _grouped((other, node) for node in found for other in node["_blocked_by"])
        for node in found:
            below = children.get(node["id"], [])
            blockers = [self.nodes[other] for other in node["_blocked_by"] if other in self.nodes]
            done = sum(child["closed"] for child in below)
            node |= {
                "parent": self.nodes.get(node["_parent"] or ""),
                "subIssues": connection(below),
                "subIssuesSummary": {
                    "total": len(below),
                    "completed": done,
                    "percentCompleted": 100 * done // len(below) if below else 0,
                },
                "blockedBy": connection(blockers),
                "blocking": connection(blocking.get(node["id"], [])),
            }

    def _join_pulls(self) -> None:
        """Give each pull request the issues that it closes, and each issue its pull requests."""
        found = [node for node in self.nodes.values() if node["__typename"] == "PullRequest"]
        closed_by = _grouped((issue, node) for node in found for issue in node["_closes"])
        for node in found:
            known = [self.nodes[one] for one in node["_closes"] if one in self.nodes]
            node["closingIssuesReferences"] = connection(known)
        for node in self.nodes.values():
            if node["__typename"] == "Issue":
                closing = closed_by.get(node["id"], [])
                node |= {"closedByPullRequestsReferences": closing_pulls(closing),
                         "_closed_by": closing}  # fmt: skip


def _refused(*_: object, **__: object) -> Node:
    raise failure("FORBIDDEN", "Resource not accessible by personal access token")


def _shows(board: Node, repository: Node) -> bool:
    return repository["id"] in board["_repositories"]


def _grouped(pairs: Iterable[tuple[str, Node]]) -> dict[str, list[Node]]:
    groups: dict[str, list[Node]] = {}
    for key, node in pairs:
        groups.setdefault(key, []).append(node)
    return groups


def _numbered(kind: str, found: Mapping[int, Node], number: int) -> Node:
    if number not in found:
        raise failure("NOT_FOUND", f"Could not resolve to {kind} with the number of {number}.")
    return found[number]
