"""What a GitHub holds: accounts, repositories and issues with their timelines.

Times are ISO texts as GitHub writes them (2026-03-01T09:12:13Z). Accounts are named by login,
issues by node id, so that one account or issue is stated once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pmo_sync.demo.github_board_site import Board
    from pmo_sync.demo.github_deliveries import GithubDeployment, GithubRelease
    from pmo_sync.demo.github_fields import IssueField
    from pmo_sync.demo.github_pull_site import GithubPull

AccountKind = Literal["User", "Bot", "Mannequin", "Organization"]

ISSUE_REFERENCES = (
    "parent", "subIssue", "blockingIssue", "blockedIssue", "canonical", "duplicate",
)  # fmt: skip
"""Values of an event that name an issue by node id."""
NODE_REFERENCES = frozenset(
    {
        *ISSUE_REFERENCES, "source", "target", "subject", "closer", "project", "issueField",
        "fromRepository",
    }
)  # fmt: skip
"""Values of an event that name anything by node id."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user, bot, mannequin or organization; ``login`` is the one that GraphQL shows."""

    login: str
    database_id: int
    node_id: str
    kind: AccountKind = "User"
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A repository's label."""

    node_id: str
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass(frozen=True, slots=True)
class GithubMilestone:
    """A repository's milestone."""

    node_id: str
    number: int
    title: str
    state: Literal["OPEN", "CLOSED"]
    created_at: str
    updated_at: str
    due_on: str | None = None
    closed_at: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One timeline event: ``type`` is its GraphQL type, ``values`` what that type adds.

    ``assignee`` and ``requestedReviewer`` name a login, ``label`` is a Label, what NODE_REFERENCES
    has names a node id.
    """

    type: str
    node_id: str
    created_at: str | None
    actor: str | None
    values: Mapping[str, str | bool | Label | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GithubIssue:
    """One issue. ``author`` is None where the account was deleted."""

    node_id: str
    database_id: int
    number: int
    title: str
    url: str
    state: Literal["OPEN", "CLOSED"]
    state_reason: str | None
    created_at: str
    updated_at: str
    closed_at: str | None
    author: str | None
    assignees: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    milestone: int | None = None
    issue_type: str | None = None
    parent: str | None = None
    blocked_by: tuple[str, ...] = ()
    body: str = ""
    locked: bool = False
    events: tuple[TimelineEvent, ...] = ()
    field_values: Mapping[str, str | float] = field(default_factory=dict)
    """By the name of the organization's field."""


@dataclass(frozen=True, slots=True)
class GithubRepository:
    """One repository with its issues, oldest first, and its pull requests.

    ``moved`` says where issues are that were transferred away (number -> node id), ``deleted``
    which are gone.
    """

    owner: str
    name: str
    database_id: int
    node_id: str
    url: str
    created_at: str
    updated_at: str
    issues: tuple[GithubIssue, ...]
    labels: tuple[Label, ...] = ()
    milestones: tuple[GithubMilestone, ...] = ()
    description: str | None = None
    private: bool = False
    archived: bool = False
    fork: bool = False
    has_issues: bool = True
    forbidden: bool = False
    """The token may not read it: asked for by name, GraphQL answers FORBIDDEN."""
    pulls: tuple[GithubPull, ...] = ()
    releases: tuple[GithubRelease, ...] = ()
    deployments: tuple[GithubDeployment, ...] = ()
    unreadable: frozenset[str] = frozenset()
    """Lists that the token may not read (``issues``, ``pullRequests``, ``releases``, ...)."""
    moved: Mapping[int, str] = field(default_factory=dict)
    deleted: frozenset[int] = frozenset()

    @property
    def threads(self) -> tuple[GithubIssue | GithubPull, ...]:
        """Issues and pull requests: they share their numbers."""
        return (*self.issues, *self.pulls)


@dataclass(frozen=True, slots=True)
class GithubSite:
    """A GitHub, as one login sees it; ``url`` is where its pages are."""

    url: str
    viewer: str
    accounts: tuple[Account, ...]
    repositories: tuple[GithubRepository, ...]
    boards: tuple[Board, ...] = ()
    issue_fields: tuple[IssueField, ...] = ()
    """What its organizations define for issues: the same in all of them."""
