"""The wire format: what of GitHub's GraphQL answers we read; what is not named costs nothing.

Nearly everything may be null: a partial answer leaves out what could not be read in time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Generic, TypeVar, cast

import msgspec

from pmo_sync.model import global_id

When = Annotated[datetime, msgspec.Meta(tz=True)]
T = TypeVar("T")
N = TypeVar("N")


class Payload(msgspec.Struct, frozen=True, rename="camel"):
    """A camelCase JSON object."""


class Page(Payload, frozen=True):
    """Where a connection goes on."""

    has_next_page: bool = False
    end_cursor: str | None = None


class RateLimit(Payload, frozen=True):
    """What a query cost in points."""

    cost: int = 0


class Metered(Payload, frozen=True):
    """An answer that says what it cost; a server without limits says nothing."""

    rate_limit: RateLimit | None = None


class Connection(Payload, Generic[N], frozen=True):
    """One page of a list."""

    nodes: tuple[N | None, ...] | None = ()
    page_info: Page = Page()
    total_count: int | None = None

    def members(self) -> tuple[N, ...]:
        """The nodes that were given: a partial answer has nulls among them."""
        nodes = self.nodes or ()
        if None in nodes:
            nodes = tuple(node for node in nodes if node is not None)
        return cast("tuple[N, ...]", nodes)


class Actor(Payload, frozen=True):
    """Who: a user, a bot, an organization, or a mannequin (an imported account)."""

    typename: str = msgspec.field(name="__typename", default="User")
    login: str = ""
    database_id: int | None = None
    name: str | None = None


class Named(Payload, frozen=True):
    """A label, or an issue type."""

    name: str = ""


class NodeId(Payload, frozen=True):
    """Anything by its node id."""

    id: str = ""


class IssueFieldValue(Payload, frozen=True):
    """A value of an organization's issue field; ``name`` is that of a choice."""

    field: Named | None = None
    name: str | None = None
    text: str | None = None
    number: float | None = None
    date: str | None = None


class RepositoryName(Payload, frozen=True):
    """A repository by its present name."""

    name_with_owner: str


class Ref(Payload, frozen=True):
    """Another issue. A pull request, or what we may not see, has no number here."""

    database_id: int | None = None
    full_database_id: int | str | None = None
    number: int | None = None
    repository: RepositoryName | None = None

    @property
    def native(self) -> str | None:
        """The immutable number, of 64 bits where the server says it."""
        known = self.full_database_id or self.database_id
        return str(known) if known else None

    @property
    def key(self) -> str:
        """``owner/repo#12``, empty where it is not known."""
        if self.number is None or self.repository is None:
            return ""
        return f"{self.repository.name_with_owner}#{self.number}"

    def item_id(self, site: str) -> str | None:
        """The id of the item over all sites."""
        return global_id(site, self.native) if self.native else None


class Event(Payload, frozen=True):
    """Any timeline item that we ask for: the union of their fields."""

    typename: str = msgspec.field(name="__typename", default="")
    created_at: When | None = None
    actor: Actor | None = None
    state_reason: str | None = None
    assignee: Actor | None = None
    label: Named | None = None
    milestone_title: str | None = None
    previous_title: str | None = None
    current_title: str | None = None
    from_repository: RepositoryName | None = None
    parent: Ref | None = None
    canonical: Ref | None = None
    duplicate: Ref | None = None
    blocking_issue: Ref | None = None
    blocked_issue: Ref | None = None
    issue_type: Named | None = None
    prev_issue_type: Named | None = None
    project: NodeId | None = None
    status: str | None = None
    issue_field: Named | None = None
    value: str | None = None
    new_value: str | None = None
    previous_value: str | None = None


class MilestoneRef(Payload, frozen=True):
    """An issue's milestone, by its number in the repository."""

    number: int
    title: str


class SubIssues(Payload, frozen=True):
    """How many sub-issues an issue has."""

    total: int = 0


class Tied(Ref, frozen=True, kw_only=True):
    """An issue with what may change of it without its ``updatedAt``."""

    id: str
    state: str
    parent: Ref | None = None
    blocked_by: Connection[Ref] | None = None
    blocking: Connection[Ref] | None = None


class Issue(Tied, frozen=True, kw_only=True):
    """One issue with its past."""

    number: int
    title: str | None = None
    url: str = ""
    state_reason: str | None = None
    created_at: When
    updated_at: When
    closed_at: When | None = None
    author: Actor | None = None
    milestone: MilestoneRef | None = None
    issue_type: Named | None = None
    sub_issues_summary: SubIssues | None = None
    assignees: Connection[Actor] | None = None
    labels: Connection[Named] | None = None
    timeline_items: Connection[Event] | None = None
    issue_field_values: Connection[IssueFieldValue] | None = None


class Milestone(Payload, frozen=True):
    """A repository's milestone."""

    number: int
    title: str
    state: str
    url: str = ""
    due_on: When | None = None
    closed_at: When | None = None


class Touched(Payload, frozen=True):
    """When an issue last changed."""

    updated_at: When


class Repository(Payload, frozen=True):
    """A repository, how much is in it, and when it last changed: enough to see nothing new."""

    name_with_owner: str
    url: str
    database_id: int | None = None
    is_private: bool = False
    is_archived: bool = False
    is_fork: bool = False
    is_disabled: bool = False
    has_issues_enabled: bool = True
    issues: Connection[Touched] | None = None
    milestones: Connection[Milestone] | None = None
    pull_requests: Connection[Touched] | None = None
    releases: Connection[Touched] | None = None
    deployments: Connection[Touched] | None = None

    @property
    def total(self) -> int:
        """The number of issues."""
        return (self.issues.total_count if self.issues else None) or 0

    @property
    def newest(self) -> datetime | None:
        """The last change of any issue."""
        changes = self.issues.members() if self.issues else ()
        return changes[0].updated_at if changes else None


class OwnerRepositories(Payload, frozen=True):
    """The repositories of an organization, or of the login itself."""

    repositories: Connection[Repository] | None = None


class OwnerPage(Metered, frozen=True):
    """The answer to ``Organization`` and ``Viewer``; evidence is beside its repositories."""

    owner: OwnerRepositories | None = None
    pulls: OwnerRepositories | None = None
    releases: OwnerRepositories | None = None
    deployments: OwnerRepositories | None = None


class SchemaField(Payload, frozen=True):
    """A field of a type, with the names of its arguments."""

    name: str
    args: tuple[Named, ...] = ()


class SchemaType(Payload, frozen=True):
    """A type of the server's schema."""

    fields: tuple[SchemaField, ...] | None = None
    enum_values: tuple[Named, ...] | None = None


class ServerPage(Payload, frozen=True):
    """The answer to ``Server``: who we are, and what the server's version offers."""

    viewer: Actor | None = None
    issue: SchemaType | None = None
    closed: SchemaType | None = None
    items: SchemaType | None = None
    board: SchemaType | None = None


class GraphqlError(Payload, frozen=True):
    """What the server could not do. ``path`` leads into the data that is missing."""

    message: str = ""
    type: str | None = None
    path: tuple[str | int, ...] | None = None


class Answer(Payload, Generic[T], frozen=True):
    """A GraphQL answer; data and errors may come together."""

    data: T | None = None
    errors: tuple[GraphqlError, ...] | None = None
    message: str | None = None
