"""What GitHub's live schema has that the published copy, of early 2025, has not: all of it, here.

``NEWER`` says it as an extension of that copy, so that a query can be checked against both.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, extend_schema, parse

OF_ISSUE_FIELDS = {
    "IssueFieldAddedEvent", "IssueFieldChangedEvent", "IssueFieldCommon", "IssueFieldDataType",
    "IssueFieldDate", "IssueFieldDateValue", "IssueFieldNumber", "IssueFieldNumberValue",
    "IssueFieldOrder", "IssueFieldOrderField", "IssueFieldRemovedEvent", "IssueFieldSingleSelect",
    "IssueFieldSingleSelectOption", "IssueFieldSingleSelectOptionColor",
    "IssueFieldSingleSelectValue", "IssueFieldText", "IssueFieldTextValue", "IssueFieldValue",
    "IssueFieldValueCommon", "IssueFieldValueConnection", "IssueFieldValueEdge",
    "IssueFieldVisibility", "IssueFields", "IssueFieldsConnection", "IssueFieldsEdge",
}  # fmt: skip
NEWER_TYPES = OF_ISSUE_FIELDS | {
    "AddedToProjectV2Event", "AssigneeConnection", "AssigneeEdge", "BlockedByAddedEvent",
    "BlockedByRemovedEvent", "BlockingAddedEvent", "BlockingRemovedEvent",
    "ConvertedFromDraftEvent", "IssueType", "IssueTypeAddedEvent", "IssueTypeChangedEvent",
    "IssueTypeRemovedEvent", "ProjectV2ItemStatusChangedEvent", "RemovedFromProjectV2Event",
}  # fmt: skip
NEWER_FIELDS = {
    "Issue.assignedActors", "Issue.blockedBy", "Issue.blocking", "Issue.issueFieldValues",
    "Issue.issueType", "Organization.issueFields",
}  # fmt: skip
NEWER_VALUES = {
    "ADDED_TO_PROJECT_V2_EVENT", "BLOCKED_BY_ADDED_EVENT", "BLOCKED_BY_REMOVED_EVENT",
    "BLOCKING_ADDED_EVENT", "BLOCKING_REMOVED_EVENT", "CONVERTED_FROM_DRAFT_EVENT", "ISSUE_TYPE",
    "ISSUE_FIELD_ADDED_EVENT", "ISSUE_FIELD_CHANGED_EVENT", "ISSUE_FIELD_REMOVED_EVENT",
    "ISSUE_TYPE_ADDED_EVENT", "ISSUE_TYPE_CHANGED_EVENT", "ISSUE_TYPE_REMOVED_EVENT",
    "PROJECT_V2_ITEM_STATUS_CHANGED_EVENT", "REMOVED_FROM_PROJECT_V2_EVENT",
}  # fmt: skip
_BOUNDS = "(after: String, before: String, first: Int, last: Int)"
_EVENT = "actor: Actor createdAt: DateTime! id: ID!"
_ON_A_BOARD = f"{_EVENT} project: ProjectV2 wasAutomated: Boolean!"
_FIELD = (
    "createdAt: DateTime! dataType: IssueFieldDataType! description: String name: String! "
    "visibility: IssueFieldVisibility!"
)
_VALUE = "field: IssueFields id: ID!"
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
enum IssueFieldDataType {{ DATE NUMBER SINGLE_SELECT TEXT }}
enum IssueFieldVisibility {{ ALL ORG_ONLY }}
enum IssueFieldSingleSelectOptionColor {{ BLUE GRAY GREEN ORANGE PINK PURPLE RED YELLOW }}
enum IssueFieldOrderField {{ CREATED_AT NAME }}
input IssueFieldOrder {{ direction: OrderDirection! field: IssueFieldOrderField! }}
interface IssueFieldCommon {{ {_FIELD} }}
interface IssueFieldValueCommon {{ field: IssueFields }}
type IssueFieldDate implements IssueFieldCommon & Node {{ {_FIELD} id: ID! }}
type IssueFieldNumber implements IssueFieldCommon & Node {{ {_FIELD} id: ID! }}
type IssueFieldText implements IssueFieldCommon & Node {{ {_FIELD} id: ID! }}
type IssueFieldSingleSelect implements IssueFieldCommon & Node {{
  {_FIELD} id: ID! options: [IssueFieldSingleSelectOption!]!
}}
type IssueFieldSingleSelectOption implements Node {{
  color: IssueFieldSingleSelectOptionColor! description: String id: ID! name: String! priority: Int
}}
union IssueFields = IssueFieldDate | IssueFieldNumber | IssueFieldSingleSelect | IssueFieldText
type IssueFieldDateValue implements IssueFieldValueCommon & Node {{ {_VALUE} value: String! }}
type IssueFieldNumberValue implements IssueFieldValueCommon & Node {{ {_VALUE} value: Float! }}
type IssueFieldTextValue implements IssueFieldValueCommon & Node {{ {_VALUE} value: String! }}
type IssueFieldSingleSelectValue implements IssueFieldValueCommon & Node {{
  {_VALUE} color: IssueFieldSingleSelectOptionColor! description: String name: String!
  optionId: String value: String!
}}
union IssueFieldValue =
  IssueFieldDateValue | IssueFieldNumberValue | IssueFieldSingleSelectValue | IssueFieldTextValue
type IssueFieldsEdge {{ cursor: String! node: IssueFields }}
type IssueFieldsConnection {{
  edges: [IssueFieldsEdge] nodes: [IssueFields] pageInfo: PageInfo! totalCount: Int!
}}
type IssueFieldValueEdge {{ cursor: String! node: IssueFieldValue }}
type IssueFieldValueConnection {{
  edges: [IssueFieldValueEdge] nodes: [IssueFieldValue] pageInfo: PageInfo! totalCount: Int!
}}
type IssueFieldAddedEvent implements Node {{
  {_EVENT} color: String issueField: IssueFields value: String
}}
type IssueFieldChangedEvent implements Node {{
  {_EVENT} issueField: IssueFields newColor: String newValue: String previousColor: String
  previousValue: String
}}
type IssueFieldRemovedEvent implements Node {{ {_EVENT} issueField: IssueFields }}
extend type Issue {{ issueFieldValues{_BOUNDS}: IssueFieldValueConnection }}
extend type Organization {{
  issueFields(
    after: String, before: String, first: Int, last: Int,
    orderBy: IssueFieldOrder = {{field: CREATED_AT, direction: ASC}}
  ): IssueFieldsConnection
}}
extend union IssueTimelineItems =
  AddedToProjectV2Event | BlockedByAddedEvent | BlockedByRemovedEvent | BlockingAddedEvent
  | BlockingRemovedEvent | ConvertedFromDraftEvent | IssueTypeAddedEvent | IssueTypeChangedEvent
  | IssueFieldAddedEvent | IssueFieldChangedEvent | IssueFieldRemovedEvent
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
