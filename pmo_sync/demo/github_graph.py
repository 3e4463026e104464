"""A GitHub site as the graph that GraphQL walks: plain dicts keyed by GraphQL field names.

graphql-core's default resolver takes a dict's value, and calls it with the arguments where it
is a function; so a connection is a function and everything else is computed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pmo_sync.demo.github_connection import Node, failure
from pmo_sync.demo.github_resolvers import (
    Resolver,
    connection,
    issue_type_node,
    issues,
    item_type,
    label_node,
    milestone_node,
    milestones,
    state_reason,
    timeline,
)
from pmo_sync.demo.github_site import (
    ISSUE_REFERENCES,
    Account,
    GithubIssue,
    GithubRepository,
    GithubSite,
    Label,
    TimelineEvent,
)


class GithubGraph:
    """Every node of a site, by id, login and name."""

    def __init__(self, site: GithubSite) -> None:
        self._site = site
        self.accounts = {one.login: self._account(one) for one in site.accounts}
        self.repositories: dict[str, Node] = {}
        self.nodes: dict[str, Node] = {node["id"]: node for node in self.accounts.values()}
        for repository in site.repositories:
            self._add(repository)
        self._join_issues()

    @property
    def viewer(self) -> Node:
        """The login's own account."""
        return self.accounts[self._site.viewer]

    def organization(self, login: str) -> Node:
        """Find an organization; raise GitHub's NOT_FOUND."""
        for name, account in self.accounts.items():
            if name.casefold() == login.casefold() and account["__typename"] == "Organization":
                return account
        raise failure(
            "NOT_FOUND", f"Could not resolve to an Organization with the login of '{login}'."
        )

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
        }

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
        found = [self._issue(one, node, labels, releases) for one in repository.issues]
        by_number = {issue["number"]: issue for issue in found}
        node |= {
            "labels": connection(list(labels.values())),
            "milestones": milestones(list(releases.values())),
            "milestone": lambda _, number: releases.get(number),
            "issues": issues(found),
            "issue": lambda _, number: _numbered(by_number, number),
        }
        self.repositories[node["nameWithOwner"].casefold()] = node
        for one in (node, *labels.values(), *releases.values(), *found):
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
            "isFork": False,
            "hasIssuesEnabled": repository.has_issues,
            "createdAt": repository.created_at,
            "updatedAt": repository.updated_at,
            "_forbidden": repository.forbidden,
        }

    def _issue(
        self,
        issue: GithubIssue,
        repository: Node,
        labels: Mapping[str, Node],
        releases: Mapping[int, Node],
    ) -> Node:
        events = [self._event(event, repository["url"]) for event in issue.events]
        assignees = [self.accounts[login] for login in issue.assignees]
        return {
            "__typename": "Issue",
            "id": issue.node_id,
            "databaseId": issue.database_id if issue.database_id < 2**31 else None,
            "fullDatabaseId": str(issue.database_id),
            "number": issue.number,
            "title": issue.title,
            "url": issue.url,
            "resourcePath": f"{repository['resourcePath']}/issues/{issue.number}",
            "body": issue.body,
            "locked": issue.locked,
            "state": issue.state,
            "closed": issue.state == "CLOSED",
            "stateReason": state_reason(issue.state_reason),
            "createdAt": issue.created_at,
            "updatedAt": issue.updated_at,
            "closedAt": issue.closed_at,
            "author": self._actor(issue.author),
            "assignees": connection([one for one in assignees if one["__typename"] == "User"]),
            "assignedActors": connection(assignees),
            "labels": connection([labels[name] for name in issue.labels]),
            "_labels": frozenset(issue.labels),
            "milestone": releases.get(issue.milestone or 0),
            "issueType": issue_type_node(issue.issue_type),
            "repository": repository,
            "timelineItems": timeline(events, issue.updated_at),
            "_parent": issue.parent,
            "_blocked_by": issue.blocked_by,
        }

    def _actor(self, login: str | None) -> Node | None:
        return self.accounts.get(login) if login else None

    def _event(self, event: TimelineEvent, url: str) -> Node:
        node: Node = {
            "__typename": event.type,
            "_type": item_type(event.type),
            "id": event.node_id,
            "createdAt": event.created_at,
            "actor": self._actor(event.actor),
        }
        for name, value in event.values.items():
            if isinstance(value, Label):
                node[name] = label_node(value, url)
            elif name == "assignee":
                account = self._actor(str(value) if value else None)
                is_user = account is not None and account["__typename"] == "User"
                node |= {"assignee": account, "user": account if is_user else None}
            elif name in ISSUE_REFERENCES:
                node[name] = self._later(str(value))
            elif name == "stateReason":
                node[name] = str(value).upper() if value else None
            else:
                node[name] = value
        return node

    def _later(self, node_id: str) -> Resolver:
        """Resolve a node that may not have been added yet, or be out of sight (null)."""
        return lambda _: self.nodes.get(node_id)

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


def _grouped(pairs: Iterable[tuple[str, Node]]) -> dict[str, list[Node]]:
    groups: dict[str, list[Node]] = {}
    for key, node in pairs:
        groups.setdefault(key, []).append(node)
    return groups


def _numbered(issues: Mapping[int, Node], number: int) -> Node:
    if number not in issues:
        raise failure("NOT_FOUND", f"Could not resolve to an Issue with the number of {number}.")
    return issues[number]
