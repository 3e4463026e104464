"""What a site says of itself -> records and the context that issues are mapped in: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from urllib.parse import quote, urlsplit

from pmo_sync.connectors.jira.fields import FieldMap
from pmo_sync.connectors.jira.issue import moment
from pmo_sync.connectors.jira.payloads import (
    IssueType,
    Named,
    Project,
    ServerInfo,
    Sprint,
    Status,
    User,
    Version,
)
from pmo_sync.model import (
    Category,
    Entity,
    Iteration,
    Milestone,
    Observation,
    Person,
    Site,
    Term,
    global_id,
)

EPIC = "epic"
ACCOUNTS = 10_000
"""Accounts that are remembered as mapped: every change of every issue names one."""
CATEGORIES: Mapping[str, Category] = {
    "new": "todo",
    "indeterminate": "in_progress",
    "done": "done",
}


@dataclass(frozen=True, slots=True)
class SiteContext:
    """What the mapping of an issue needs to know of its site."""

    site: str
    url: str
    fields: FieldMap
    ranks: Mapping[str, int]
    """Issue type id -> level in the hierarchy."""
    projects: Mapping[str, str]
    """Project id -> its present key."""


def site_record(info: ServerInfo, identity: str | None) -> Site:
    """Name the site by its own identity, else by its host and context path."""
    url = info.base_url.rstrip("/")
    parts = urlsplit(url)
    return Site(
        identity or parts.netloc + parts.path, "jira", url, info.server_title or parts.netloc
    )


def status_terms(site: str, statuses: Iterable[Status]) -> list[Term]:
    """Name the statuses; the site's table decides their category."""
    return [
        Term(
            site,
            "status",
            status.id,
            status.name,
            CATEGORIES.get(status.status_category.key) if status.status_category else None,
        )
        for status in statuses
    ]


def overridden(terms: Iterable[Term], statuses: Mapping[str, Category]) -> tuple[Term, ...]:
    """Return the words with the categories that the configuration gives statuses, by name or id."""
    wanted = {name.casefold(): category for name, category in statuses.items()}
    return tuple(
        replace(term, category=wanted[said])
        if term.field == "status"
        and (said := next((w for w in _called(term) if w in wanted), None)) is not None
        else term
        for term in terms
    )


def _called(term: Term) -> tuple[str, str]:
    return term.name.casefold(), term.value.casefold()


def type_terms(site: str, types: Iterable[IssueType]) -> list[Term]:
    """Name the issue types with their level."""
    return [Term(site, "type", kind.id, kind.name, rank=type_rank(kind)) for kind in types]


def type_rank(kind: IssueType) -> int:
    """Return a type's level; Data Center says only which are sub-tasks, but Jira Software makes
    its epics a type of that name there."""
    if kind.hierarchy_level is not None:
        return kind.hierarchy_level
    if kind.subtask:
        return -1
    return 1 if kind.name.casefold() == EPIC else 0


def ordered_terms(site: str, field: str, entries: Sequence[Named]) -> list[Term]:
    """Name entries of a table whose order says their rank."""
    return [
        Term(site, field, entry.id, entry.name, rank=rank) for rank, entry in enumerate(entries)
    ]


def milestone(site: Site, project: Project, version: Version) -> Milestone:
    """Map a version; a released one was finished on its release date, where it has one."""
    due = _day(version.release_date)
    state = "released" if version.released else "archived" if version.archived else "unreleased"
    return Milestone(
        global_id(site.site, version.id),
        site.site,
        project.key,
        version.name,
        state,
        f"{site.url}/projects/{quote(project.key)}/versions/{quote(version.id)}",
        _day(version.start_date),
        due,
        due if version.released else None,
    )


def iteration(site: str, sprint: Sprint) -> Iteration:
    """Map a sprint, from a board's list or from an issue's field."""
    board = sprint.board_id or sprint.origin_board_id
    return Iteration(
        global_id(site, sprint.id),
        site,
        sprint.name,
        sprint.state.casefold(),
        str(board) if board else None,
        *(
            moment(text) if text else None
            for text in (sprint.start_date, sprint.end_date, sprint.complete_date)
        ),
    )


def observed(milestones: Iterable[Milestone], iterations: Iterable[Iteration]) -> list[Observation]:
    """List what Jira keeps no history of: how versions and sprints are dated and called."""
    found = []
    for version in milestones:
        values = (version.name, version.state, version.start, version.due)
        found += _observations("milestone", version.milestone_id, values)
    for sprint in iterations:
        dated = (sprint.name, sprint.state, sprint.start, sprint.end)
        found += _observations("iteration", sprint.iteration_id, dated)
    return found


def _observations(
    entity: Entity, entity_id: str, values: tuple[str, str, date | None, date | None]
) -> list[Observation]:
    return [
        Observation(
            entity, entity_id, name, value.isoformat() if isinstance(value, date) else value
        )
        for name, value in zip(("title", "state", "start", "due"), values, strict=True)
    ]


@lru_cache(ACCOUNTS)
def person(site: str, user: User) -> Person | None:
    """Map an account; None where Jira names none. Inactive accounts hide their e-mail."""
    if not user.identity:
        return None
    return Person(
        global_id(site, user.identity),
        site,
        user.name or user.email_address or user.identity,
        user.display_name or user.identity,
        "app" if user.account_type == "app" else "person",
        user.active,
        user.time_zone,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
