"""Who waits for whom: blocking links with both ends, and the chains that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import narwhals as nw

from pmo_sync.frames.tables import Frame, Tables, records
from pmo_sync.rollups.measures import member_names
from pmo_sync.rollups.people import APPS, NO_TEAM
from pmo_sync.rollups.scope import FINISHED, Scope

State = Literal["open", "unknown", "over"]
_COLUMNS = (
    "item_id", "key", "site", "title", "url", "container", "status", "category", "blocked",
    "overdue", "due",
)  # fmt: skip
STATES: tuple[State, ...] = ("open", "unknown", "over")


@dataclass(frozen=True, slots=True)
class End:
    """One end of a link. Outside the scope (``category`` None) nothing is known but the key."""

    item_id: str
    key: str
    site: str
    title: str = ""
    url: str = ""
    container: str = ""
    status: str = ""
    category: str | None = None
    projects: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    blocked: bool = False
    overdue: bool = False
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Dependency:
    """``blocker`` blocks ``blocked``, since an instant where the tracker tells it.

    open: both ends are unfinished; unknown: an end is outside the scope, the other unfinished;
    over: an end is finished. ``crosses`` names what the two do not share.
    """

    blocker: End
    blocked: End
    since: datetime | None
    state: State
    crosses: tuple[str, ...]


def dependencies(tables: Tables, scope: Scope) -> list[Dependency]:
    """Return every blocking link of the day, open ones first, then those that block longest."""
    links = records(_links(tables, scope))
    ids = sorted({row[end] for row in links for end in ("from_id", "to_id")})
    ends = _ends(tables, scope, ids)
    found = [
        _dependency(
            ends.get(row["from_id"]) or _stub(row["from_id"], row["from_key"]),
            ends.get(row["to_id"]) or _stub(row["to_id"], row["to_key"]),
            row["since"],
        )
        for row in links
    ]
    return sorted(found, key=_order)


def _order(found: Dependency) -> tuple[object, ...]:
    return (
        STATES.index(found.state),
        found.since or datetime.max,
        found.blocker.key,
        found.blocked.key,
        found.blocker.item_id,
        found.blocked.item_id,
    )


def _links(tables: Tables, scope: Scope) -> Frame:
    """Both ends may tell of the same link; one of them must be in the scope."""
    links = tables["link"].filter(
        nw.col("kind") == "blocks",
        nw.col("from_id") != nw.col("to_id"),
        nw.col("valid_from").is_null() | (nw.col("valid_from") <= scope.at),
        nw.col("valid_to").is_null() | (nw.col("valid_to") > scope.at),
    )
    there = scope.items.select("item_id")
    touching = nw.concat(
        [links.join(there.rename({"item_id": end}), on=end, how="semi")
         for end in ("from_id", "to_id")],
        how="vertical",
    )  # fmt: skip
    return touching.group_by("from_id", "to_id").agg(
        nw.col("from_key").max(), nw.col("to_key").max(), nw.col("valid_from").min().alias("since")
    )


def _ends(tables: Tables, scope: Scope, ids: Sequence[str]) -> Mapping[str, End]:
    if not ids:
        return {}
    wanted = tables.rows({"item_id": "str"}, [(each,) for each in ids])
    rows = records(scope.items.join(wanted, on="item_id", how="semi").select(*_COLUMNS))
    names = member_names(tables, scope, ids, ("project", "assignee", "team"))

    def named(field: str, item_id: str) -> tuple[str, ...]:
        return tuple(names[field].get(item_id, ()))

    return {
        (item_id := row["item_id"]): _end(
            row,
            named("project", item_id),
            named("assignee", item_id),
            tuple(team for team in named("team", item_id) if team not in (NO_TEAM, APPS)),
        )
        for row in rows
    }


def _end(
    row: Mapping[str, Any],
    projects: tuple[str, ...],
    people: tuple[str, ...],
    teams: tuple[str, ...],
) -> End:
    return End(
        item_id=row["item_id"],
        key=row["key"],
        site=row["site"],
        title=row["title"],
        url=row["url"] or "",
        container=row["container"],
        status=row["status"],
        category=row["category"],
        projects=projects,
        people=people,
        teams=teams,
        blocked=bool(row["blocked"]),
        overdue=bool(row["overdue"]),
        due=row["due"].date() if row["due"] else None,
    )


def _stub(item_id: str, key: str | None) -> End:
    site, _, native = item_id.rpartition("#")
    return End(item_id, key or native, site)


def _dependency(blocker: End, blocked: End, since: datetime | None) -> Dependency:
    known = [end.category for end in (blocker, blocked) if end.category]
    over = any(category in FINISHED for category in known)
    state: State = "over" if over else "open" if len(known) > 1 else "unknown"
    return Dependency(blocker, blocked, since, state, tuple(_crosses(blocker, blocked)))


def _crosses(one: End, other: End) -> list[str]:
    """Name what the two ends do not share: of an end outside the scope only its site is known."""
    crossed = ["tracker"] if one.site != other.site else []
    if not (one.category and other.category):
        return [*crossed, "outside"]
    if not set(one.projects) & set(other.projects) and (one.projects or other.projects):
        crossed.append("project")
    if one.teams and other.teams and not set(one.teams) & set(other.teams):
        crossed.append("team")
    if one.container != other.container:
        crossed.append("container")
    return crossed


def chains(found: Sequence[Dependency]) -> list[tuple[Dependency, ...]]:
    """Return the chains of more than one open link that cross something, the longest first: to
    each item that blocks no other, the longest way; and each circle once."""
    links = [each for each in found if each.state == "open"]
    ways, left = _longest_ways(links)
    goals = {each.blocked.item_id for each in links} - {each.blocker.item_id for each in links}
    told = [ways[goal] for goal in sorted(goals) if goal in ways] + _circles(left)
    crossing = [way for way in told if len(way) > 1 and any(each.crosses for each in way)]
    return sorted(crossing, key=lambda way: (-len(way), [each.blocker.key for each in way]))


def _longest_ways(
    links: Sequence[Dependency],
) -> tuple[dict[str, tuple[Dependency, ...]], list[Dependency]]:
    """Walk from what nothing blocks onwards, an item once all that blocks it was walked; return
    the longest way to each, and the links that circles keep from being walked."""
    ahead: dict[str, list[Dependency]] = {}
    waiting: dict[str, int] = {}
    for link in links:
        ahead.setdefault(link.blocker.item_id, []).append(link)
        waiting[link.blocked.item_id] = waiting.get(link.blocked.item_id, 0) + 1
    ready = [start for start in sorted(ahead) if start not in waiting]
    last: dict[str, tuple[int, Dependency]] = {}
    walked: set[str] = set()
    while ready:
        here = ready.pop()
        walked.add(here)
        length = last[here][0] + 1 if here in last else 1
        for link in ahead.get(here, ()):
            there = link.blocked.item_id
            if there not in last or length > last[there][0]:
                last[there] = (length, link)
            waiting[there] -= 1
            if not waiting[there]:
                ready.append(there)
    left = [link for link in links if link.blocker.item_id not in walked]
    return {goal: _way(goal, last) for goal in last if goal in walked}, left


def _way(goal: str, last: Mapping[str, tuple[int, Dependency]]) -> tuple[Dependency, ...]:
    way: list[Dependency] = []
    while goal in last:
        way.append(last[goal][1])
        goal = way[-1].blocker.item_id
    return tuple(reversed(way))


def _circles(links: Sequence[Dependency]) -> list[tuple[Dependency, ...]]:
    """Return circles among links of which each has another before it: one for each way back."""
    behind: dict[str, Dependency] = {}
    for link in links:
        behind.setdefault(link.blocked.item_id, link)
    circles, seen = [], set[str]()
    for start in sorted(behind):
        way: list[Dependency] = []
        here = start
        while here in behind and here not in seen:
            seen.add(here)
            way.append(behind[here])
            here = behind[here].blocker.item_id
        places = [link.blocked.item_id for link in way]
        if here in places:
            circle = list(reversed(way[places.index(here) :]))
            first = min(range(len(circle)), key=lambda place: circle[place].blocker.key)
            circles.append((*circle[first:], *circle[:first]))
    return circles
