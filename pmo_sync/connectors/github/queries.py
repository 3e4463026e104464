"""The GraphQL texts of a server, its repositories and their milestones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pmo_sync.connectors.github.pages import MilestonePage
from pmo_sync.connectors.github.payloads import Answer
from pmo_sync.connectors.github.repository_payloads import OwnerPage, Repository
from pmo_sync.connectors.github.server_payloads import ServerPage

T = TypeVar("T")

PAGE = 100
"""The most that GitHub gives in one page."""
REPOSITORIES = 50
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

EVIDENCE: Mapping[str, tuple[str, str]] = {
    "pulls": ("pullRequests", "UPDATED_AT"),
    "releases": ("releases", "CREATED_AT"),
    "deployments": ("deployments", "CREATED_AT"),
}
"""Alias -> a repository's list of evidence, and by what the newest of it is known."""

DATED = "\nfragment Dated on Milestone { number title state url dueOn closedAt }"


@dataclass(frozen=True, slots=True)
class Query(Generic[T]):
    """A query by name (shown in messages), its text, and the type of its answer; ``loosely`` is
    that of an answer that is not of this type."""

    name: str
    text: str
    answer: type[Answer[T]]
    loosely: type[Answer[T]] | None = None


SERVER = Query(
    "Server",
    """
query Server {
  viewer { __typename login }
  issue: __type(name: "Issue") { fields(includeDeprecated: true) { name args { name } } }
  closed: __type(name: "ClosedEvent") { fields(includeDeprecated: true) { name args { name } } }
  items: __type(name: "IssueTimelineItemsItemType") { enumValues { name } }
  board: __type(name: "ProjectV2") { fields(includeDeprecated: true) { name args { name } } }
}""",
    Answer[ServerPage],
)


def organization(*, evidence: bool) -> Query[OwnerPage]:
    """Ask for an organization's repositories; their evidence is asked for beside them, for a list
    that a token may not read spoils the whole of what it is in."""
    listing = "repositories(first: $first, after: $after, orderBy: {field: NAME, direction: ASC})"
    beside = "\n".join(
        f"  {name}: organization(login: $login) {{ {listing} {{ nodes {{ ...{name} }} }} }}"
        for name in (EVIDENCE if evidence else ())
    )
    return Query(
        "Organization",
        f"""
query Organization($login: String!, $first: Int!, $after: String) {{
  {RATE}
  owner: organization(login: $login) {{ {listing} {{ nodes {{ ...Repo }} {PAGE_INFO} }} }}
{beside}
}}{REPOSITORY}{DATED}{_evidence(evidence)}""",
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


def repositories(count: int, *, evidence: bool = False) -> Query[dict[str, Repository | None]]:
    """Ask for ``count`` repositories at once: $o0/$n0 answers as r0, its evidence as pulls0,
    releases0 and deployments0, and so on."""
    variables = ", ".join(f"$o{i}: String!, $n{i}: String!" for i in range(count))
    wanted = {"r": "Repo", **{name: name for name in (EVIDENCE if evidence else ())}}
    lines = "\n".join(
        f"  {alias}{i}: repository(owner: $o{i}, name: $n{i}) {{ ...{fragment} }}"
        for i in range(count)
        for alias, fragment in wanted.items()
    )
    text = f"query Repositories({variables}) {{\n{lines}\n}}{REPOSITORY}{DATED}"
    return Query("Repositories", text + _evidence(evidence), Answer[dict[str, Repository | None]])


def _evidence(wanted: bool) -> str:
    """One fragment for each list of evidence: how much of it there is, and its newest change."""
    return "".join(
        f"""
fragment {name} on Repository {{
  nameWithOwner url
  {field}(first: 1, orderBy: {{field: {order}, direction: DESC}}) {{
    totalCount nodes {{ updatedAt }}
  }}
}}"""
        for name, (field, order) in (EVIDENCE if wanted else {}).items()
    )
