"""The GraphQL texts of issues, fitted to what the server's version offers.

Sizes keep a page of 100 issues at about 23,000 nodes (GitHub refuses 500,000) and 6 points of the
5,000 an hour. What does not fit its page is fetched with ``more_...``.
"""

from __future__ import annotations

from collections.abc import Mapping

from pmo_sync.connectors.github.issue_payloads import Event
from pmo_sync.connectors.github.pages import (
    IdPage,
    IssuePage,
    NodesPage,
    RawIssuePage,
    Rest,
    TiedPage,
)
from pmo_sync.connectors.github.payloads import Actor, Answer, Named, Ref
from pmo_sync.connectors.github.queries import PAGE, PAGE_INFO, RATE, WHO, Query
from pmo_sync.connectors.github.shape import Shape

TIES = 50
"""The most issues that one may be blocked by, or block."""

OF_FIELD = "issueField { ... on IssueFieldCommon { name } }"

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
    "PROJECT_V2_ITEM_STATUS_CHANGED_EVENT": "project { id } status",
    "REMOVED_FROM_PROJECT_V2_EVENT": "project { id }",
    "ISSUE_FIELD_ADDED_EVENT": f"{OF_FIELD} value",
    "ISSUE_FIELD_CHANGED_EVENT": f"{OF_FIELD} newValue previousValue",
    "ISSUE_FIELD_REMOVED_EVENT": OF_FIELD,
}
"""What is read of an event beside its time and actor."""


ISSUE_FIELDS = (
    "issueFieldValues(first: 25) { nodes { "
    + " ".join(
        f"... on IssueField{kind}Value {{ {value} field {{ ... on IssueFieldCommon {{ name }} }} }}"
        for kind, value in (
            ("SingleSelect", "name"),
            ("Text", "text: value"),
            ("Number", "number: value"),
            ("Date", "date: value"),
        )
    )
    + f" }} {PAGE_INFO} }}"
)
"""An issue's fields; their values are of several types, so each has a name of its own."""


def issues(shape: Shape) -> Query[IssuePage | RawIssuePage]:
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
    return Query("Issues", text, Answer[IssuePage], Answer[RawIssuePage])


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


def ties(shape: Shape) -> Query[TiedPage]:
    """Ask for what the open issues of a repository are tied to."""
    text = f"""
query Ties($owner: String!, $name: String!, $first: Int!, $after: String) {{
  {RATE}
  repository(owner: $owner, name: $name) {{
    issues(
      first: $first, after: $after, states: [OPEN],
      orderBy: {{field: CREATED_AT, direction: ASC}}
    ) {{
      {PAGE_INFO}
      nodes {{ id state {_native(shape)} {_ties(shape)} }}
    }}
  }}
}}"""
    return Query("Ties", _with_fragments(text, shape), Answer[TiedPage])


def again(shape: Shape) -> Query[NodesPage]:
    """Ask for issues by their node ids, whole."""
    text = f"""
query Again($ids: [ID!]!) {{
  {RATE}
  nodes(ids: $ids) {{ ... on Issue {{ {_issue_fields(shape)} }} }}
}}"""
    return Query("Again", _with_fragments(text, shape), Answer[NodesPage])


def more_events(shape: Shape, count: int) -> Query[dict[str, Rest[Event] | None]]:
    """Ask for what follows in the timelines of ``count`` issues: $i0 is the first one's node, $a0
    the cursor after which; it answers as n0."""
    selection = f"timelineItems({_timeline(shape)}, {{}})"
    told = f"\nfragment Told on IssueTimelineItems {{ {_events(shape)} }}"
    text = _with_fragments(_more(selection, "...Told", count) + told, shape)
    return Query("MoreEvents", text, Answer[dict[str, Rest[Event] | None]])


def more_labels(count: int) -> Query[dict[str, Rest[Named] | None]]:
    """Ask for the further labels of ``count`` issues."""
    text = _more("labels({})", "name", count)
    return Query("MoreLabels", text, Answer[dict[str, Rest[Named] | None]])


def more_assignees(shape: Shape, count: int) -> Query[dict[str, Rest[Actor] | None]]:
    """Ask for the further assignees of ``count`` issues."""
    text = _with_fragments(_more(f"{_assignees(shape)}({{}})", "...Who", count), shape)
    return Query("MoreAssignees", text, Answer[dict[str, Rest[Actor] | None]])


def more_issues(field: str, shape: Shape, count: int) -> Query[dict[str, Rest[Ref] | None]]:
    """Ask for the further ``blockedBy`` or ``blocking`` issues of ``count`` issues."""
    text = _with_fragments(_more(f"{field}({{}})", "...Ref", count), shape)
    return Query("MoreIssues", text, Answer[dict[str, Rest[Ref] | None]])


def _more(selection: str, nodes: str, count: int) -> str:
    variables = ", ".join(f"$i{i}: ID!, $a{i}: String" for i in range(count))
    page = f"{{ nodes {{ {nodes} }} {PAGE_INFO} }}"
    lines = "\n".join(
        f"  n{i}: node(id: $i{i}) {{ ... on Issue {{ rest: "
        f"{selection.format(f'first: {PAGE}, after: $a{i}')} {page} }} }}"
        for i in range(count)
    )
    return f"query More({variables}) {{\n{lines}\n}}"


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
        _ties(shape),
        "subIssuesSummary { total }" if shape.has("Issue.subIssuesSummary") else "",
        "issueType { name }" if shape.has("Issue.issueType") else "",
        f"assignees: {_assignees(shape)}(first: 10) {{ nodes {{ ...Who }} {PAGE_INFO} }}",
        f"labels(first: 20) {{ nodes {{ name }} {PAGE_INFO} }}",
        ISSUE_FIELDS if shape.has("Issue.issueFieldValues") else "",
        f"timelineItems({_timeline(shape)}, first: 100) {{",
        f"  nodes {{ {_events(shape)} }} {PAGE_INFO}",
        "}",
    ]
    return "\n        ".join(line for line in lines if line)


def _ties(shape: Shape) -> str:
    parent = "parent { ...Ref }" if shape.has("Issue.parent") else ""
    return f"{parent} {_related('blockedBy', shape)} {_related('blocking', shape)}"


def _related(field: str, shape: Shape) -> str:
    known = shape.has(f"Issue.{field}")
    return f"{field}(first: {TIES}) {{ nodes {{ ...Ref }} {PAGE_INFO} }}" if known else ""


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


def native(shape: Shape) -> str:
    """The immutable number of an issue or pull request."""
    return _native(shape)


def _native(shape: Shape) -> str:
    return "databaseId fullDatabaseId" if shape.has("Issue.fullDatabaseId") else "databaseId"
