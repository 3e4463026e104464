"""What a GitHub holds of pull requests; times and names as in ``github_site``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pmo_sync.demo.github_site import TimelineEvent

PullState = Literal["OPEN", "CLOSED", "MERGED"]
ReviewState = Literal["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING"]
Decision = Literal["APPROVED", "CHANGES_REQUESTED", "REVIEW_REQUIRED"]


@dataclass(frozen=True, slots=True)
class Review:
    """A submitted review."""

    node_id: str
    database_id: int
    author: str | None
    state: ReviewState
    submitted_at: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class GithubPull:
    """One pull request: ``closes`` names issues by node id, ``requested`` reviewers by login.

    Its number is from the same row as the issues' of its repository.
    """

    node_id: str
    database_id: int
    number: int
    title: str
    url: str
    state: PullState
    created_at: str
    updated_at: str
    base: str
    head: str
    author: str | None
    draft: bool = False
    closed_at: str | None = None
    merged_at: str | None = None
    merged_by: str | None = None
    assignees: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    milestone: int | None = None
    closes: tuple[str, ...] = ()
    requested: tuple[str, ...] = ()
    reviews: tuple[Review, ...] = ()
    decision: Decision | None = None
    body: str = ""
    locked: bool = False
    events: tuple[TimelineEvent, ...] = ()
