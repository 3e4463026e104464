"""The wire format of evidence: pull requests, releases, deployments."""

from __future__ import annotations

from pmo_sync.connectors.github.issue_payloads import MilestoneRef
from pmo_sync.connectors.github.payloads import Actor, Connection, Named, Payload, Ref, When


class Pull(Ref, frozen=True, kw_only=True):
    """A pull request, what it closes, and the texts that may name other work."""

    id: str
    number: int
    title: str | None = None
    body: str | None = None
    head_ref_name: str | None = None
    url: str = ""
    state: str
    is_draft: bool = False
    created_at: When
    updated_at: When
    merged_at: When | None = None
    closed_at: When | None = None
    author: Actor | None = None
    closing_issues_references: Connection[Ref] | None = None
    assignees: Connection[Actor] | None = None
    labels: Connection[Named] | None = None
    milestone: MilestoneRef | None = None


class Release(Payload, frozen=True):
    """A release; a draft has not been published yet."""

    id: str
    created_at: When
    updated_at: When
    tag_name: str = ""
    name: str | None = None
    url: str = ""
    is_draft: bool = False
    is_prerelease: bool = False
    published_at: When | None = None
    author: Actor | None = None


class DeploymentStep(Payload, frozen=True):
    """A status that a deployment had."""

    state: str
    created_at: When


class RefName(Payload, frozen=True):
    """A branch or a tag."""

    name: str = ""


class Deployment(Payload, frozen=True):
    """A deployment to an environment."""

    id: str
    created_at: When
    updated_at: When
    environment: str | None = None
    state: str | None = None
    ref: RefName | None = None
    creator: Actor | None = None
    statuses: Connection[DeploymentStep] | None = None


class EvidenceLists(Payload, frozen=True):
    """A repository's evidence: one of these lists."""

    pull_requests: Connection[Pull] | None = None
    releases: Connection[Release] | None = None
    deployments: Connection[Deployment] | None = None


class EvidencePage(Payload, frozen=True):
    """The answer to ``PullRequests``, ``Releases`` and ``Deployments``."""

    repository: EvidenceLists | None = None
