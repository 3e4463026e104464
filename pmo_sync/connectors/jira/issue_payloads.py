"""What Jira says of issues: the wire types of searches, links and changelogs.

Custom fields have other ids on every site: ``reading.py`` makes the type of a site's issues, with
``IssueFields`` and those. Pages are generic in it.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Struct
from msgspec import field as wire

from pmo_sync.connectors.jira.payloads import (
    At,
    IssueType,
    Named,
    Project,
    Status,
    User,
    Wire,
)

Row = TypeVar("Row")


class IssueRef(Wire, frozen=True):
    """An issue where another one names it, and a row of a sweep."""

    id: str
    key: str = ""


class LinkType(Wire, frozen=True):
    """A kind of link with the words for its two directions."""

    name: str = ""
    inward: str = ""
    outward: str = ""


class IssueLink(Wire, frozen=True):
    """A link of an issue: the other end is either inward or outward."""

    id: str
    type: LinkType
    inward_issue: IssueRef | None = None
    outward_issue: IssueRef | None = None


class RemotePage(Wire, frozen=True):
    """The page that a remote link leads to."""

    url: str = ""


class RemoteLink(Wire, frozen=True):
    """A link of an issue to a page elsewhere; ``relationship`` are words, often none."""

    id: int
    page: RemotePage = wire(name="object")
    relationship: str | None = None


class LinkedParent(Wire, frozen=True):
    """The parent that a Parent Link leads to."""

    key: str


class ParentLink(Wire, frozen=True):
    """A Parent Link as Cloud writes it, also where there is none."""

    data: LinkedParent | None = None


class ChangeItem(Wire, frozen=True):
    """One field of one change; ids where the field has them, and their names at the time.

    Data Center says no ``field_id``, but whether the field is ``custom`` or the tracker's own.
    """

    field: str = ""
    field_id: str | None = None
    kind: str = wire(name="fieldtype", default="")
    from_: str | None = wire(name="from", default=None)
    from_string: str | None = None
    to: str | None = None
    to_string: str | None = None


class History(Wire, frozen=True):
    """One change of an issue; ``created`` as a time or, in bulk, in epoch milliseconds."""

    id: str
    created: At | int
    author: User | None = None
    items: list[ChangeItem] = wire(default_factory=list)


class Changelog(Wire, frozen=True):
    """The changelog that a search embeds; shorter than ``total`` when Jira cut it."""

    total: int = 0
    histories: list[History] = wire(default_factory=list)


class ChangelogPage(Wire, frozen=True):
    """A page of ``/issue/{id}/changelog``."""

    values: list[History]
    is_last: bool = True


class IssueChanges(Wire, frozen=True):
    """Some changes of an issue, in bulk."""

    issue_id: str
    change_histories: list[History] = wire(default_factory=list)


class ChangesPage(Wire, frozen=True):
    """A page of ``/changelog/bulkfetch``."""

    issue_change_logs: list[IssueChanges] = wire(default_factory=list)
    next_page_token: str | None = None


class IssueFields(Struct, frozen=True, gc=False):
    """The fields that every site has, under Jira's own names."""

    status: Status
    issuetype: IssueType
    project: Project
    created: At
    updated: At
    summary: str | None = None
    priority: Named | None = None
    resolution: Named | None = None
    reporter: User | None = None
    creator: User | None = None
    assignee: User | None = None
    parent: IssueRef | None = None
    resolutiondate: At | None = None
    timeoriginalestimate: int | None = None
    timeestimate: int | None = None
    timespent: int | None = None
    security: Named | None = None
    labels: list[str] | None = None
    components: list[Named] | None = None
    fix_versions: list[Named] | None = wire(name="fixVersions", default=None)
    issuelinks: list[IssueLink] | None = None


class SearchPage(Wire, Generic[Row], frozen=True):
    """A page of ``/search/jql``."""

    issues: list[Row] = wire(default_factory=list)
    next_page_token: str | None = None


class BulkPage(Wire, Generic[Row], frozen=True):
    """The issues of ``/issue/bulkfetch``, by id; those that are not there are left out."""

    issues: list[Row] = wire(default_factory=list)


class Dated(Wire, frozen=True):
    """The fields of an issue that was asked for the time of its last change alone."""

    updated: At


class DatedIssue(Wire, frozen=True):
    """An issue that was asked for the time of its last change alone."""

    fields: Dated


class DatedPage(Wire, frozen=True):
    """A page of ``/search/jql`` that was asked for times only."""

    issues: list[DatedIssue] = wire(default_factory=list)
