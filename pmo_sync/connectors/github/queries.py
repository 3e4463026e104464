"""The GraphQL texts, fitted to what the server's version offers.

Sizes keep a page of 100 issues at about 15,000 nodes (GitHub refuses 500,000) and 6 points of the
5,000 an hour. What does not fit its page is fetched with ``more``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pmo_sync.connectors.github.payloads import (
    Actor,
    Answer,
    Event,
    IdPage,
    IssuePage,
    MilestonePage,
    Named,
    OwnerPage,
    Ref,
    Repository,
    RestPage,
    ServerPage,
)
from pmo_sync.connectors.github.shape import Shape

T = TypeVar("T")

PAGE = 100
"""The most that GitHub gives in one page."""
REPOSITORIES = 25
"""Repositories in one probe."""

RATE = "rateLimit { cost }"
PAGE_INFO = "pageInfo { hasNextPage endCursor }"

WHO = """
fragment Who on Actor {
  __typename login
  ... on User { databaseId name }
  ... on Bot { databaseId }
  ... on Mannequin { databaseId }
  ... on Organization { databaseId name }
}"""

REPOSITORY = f"""
fragment Repo on Repository {{
  databaseId nameWithOwner url isPrivate isArchived isFork isDisabled hasIssuesEnabled
  issues(first: 1, orderBy: {{field: UPDATED_AT, direction: DESC}}) {{
    totalCount nodes {{ updatedAt }}
  }}
  milestones(first: 100, orderBy: {{field: NUMBER, direction: ASC}}) {{
    nodes {{ ...Dated }} {PAGE_INFO}
  }}
}}"""

DATED = "\nfragment Dated on Milestone { number title state url dueOn closedAt }"

EVENT_FIELDS: Mapping[str, str] = {
    "ASSIGNED_EVENT": "assignee { ...Who }",
    "UNASSIGNED_EVENT": "assignee { ...Who }",
    "LABELED_EVENT": "label { name }",
    "UNLABELED_EVENT": "label { name }",
    "MILESTONED_EVENT": "milestoneTitle",
    "DEMILESTONED_EVENT": "milestoneTitle",
    "RENAMED_TITLE_EVENT": "previousTitle currentTitle",
    "TRANSFERRED_EVENT": "fromRepository { nameWithOwner }",
    "MARKED_AS_DUPLICATE_EVENT": "canonical { ...Ref } duplicate { ...Ref }",
    "UNMARKED_AS_DUPLICATE_EVENT": "canonical { ...Ref } duplicate { ...Ref }",
    "PARENT_ISSUE_ADDED_EVENT": "parent { ...Ref }",
    "PARENT_ISSUE_REMOVED_EVENT": "parent { ...Ref }",
    "BLOCKED_BY_ADDED_EVENT": "blockingIssue { ...Ref }",
    "BLOCKING_ADDED_EVENT": "blockedIssue { ...Ref }",
    "ISSUE_TYPE_ADDED_EVENT": "issueType { name }",
    "ISSUE_TYPE_CHANGED_EVENT": "issueType { name } prevIssueType { name }",
}
"""What is read of an event beside its time and actor."""


@dataclass(frozen=True, slots=True)
class Query(Generic[T]):
    """A query by name (shown in messages), its text, and the type of its answer."""

    name: str
    text: str
    answer: type[Answer[T]]


SERVER = Query(
    "Server",
    """
query Server {
  viewer { __typename login }
  issue: __type(name: "Issue") { fields(includeDeprecated: true) { name args { name } } }
  closed: __type(name: "ClosedEvent") { fields(includeDeprecated: true) { name args { name } } }
  items: __type(name: "IssueTimelineItemsItemType") { enumValues { name } }
}""",
    Answer[ServerPage],
)

ORGANIZATION = Query(
    "Organization",
    f"""
query Organization($login: String!, $first: Int!, $after: String) {{
  {RATE}
  owner: organization(login: $login) {{
    repositories(first: $first, after: $after, orderBy: {{field: NAME, direction: ASC}}) {{
      nodes {{ ...Repo }} {PAGE_INFO}
    }}
  }}
}}{REPOSITORY}{DATED}""",
    Answer[OwnerPage],
)

VIEWER = Query(
    "Viewer",
    f"""
query Viewer($first: Int!, $after: String) {{
  {RATE}
  owner: viewer {{
    repositories(
      first: $first, after: $after, orderBy: {{field: NAME, direction: ASC}}
      ownerAffiliations: [OWNER, COLLABORATOR, ORGANIZATION_MEMBER]
    ) {{ nodes {{ nameWithOwner url isArchived hasIssuesEnabled }} {PAGE_INFO} }}
  }}
}}""",
    Answer[OwnerPage],
)

MILESTONES = Query(
    "Milestones",
    f"""
query Milestones($owner: String!, $name: String!, $first: Int!, $after: String) {{
  {RATE}
  repository(owner: $owner, name: $name) {{
    milestones(first: $first, after: $after, orderBy: {{field: NUMBER, direction: ASC}}) {{
      nodes {{ ...Dated }} {PAGE_INFO}
    }}
  }}
}}{DATED}""",
    Answer[MilestonePage],
)


def repositories(count: int) -> Query[dict[str, Repository | None]]:
    """Ask for ``count`` repositories at once: $o0/$n0 answers as r0, and so on."""
    variables = ", ".join(f"$o{i}: String!, $n{i}: String!" for i in range(count))
    lines = "\n".join(
        f"  r{i}: repository(owner: $o{i}, name: $n{i}) {{ ...Repo }}" for i in range(count)
    )
    return Query(
        "Repositories",
        f"query Repositories({variables}) {{\n{lines}\n}}{REPOSITORY}{DATED}",
        Answer[dict[str, Repository | None]],
    )


def issues(shape: Shape) -> Query[IssuePage]:
    """Ask for issues since a time, the oldest change first."""
    text = _with_fragments(
        f"""
query Issues($owner: String!, $name: String!, $first: Int!, $after: String, $since: DateTime) {{
  {RATE}
  repository(owner: $owner, name: $name) {{
    issues(
      first: $first, after: $after, filterBy: {{since: $since}},
      orderBy: {{field: UPDATED_AT, direction: ASC}}
    ) {{
      {PAGE_INFO}
      nodes {{ {_issue_fields(shape)} }}
    }}
  }}
}}""",
        shape,
    )
    return Query("Issues", text, Answer[IssuePage])


def ids(shape: Shape) -> Query[IdPage]:
    """Ask for the ids of all issues of a repository."""
    return Query(
        "Ids",
        f"""
query Ids($owner: String!, $name: String!, $first: Int!, $after: String) {{
  {RATE}
  repository(owner: $owner, name: $name) {{
    issues(first: $first, after: $after, orderBy: {{field: CREATED_AT, direction: ASC}}) {{
      {PAGE_INFO}
      nodes {{ {_native(shape)} }}
    }}
  }}
}}""",
        Answer[IdPage],
    )


def more_events(shape: Shape) -> Query[RestPage[Event]]:
    """Ask for the further timeline of one issue."""
    selection = f"timelineItems({_timeline(shape)}, first: $first, after: $after)"
    return Query(
        "MoreEvents",
        _more(selection, _events(shape), shape),
        Answer[RestPage[Event]],
    )


def more_labels(shape: Shape) -> Query[RestPage[Named]]:
    """Ask for the further labels of one issue."""
    return Query(
        "MoreLabels",
        _more("labels(first: $first, after: $after)", "name", shape),
        Answer[RestPage[Named]],
    )


def more_assignees(shape: Shape) -> Query[RestPage[Actor]]:
    """Ask for the further assignees of one issue."""
    selection = f"{_assignees(shape)}(first: $first, after: $after)"
    return Query("MoreAssignees", _more(selection, "...Who", shape), Answer[RestPage[Actor]])


def more_issues(field: str, shape: Shape) -> Query[RestPage[Ref]]:
    """Ask for the further ``blockedBy`` or ``blocking`` issues of one issue."""
    selection = f"{field}(first: $first, after: $after)"
    return Query("MoreIssues", _more(selection, "...Ref", shape), Answer[RestPage[Ref]])


def _more(selection: str, nodes: str, shape: Shape) -> str:
    return _with_fragments(
        f"""
query More($id: ID!, $first: Int!, $after: String) {{
  {RATE}
  node(id: $id) {{ ... on Issue {{ rest: {selection} {{ nodes {{ {nodes} }} {PAGE_INFO} }} }} }}
}}""",
        shape,
    )


def _with_fragments(text: str, shape: Shape) -> str:
    """Add the fragments that a text uses: a server refuses one that is not used."""
    ref = f"\nfragment Ref on Issue {{ {_native(shape)} number repository {{ nameWithOwner }} }}"
    return text + (ref if "...Ref" in text else "") + (WHO if "...Who" in text else "")


def _issue_fields(shape: Shape) -> str:
    """The selection of one issue."""
    lines = [
        f"id {_native(shape)} number title url state createdAt updatedAt closedAt",
        "author { ...Who } milestone { number title } repository { nameWithOwner }",
        _state_reason("Issue", shape),
        "parent { ...Ref }" if shape.has("Issue.parent") else "",
        "subIssuesSummary { total }" if shape.has("Issue.subIssuesSummary") else "",
        "issueType { name }" if shape.has("Issue.issueType") else "",
        f"assignees: {_assignees(shape)}(first: 10) {{ nodes {{ ...Who }} {PAGE_INFO} }}",
        f"labels(first: 20) {{ nodes {{ name }} {PAGE_INFO} }}",
        _related("blockedBy", shape),
        _related("blocking", shape),
        f"timelineItems({_timeline(shape)}, first: 100) {{",
        f"  nodes {{ {_events(shape)} }} {PAGE_INFO}",
        "}",
    ]
    return "\n        ".join(line for line in lines if line)


def _related(field: str, shape: Shape) -> str:
    known = shape.has(f"Issue.{field}")
    return f"{field}(first: 20) {{ nodes {{ ...Ref }} {PAGE_INFO} }}" if known else ""


def _timeline(shape: Shape) -> str:
    return f"itemTypes: [{', '.join(shape.events)}]"


def _events(shape: Shape) -> str:
    """One inline fragment an event type; its type is its enum value in another spelling."""
    fragments = ["__typename"]
    for event in shape.events:
        extra = EVENT_FIELDS.get(event, "")
        if event == "CLOSED_EVENT":
            extra = _state_reason("ClosedEvent", shape)
        name = event.title().replace("_", "")
        fragments.append(f"... on {name} {{ createdAt actor {{ ...Who }} {extra} }}")
    return "\n          ".join(fragments)


def _state_reason(owner: str, shape: Shape) -> str:
    """Without enableDuplicate the server does not say that an issue is a duplicate."""
    if shape.has(f"{owner}.stateReason(enableDuplicate)"):
        return "stateReason(enableDuplicate: true)"
    return "stateReason" if shape.has(f"{owner}.stateReason") else ""


def _assignees(shape: Shape) -> str:
    return "assignedActors" if shape.has("Issue.assignedActors") else "assignees"


def _native(shape: Shape) -> str:
    return "databaseId fullDatabaseId" if shape.has("Issue.fullDatabaseId") else "databaseId"
