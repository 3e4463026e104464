"""What GitHub's live schema has that the published copy, of early 2025, has not: all of it, here.

``NEWER`` says it as an extension of that copy, so that a query can be checked against both.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, extend_schema, parse

NEWER_TYPES = {
    "AddedToProjectV2Event", "AssigneeConnection", "AssigneeEdge", "BlockedByAddedEvent",
    "BlockedByRemovedEvent", "BlockingAddedEvent", "BlockingRemovedEvent",
    "ConvertedFromDraftEvent", "IssueType", "IssueTypeAddedEvent", "IssueTypeChangedEvent",
    "IssueTypeRemovedEvent", "ProjectV2ItemStatusChangedEvent", "RemovedFromProjectV2Event",
}  # fmt: skip
NEWER_FIELDS = {"Issue.assignedActors", "Issue.blockedBy", "Issue.blocking", "Issue.issueType"}
NEWER_VALUES = {
    "ADDED_TO_PROJECT_V2_EVENT", "BLOCKED_BY_ADDED_EVENT", "BLOCKED_BY_REMOVED_EVENT",
    "BLOCKING_ADDED_EVENT", "BLOCKING_REMOVED_EVENT", "CONVERTED_FROM_DRAFT_EVENT", "ISSUE_TYPE",
    "ISSUE_TYPE_ADDED_EVENT", "ISSUE_TYPE_CHANGED_EVENT", "ISSUE_TYPE_REMOVED_EVENT",
    "PROJECT_V2_ITEM_STATUS_CHANGED_EVENT", "REMOVED_FROM_PROJECT_V2_EVENT",
}  # fmt: skip
_BOUNDS = "(after: String, before: String, first: Int, last: Int)"
_EVENT = "actor: Actor createdAt: DateTime! id: ID!"
_ON_A_BOARD = f"{_EVENT} project: ProjectV2 wasAutomated: Boolean!"
NEWER = f"""
type IssueType implements Node {{ description: String id: ID! isEnabled: Boolean! name: String! }}
type AssigneeEdge {{ cursor: String! node: Assignee }}
type AssigneeConnection {{
  edges: [AssigneeEdge] nodes: [Assignee] pageInfo: PageInfo! totalCount: Int!
}}
extend type Issue {{
  assignedActors{_BOUNDS}: AssigneeConnection!
  blockedBy{_BOUNDS}: IssueConnection!
  blocking{_BOUNDS}: IssueConnection!
  issueType: IssueType
}}
type BlockedByAddedEvent implements Node {{ {_EVENT} blockingIssue: Issue }}
type BlockedByRemovedEvent implements Node {{ {_EVENT} blockingIssue: Issue }}
type BlockingAddedEvent implements Node {{ {_EVENT} blockedIssue: Issue }}
type BlockingRemovedEvent implements Node {{ {_EVENT} blockedIssue: Issue }}
type IssueTypeAddedEvent implements Node {{ {_EVENT} issueType: IssueType }}
type IssueTypeChangedEvent implements Node {{
  {_EVENT} issueType: IssueType prevIssueType: IssueType
}}
type IssueTypeRemovedEvent implements Node {{ {_EVENT} issueType: IssueType }}
type AddedToProjectV2Event implements Node {{ {_ON_A_BOARD} }}
type RemovedFromProjectV2Event implements Node {{ {_ON_A_BOARD} }}
type ConvertedFromDraftEvent implements Node {{ {_ON_A_BOARD} }}
type ProjectV2ItemStatusChangedEvent implements Node {{
  {_ON_A_BOARD} previousStatus: String! status: String!
}}
extend union IssueTimelineItems =
  AddedToProjectV2Event | BlockedByAddedEvent | BlockedByRemovedEvent | BlockingAddedEvent
  | BlockingRemovedEvent | ConvertedFromDraftEvent | IssueTypeAddedEvent | IssueTypeChangedEvent
  | IssueTypeRemovedEvent | ProjectV2ItemStatusChangedEvent | RemovedFromProjectV2Event
extend enum IssueTimelineItemsItemType {{ {" ".join(sorted(NEWER_VALUES - {"ISSUE_TYPE"}))} }}
extend enum ProjectV2FieldType {{ ISSUE_TYPE }}
"""


def published(recorded_folder: Path) -> GraphQLSchema:
    """GitHub's schema as it was published; a test that needs it skips where it is absent."""
    path = recorded_folder.parent / "specs" / "github" / "schema.graphql"
    if not path.is_file():
        pytest.skip("GitHub's published schema is not here")
    return build_schema(path.read_text(encoding="utf-8"), assume_valid=True, assume_valid_sdl=True)


def today(schema: GraphQLSchema) -> GraphQLSchema:
    """The published schema with what is newer."""
    return extend_schema(schema, parse(NEWER), assume_valid=True, assume_valid_sdl=True)
