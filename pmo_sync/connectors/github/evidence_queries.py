"""The GraphQL texts of evidence, newest first: it is read back to what is known."""

from __future__ import annotations

from pmo_sync.connectors.github.evidence_payloads import EvidencePage
from pmo_sync.connectors.github.issue_queries import native
from pmo_sync.connectors.github.payloads import Answer
from pmo_sync.connectors.github.queries import PAGE_INFO, WHO, Query
from pmo_sync.connectors.github.shape import Shape

_PULL_ITEM = """
        milestone { number title }
        assignees(first: 10) { nodes { ...Who } } labels(first: 20) { nodes { name } }"""


def pulls(shape: Shape, *, items: bool) -> Query[EvidencePage]:
    """Ask for pull requests, the newest change first; as work items they say more."""
    wide = native(shape)
    return _listing(
        "PullRequests",
        "pullRequests",
        "UPDATED_AT",
        f"""id {wide} number title body headRefName url state isDraft
        createdAt updatedAt mergedAt closedAt author {{ ...Who }} repository {{ nameWithOwner }}
        closingIssuesReferences(first: 10) {{ nodes {{
          {wide} number repository {{ nameWithOwner }}
        }} }}{_PULL_ITEM if items else ""}""",
    )


def _listing(name: str, field: str, order: str, nodes: str) -> Query[EvidencePage]:
    text = f"""
query {name}($owner: String!, $name: String!, $first: Int!, $after: String) {{
  repository(owner: $owner, name: $name) {{
    {field}(first: $first, after: $after, orderBy: {{field: {order}, direction: DESC}}) {{
      {PAGE_INFO}
      nodes {{
        {nodes}
      }}
    }}
  }}
}}{WHO}"""
    return Query(name, text, Answer[EvidencePage])


RELEASES = _listing(
    "Releases",
    "releases",
    "CREATED_AT",
    "id tagName name url isDraft isPrerelease createdAt updatedAt publishedAt author { ...Who }",
)
DEPLOYMENTS = _listing(
    "Deployments",
    "deployments",
    "CREATED_AT",
    """id environment state createdAt updatedAt ref { name } creator { ...Who }
        statuses(first: 10) { nodes { state createdAt } }""",
)
