"""The wire format of the pages of lists: issues, their ids, the rest of what hangs on them."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from pmo_sync.connectors.github.issue_payloads import Issue, Tied
from pmo_sync.connectors.github.payloads import Connection, Metered, Page, Payload, Ref
from pmo_sync.connectors.github.repository_payloads import Milestone

N = TypeVar("N")


class IssueList(Payload, frozen=True):
    """A page of a repository's issues."""

    issues: Connection[Issue] | None = None


class IssuePage(Metered, frozen=True):
    """The answer to ``Issues``."""

    repository: IssueList | None = None


class RawPage(Payload, frozen=True):
    """Nodes as raw JSON (null where one is left out)."""

    nodes: tuple[msgspec.Raw, ...] | None = ()
    page_info: Page = Page()


class RawIssueList(Payload, frozen=True):
    """A page of a repository's issues, each as it came."""

    issues: RawPage | None = None


class RawIssuePage(Metered, frozen=True):
    """The answer to ``Issues`` with one in it that cannot be read: it must not spoil the page."""

    repository: RawIssueList | None = None


class IdList(Payload, frozen=True):
    """A repository's issues by id alone."""

    issues: Connection[Ref] | None = None


class IdPage(Metered, frozen=True):
    """The answer to ``Ids``."""

    repository: IdList | None = None


class TiedList(Payload, frozen=True):
    """A repository's open issues with what they are tied to."""

    issues: Connection[Tied] | None = None


class TiedPage(Metered, frozen=True):
    """The answer to ``Ties``."""

    repository: TiedList | None = None


class NodesPage(Metered, frozen=True):
    """The answer to ``Again``: issues by id, as raw JSON; null where one is gone."""

    nodes: tuple[msgspec.Raw, ...] | None = None


class Rest(Payload, Generic[N], frozen=True):
    """A node with the list that was too long for its page, whatever the list is called."""

    rest: Connection[N] | None = None


class RestPage(Metered, Generic[N], frozen=True):
    """The answer to a query for the rest of one list."""

    node: Rest[N] | None = None


class MilestoneList(Payload, frozen=True):
    """A repository's further milestones."""

    milestones: Connection[Milestone] | None = None


class MilestonePage(Metered, frozen=True):
    """The answer to ``Milestones``."""

    repository: MilestoneList | None = None
