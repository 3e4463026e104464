"""The wire format of repositories and their milestones."""

from __future__ import annotations

from datetime import datetime

from pmo_sync.connectors.github.payloads import Connection, Metered, Payload, When


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
