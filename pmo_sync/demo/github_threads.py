"""Issues, pull requests and their timelines as nodes of the graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from pmo_sync.demo.github_connection import Node
from pmo_sync.demo.github_fields import value_nodes
from pmo_sync.demo.github_pull_site import GithubPull, Review
from pmo_sync.demo.github_resolvers import (
    Resolver,
    Told,
    connection,
    issue_type_node,
    item_type,
    label_node,
    reviews,
    state_reason,
    timeline,
)
from pmo_sync.demo.github_site import NODE_REFERENCES, GithubIssue, Label, TimelineEvent

Named = Mapping[str, Node]
Numbered = Mapping[int, Node]
ACCOUNTS = ("assignee", "requestedReviewer")
"""Values of an event that name an account by its login."""


class Threads:
    """Makes nodes; what a node refers to is looked up in ``nodes`` when it is asked for."""

    def __init__(self, accounts: Named, nodes: dict[str, Node], fields: Named) -> None:
        self._accounts = accounts
        self._fields = fields
        self._nodes = nodes
        self._labels: dict[tuple[str, str], Node] = {}

    def actor(self, login: str | None) -> Node | None:
        """Find an account; None where it was deleted."""
        return self._accounts.get(login) if login else None

    def issue(
        self, issue: GithubIssue, repository: Node, labels: Named, releases: Numbered
    ) -> Node:
        """Return an issue; what joins it to others is added when all are there."""
        thread = self._thread(issue, repository, labels, releases)
        return thread | {
            "__typename": "Issue",
            "resourcePath": f"{repository['resourcePath']}/issues/{issue.number}",
            "stateReason": state_reason(issue.state_reason),
            "issueType": issue_type_node(issue.issue_type),
            "issueFieldValues": self._noted(issue),
            "_parent": issue.parent,
            "_blocked_by": issue.blocked_by,
        }

    def pull(self, pull: GithubPull, repository: Node, labels: Named, releases: Numbered) -> Node:
        """Return a pull request with its reviews, which are on its timeline too."""
        node = self._thread(pull, repository, labels, releases)
        found = [self._review(review, pull.url, node) for review in pull.reviews]
        told = [*self._told(pull.events, repository["url"], {"pullRequest": node}),
                *(Told("PULL_REQUEST_REVIEW", str(one["createdAt"]), partial(dict, one), one)
                  for one in found)]  # fmt: skip
        told.sort(key=lambda one: str(one.at))
        asked = [self._request(pull, login, node) for login in pull.requested]
        node |= {
            "__typename": "PullRequest",
            "resourcePath": f"{repository['resourcePath']}/pull/{pull.number}",
            "isDraft": pull.draft,
            "merged": pull.state == "MERGED",
            "mergedAt": pull.merged_at,
            "mergedBy": self.actor(pull.merged_by),
            "baseRefName": pull.base,
            "headRefName": pull.head,
            "reviewDecision": pull.decision,
            "reviews": reviews(found),
            "reviewRequests": connection(asked),
            "timelineItems": timeline(told, pull.updated_at),
            "_closes": pull.closes,
            "_reviewers": _distinct(
                [*(one["requestedReviewer"] for one in asked), *(one["author"] for one in found)]
            ),
        }
        return node

    def _noted(self, issue: GithubIssue) -> Resolver:
        """Resolve the values of the organization's fields."""
        if not issue.field_values:
            return connection([])
        return lambda info, **bounds: connection(
            value_nodes(issue.node_id, issue.field_values, self._fields)
        )(info, **bounds)

    def _thread(
        self, thread: GithubIssue | GithubPull, repository: Node, labels: Named, releases: Numbered
    ) -> Node:
        assignees = [self._accounts[login] for login in thread.assignees]
        users = [one for one in assignees if one["__typename"] == "User"]
        events = self._told(thread.events, repository["url"], {})
        present = [labels[name] for name in thread.labels]
        return {
            "id": thread.node_id,
            "databaseId": thread.database_id if thread.database_id < 2**31 else None,
            "fullDatabaseId": str(thread.database_id),
            "number": thread.number,
            "title": thread.title,
            "url": thread.url,
            "body": thread.body,
            "locked": thread.locked,
            "state": thread.state,
            "closed": thread.state != "OPEN",
            "createdAt": thread.created_at,
            "updatedAt": thread.updated_at,
            "closedAt": thread.closed_at,
            "author": self.actor(thread.author),
            "assignees": connection(users),
            "assignedActors": connection(assignees),
            "labels": connection(present),
            "milestone": releases.get(thread.milestone or 0),
            "repository": repository,
            "timelineItems": timeline(events, thread.updated_at),
            "projectItems": connection([]),
            "_labels": frozenset(thread.labels),
            "_label_nodes": present,
            "_users": users,
        }

    def _review(self, review: Review, url: str, pull: Node) -> Node:
        return {
            "__typename": "PullRequestReview",
            "id": review.node_id,
            "fullDatabaseId": str(review.database_id),
            "author": self.actor(review.author),
            "state": review.state,
            "body": review.body,
            "createdAt": review.submitted_at,
            "submittedAt": review.submitted_at,
            "updatedAt": review.submitted_at,
            "pullRequest": pull,
            "url": f"{url}#pullrequestreview-{review.database_id}",
        }

    def _request(self, pull: GithubPull, login: str, node: Node) -> Node:
        return {
            "__typename": "ReviewRequest",
            "id": f"RR_{pull.node_id}_{login}",
            "databaseId": None,
            "asCodeOwner": False,
            "pullRequest": node,
            "requestedReviewer": self.actor(login),
        }

    def _told(self, events: Sequence[TimelineEvent], url: str, more: Node) -> list[Told]:
        return [
            Told(item_type(one.type), one.created_at, partial(self._event, one, url, more))
            for one in events
        ]

    def _event(self, event: TimelineEvent, url: str, more: Node) -> Node:
        node: Node = {
            "__typename": event.type,
            "id": event.node_id,
            "createdAt": event.created_at,
            "actor": self._accounts.get(event.actor or ""),
            "url": f"{url}#event-{event.node_id}",
            **more,
        }
        for name, value in event.values.items():
            if isinstance(value, Label):
                node[name] = self._label(value, url)
            elif name in ACCOUNTS:
                account = self._accounts.get(str(value))
                is_user = account is not None and account["__typename"] == "User"
                node |= {name: account, "user": account if is_user else None}
            else:
                node[name] = self._value(name, value)
        return node

    def _value(self, name: str, value: str | bool | None) -> Any:
        """Return what a value of an event is to the graph."""
        if name in NODE_REFERENCES:
            return self._later(str(value))
        if name in ("issueType", "prevIssueType"):
            return issue_type_node(str(value) if value else None)
        if name == "stateReason":
            return str(value).upper() if value else None
        return value

    def _label(self, label: Label, url: str) -> Node:
        """Return a label as events show it, the same node for all of them."""
        known = self._labels.get((label.node_id, url))
        if known is None:
            known = self._labels[label.node_id, url] = label_node(label, url)
        return known

    def _later(self, node_id: str) -> Resolver:
        """Resolve a node that may not have been added yet, or be out of sight (null)."""
        return lambda _: self._nodes.get(node_id)


def _distinct(accounts: Sequence[Node | None]) -> list[Node]:
    """Return the accounts that exist, each once."""
    return list({one["id"]: one for one in accounts if one}.values())
