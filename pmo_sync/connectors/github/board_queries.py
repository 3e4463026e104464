"""The GraphQL texts of Projects v2. A page of 100 rows with 50 values each is 5,100 nodes."""

from __future__ import annotations

from pmo_sync.connectors.github.board_payloads import (
    BoardPage,
    FieldValue,
    RowPage,
)
from pmo_sync.connectors.github.issue_queries import native
from pmo_sync.connectors.github.pages import RestPage
from pmo_sync.connectors.github.payloads import Answer
from pmo_sync.connectors.github.queries import PAGE_INFO, RATE, WHO, Query
from pmo_sync.connectors.github.shape import Shape

_COMMON = "... on ProjectV2FieldCommon { id name dataType }"
_OF = "field { ... on ProjectV2FieldCommon { id } }"
_VALUE = f"""
fragment Value on ProjectV2ItemFieldValue {{
  __typename
  ... on ProjectV2ItemFieldSingleSelectValue {{ name {_OF} }}
  ... on ProjectV2ItemFieldTextValue {{ text {_OF} }}
  ... on ProjectV2ItemFieldNumberValue {{ number {_OF} }}
  ... on ProjectV2ItemFieldDateValue {{ date {_OF} }}
  ... on ProjectV2ItemFieldIterationValue {{ iterationId {_OF} }}
}}"""
_SPAN = "id title startDate duration"
UPDATES = 100
"""So many of the newest status updates of a board are read."""


def board(shape: Shape, *, rows: bool) -> Query[BoardPage]:
    """Ask for a board with its fields and status updates, and where they are wanted for the first
    page of its rows too."""
    updates = (
        f"statusUpdates(first: {UPDATES}, orderBy: {{field: CREATED_AT, direction: DESC}}) {{"
        " nodes { id status body createdAt startDate targetDate creator { ...Who } } }"
    )
    known = shape.has("ProjectV2.statusUpdates")
    text = f"""
query Board($owner: String!, $number: Int!{", $first: Int!" if rows else ""}) {{
  {RATE}
  owner: repositoryOwner(login: $owner) {{
    ... on Organization {{ projectV2(number: $number) {{ ...Head }} }}
    ... on User {{ projectV2(number: $number) {{ ...Head }} }}
  }}
}}
fragment Head on ProjectV2 {{
  id number title url public closed {_wide(shape)}
  fields(first: 100) {{ nodes {{
    {_COMMON}
    ... on ProjectV2SingleSelectField {{ options {{ name }} }}
    ... on ProjectV2IterationField {{ configuration {{
      iterations {{ {_SPAN} }} completedIterations {{ {_SPAN} }}
    }} }}
  }} }}
  {updates if known else ""}
  {f"items(first: $first) {_items(shape)}" if rows else ""}
}}{_VALUE if rows else ""}{WHO if known or rows else ""}"""
    return Query("Board", text, Answer[BoardPage])


def rows(shape: Shape) -> Query[RowPage]:
    """Ask for a board's rows, in their order on the board, which is that of their cursors."""
    text = f"""
query BoardItems($board: ID!, $first: Int!, $after: String) {{
  {RATE}
  node(id: $board) {{ ... on ProjectV2 {{
    items(first: $first, after: $after) {_items(shape)}
  }} }}
}}{_VALUE}{WHO}"""
    return Query("BoardItems", text, Answer[RowPage])


def _items(shape: Shape) -> str:
    return f"""{{
      {PAGE_INFO}
      nodes {{
        id createdAt updatedAt isArchived {_wide(shape)}
        fieldValues(first: 50) {{ nodes {{ ...Value }} {PAGE_INFO} }}
        content {{
          __typename
          ... on Issue {{ id {native(shape)} updatedAt repository {{ nameWithOwner }} }}
          ... on PullRequest {{ id {native(shape)} updatedAt repository {{ nameWithOwner }} }}
          ... on DraftIssue {{
            id title createdAt updatedAt creator {{ ...Who }}
            assignees(first: 10) {{ nodes {{ ...Who }} }}
          }}
        }}
      }}
    }}"""


MORE_VALUES = Query(
    "MoreValues",
    f"""
query MoreValues($id: ID!, $first: Int!, $after: String) {{
  node(id: $id) {{ ... on ProjectV2Item {{
    rest: fieldValues(first: $first, after: $after) {{ nodes {{ ...Value }} {PAGE_INFO} }}
  }} }}
}}{_VALUE}""",
    Answer[RestPage[FieldValue]],
)


def _wide(shape: Shape) -> str:
    """The number of 64 bits, where the server has it."""
    return "fullDatabaseId" if shape.has("ProjectV2.fullDatabaseId") else ""
