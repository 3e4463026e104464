"""The wire format of an issue: what it is now, and the events of its timeline."""

from __future__ import annotations

import msgspec

from pmo_sync.connectors.github.payloads import (
    Actor,
    Connection,
    Named,
    NodeId,
    Payload,
    Ref,
    RepositoryName,
    When,
)


class IssueFieldValue(Payload, frozen=True):
    """A value of an organization's issue field; ``name`` is that of a choice."""

    field: Named | None = None
    name: str | None = None
    text: str | None = None
    number: float | None = None
    date: str | None = None


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
