"""Pull requests, releases and deployments as records: pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from pmo_sync.connectors.github.evidence_payloads import Deployment, Pull, Release
from pmo_sync.connectors.github.links import key_links, keys_in
from pmo_sync.connectors.github.mapping import Context, UnmappableError
from pmo_sync.connectors.github.people import KINDS, People
from pmo_sync.connectors.github.spans import Change, in_order, single_rows
from pmo_sync.model import (
    Category,
    Delivery,
    HistoryRow,
    ItemRecord,
    Link,
    PullRecord,
    PullRequest,
    Term,
    WorkItem,
    global_id,
)

PULL = "Pull request"
PULL_TERMS: Sequence[tuple[str, str, Category]] = (
    ("pull/open", "Open pull request", "in_progress"),
    ("pull/merged", "Merged", "done"),
    ("pull/closed", "Closed unmerged", "dropped"),
)
"""Statuses of pull requests that are work items."""


def pull_terms(site: str) -> tuple[Term, ...]:
    """The words that pull requests as work items bring along."""
    statuses = (Term(site, "status", *told) for told in PULL_TERMS)
    return (Term(site, "type", PULL, PULL, rank=0), *statuses)


def map_pull(pull: Pull, context: Context, people: People) -> PullRecord:
    """One pull request; raise UnmappableError where it says no id."""
    pull_id = pull.item_id(context.site)
    if pull_id is None:
        raise UnmappableError("the server gives no databaseId")
    author = people.id_of(pull.author)
    record = PullRequest(
        pull_id=pull_id,
        site=context.site,
        key=_key(pull, context),
        container=context.container,
        title=pull.title or "",
        state=pull.state.lower(),
        url=pull.url,
        created=pull.created_at,
        updated=pull.updated_at,
        draft=pull.is_draft,
        merged=pull.merged_at,
        closed=pull.closed_at,
        author=author,
        restricted=context.restricted,
    )
    return PullRecord(record, (*_closes(pull, pull_id, context), *_names(pull, pull_id, context)))


def _closes(pull: Pull, pull_id: str, context: Context) -> Iterator[Link]:
    """What it closes, or has closed, of what we may see."""
    closed = pull.closing_issues_references
    for issue in closed.members() if closed else ():
        if issue_id := issue.item_id(context.site):
            native = f"closes {pull.native} {issue.native}"
            yield Link(pull_id, issue_id, "closes", native, _key(pull, context), issue.key,
                       pull.created_at)  # fmt: skip


def _names(pull: Pull, pull_id: str, context: Context) -> tuple[Link, ...]:
    """The Jira issues that its title, its branch and its text name. A bot's text quotes others'."""
    is_person = pull.author is not None and KINDS.get(pull.author.typename) == "person"
    texts = (pull.title, pull.head_ref_name, pull.body if is_person else None)
    keys = keys_in(*(text for text in texts if text))
    return key_links(pull_id, _key(pull, context), keys, pull.created_at)


def pull_item(pull: Pull, told: PullRecord, context: Context, people: People) -> ItemRecord:
    """A pull request as a work item of ``owner/repo/pulls``: the ids of a repository's issues say
    nothing of it."""
    one = told.pull
    ended = one.merged or one.closed
    changes = [Change(one.created, "pull/open", one.author)]
    if ended and one.state != "open":
        changes.append(Change(ended, f"pull/{one.state}"))
    members = dict.fromkeys(
        [("assignee", person) for actor in (pull.assignees.members() if pull.assignees else ())
         if (person := people.id_of(actor))]
        + [("label", label.name) for label in (pull.labels.members() if pull.labels else ())]
        + ([("milestone", context.milestone_id(pull.milestone.number))] if pull.milestone else [])
    )  # fmt: skip
    rows = [
        *single_rows(one.pull_id, "status", in_order(changes)),
        *(HistoryRow("item", one.pull_id, name, value, one.created) for name, value in members),
    ]
    item = WorkItem(
        item_id=one.pull_id,
        site=one.site,
        key=one.key,
        container=f"{one.container}/pulls",
        type=PULL,
        rank=0,
        title=one.title,
        status=f"pull/{one.state}",
        created=one.created,
        updated=one.updated,
        url=one.url,
        reporter=one.author,
        restricted=one.restricted,
    )
    return ItemRecord(item, tuple(rows), links=told.links)


def map_release(release: Release, context: Context, people: People) -> Delivery:
    """One release."""
    state = "draft" if release.is_draft else "prerelease" if release.is_prerelease else "published"
    return Delivery(
        delivery_id=global_id(context.site, release.id),
        site=context.site,
        container=context.container,
        kind="release",
        name=release.name or release.tag_name,
        state=state,
        created=release.created_at,
        delivered=None if release.is_draft else release.published_at,
        url=release.url,
        author=people.id_of(release.author),
        restricted=context.restricted,
    )


def map_deployment(deployment: Deployment, context: Context, people: People) -> Delivery:
    """One deployment; it was out when it first succeeded, whatever replaced it since."""
    return Delivery(
        delivery_id=global_id(context.site, deployment.id),
        site=context.site,
        container=context.container,
        kind="deployment",
        name=(deployment.ref.name if deployment.ref else "") or "deployment",
        state=(deployment.state or "unknown").lower(),
        created=deployment.created_at,
        delivered=_succeeded(deployment),
        environment=deployment.environment,
        author=people.id_of(deployment.creator),
        restricted=context.restricted,
    )


def _succeeded(deployment: Deployment) -> datetime | None:
    steps = deployment.statuses.members() if deployment.statuses else ()
    return min((step.created_at for step in steps if step.state == "SUCCESS"), default=None)


def _key(pull: Pull, context: Context) -> str:
    return f"{context.container}#{pull.number}"
