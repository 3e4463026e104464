"""What Jira says of worklogs: the wire types of what changed, what went, and of each of them."""

from __future__ import annotations

from msgspec import Raw
from msgspec import field as wire

from pmo_sync.connectors.jira.payloads import At, User, Wire


class WorklogRef(Wire, frozen=True):
    """A worklog that was changed or deleted, and when: in epoch milliseconds."""

    worklog_id: int
    updated_time: int = 0


class WorklogChanges(Wire, frozen=True):
    """A page of ``/worklog/updated`` or ``/worklog/deleted``, the oldest change first."""

    values: list[WorklogRef] = wire(default_factory=list)
    last_page: bool = True


class WorklogPayload(Wire, frozen=True):
    """A worklog; its author may be an app, or nobody that is still known."""

    id: str
    issue_id: str
    started: At
    created: At
    updated: At
    time_spent_seconds: int
    author: User | None = None


class WorklogPage(Wire, frozen=True):
    """A page of an issue's worklogs; ``total`` may be more than there are."""

    total: int = 0
    worklogs: list[Raw] = wire(default_factory=list)
