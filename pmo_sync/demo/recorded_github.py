"""Recorded GitHub issues and their events as a site: served as they were, oddities included."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pmo_sync.demo.github_site import (
    Account,
    GithubIssue,
    GithubMilestone,
    GithubRepository,
    GithubSite,
    Label,
    TimelineEvent,
)

Row = Mapping[str, Any]
GHOST = "ghost"
"""Who REST names where GraphQL says null: an account that was deleted."""

_EVENT_TYPES = {
    "assigned": "AssignedEvent",
    "unassigned": "UnassignedEvent",
    "closed": "ClosedEvent",
    "reopened": "ReopenedEvent",
    "labeled": "LabeledEvent",
    "unlabeled": "UnlabeledEvent",
    "milestoned": "MilestonedEvent",
    "demilestoned": "DemilestonedEvent",
    "renamed": "RenamedTitleEvent",
    "converted_to_discussion": "ConvertedToDiscussionEvent",
    "marked_as_duplicate": "MarkedAsDuplicateEvent",
}
"""REST's event names -> GraphQL's types; the rest (comments, mentions) says nothing of state."""


def github_site(folder: Path) -> GithubSite:
    """Return the recorded site; ``folder`` is github-secp256k1 of the recordings."""
    with gzip.open(folder / "threads.jsonl.gz", "rt", encoding="utf-8") as file:
        threads = [json.loads(line) for line in file]
    issues = sorted(
        (one for one in threads if one["type"] == "issue"), key=lambda one: one["issue"]["number"]
    )
    repository = next(one["pull"]["base"]["repo"] for one in threads if one["type"] == "pull")
    accounts = _accounts(issues, repository["owner"])
    return GithubSite(
        url="https://github.com",
        viewer=next(login for login, one in accounts.items() if one.kind == "User"),
        accounts=tuple(accounts.values()),
        repositories=(_repository(repository, issues),),
    )


def _login(user: Row | None) -> str | None:
    """Return a login as GraphQL gives it: None for a deleted account, a bot without its suffix."""
    if user is None or user["login"] == GHOST:
        return None
    return str(user["login"]).removesuffix("[bot]")


def _people(thread: Row) -> Iterator[Row | None]:
    issue = thread["issue"]
    yield issue["user"]
    yield issue.get("closed_by")
    yield from issue["assignees"]
    for event in thread["events"]:
        yield event.get("actor")
        yield event.get("assignee")


def _accounts(threads: Iterable[Row], owner: Row) -> dict[str, Account]:
    found: dict[str, Account] = {}
    for user in (owner, *(user for thread in threads for user in _people(thread))):
        login = _login(user)
        if user is not None and login is not None and login not in found:
            found[login] = Account(
                login, user["id"], user["node_id"], user["type"], user.get("name")
            )
    return found


def _repository(repository: Row, threads: Iterable[Row]) -> GithubRepository:
    issues = [thread["issue"] for thread in threads]
    labels = {one["name"]: one for issue in issues for one in issue["labels"]}
    milestones = {
        issue["milestone"]["number"]: issue["milestone"]
        for issue in issues
        if issue.get("milestone")
    }
    return GithubRepository(
        owner=repository["owner"]["login"],
        name=repository["name"],
        database_id=repository["id"],
        node_id=repository["node_id"],
        url=f"https://github.com/{repository['full_name']}",
        created_at=repository["created_at"],
        updated_at=repository["updated_at"],
        issues=tuple(_issue(thread) for thread in threads),
        labels=tuple(
            Label(one["node_id"], one["name"], one["color"], one.get("description"))
            for one in labels.values()
        ),
        milestones=tuple(_milestone(milestones[number]) for number in sorted(milestones)),
        description=repository["description"],
        private=repository["private"],
        archived=repository["archived"],
        has_issues=repository["has_issues"],
    )


def _milestone(one: Row) -> GithubMilestone:
    return GithubMilestone(
        node_id=one["node_id"],
        number=one["number"],
        title=one["title"],
        state=_state(one),
        created_at=one["created_at"],
        updated_at=one["updated_at"],
        due_on=one.get("due_on"),
        closed_at=one.get("closed_at"),
        description=one.get("description"),
    )


def _state(one: Row) -> Literal["OPEN", "CLOSED"]:
    return "CLOSED" if one["state"] == "closed" else "OPEN"


def _issue(thread: Row) -> GithubIssue:
    issue = thread["issue"]
    milestone = issue.get("milestone")
    return GithubIssue(
        node_id=issue["node_id"],
        database_id=issue["id"],
        number=issue["number"],
        title=issue["title"],
        url=issue["html_url"],
        state=_state(issue),
        state_reason=issue.get("state_reason"),
        created_at=issue["created_at"],
        updated_at=issue["updated_at"],
        closed_at=issue.get("closed_at"),
        author=_login(issue["user"]),
        assignees=tuple(login for one in issue["assignees"] if (login := _login(one))),
        labels=tuple(one["name"] for one in issue["labels"]),
        milestone=milestone["number"] if milestone else None,
        body=issue["body"] or "",
        locked=issue["locked"],
        events=tuple(_events(thread)),
    )


def _events(thread: Row) -> Iterator[TimelineEvent]:
    """Yield the events that GraphQL has a type for; the last closing has the issue's reason."""
    known = [event for event in thread["events"] if event["event"] in _EVENT_TYPES]
    closings = [event for event in known if event["event"] == "closed"]
    for event in known:
        values = _values(event)
        if closings and event is closings[-1] and _state(thread["issue"]) == "CLOSED":
            values["stateReason"] = thread["issue"].get("state_reason")
        yield TimelineEvent(
            type=_EVENT_TYPES[event["event"]],
            node_id=event["node_id"],
            created_at=event.get("created_at"),
            actor=_login(event.get("actor")),
            values=values,
        )


def _values(event: Row) -> dict[str, str | bool | Label | None]:
    """Return what an event's type adds."""
    if "label" in event:
        label = event["label"]
        return {"label": Label(f"{event['node_id']}:label", label["name"], label["color"])}
    if "milestone" in event:
        return {"milestoneTitle": event["milestone"]["title"]}
    if "assignee" in event:
        return {"assignee": _login(event["assignee"])}
    if "rename" in event:
        return {"previousTitle": event["rename"]["from"], "currentTitle": event["rename"]["to"]}
    return {"isCrossRepository": False} if event["event"] == "marked_as_duplicate" else {}
