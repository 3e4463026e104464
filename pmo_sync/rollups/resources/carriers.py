"""Single points of failure: parts of the work that one person carries alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import narwhals as nw

from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, distinct, records
from pmo_sync.policy import Policy
from pmo_sync.rollups.people import APPS
from pmo_sync.rollups.scope import FINISHED, Scope

DAYS = 90
"""How far back finished work tells who carries a part."""
Kind = Literal["project", "epic", "component"]
KINDS: tuple[Kind, ...] = ("project", "epic", "component")
Part = tuple[Kind, str, str, str]
"""Kind, container (of a component), name or key, title (of an epic)."""
PART = ("kind", "container", "name", "title")
COUNTED = ("done", "open")
ROUNDING = 1e-9
"""A share of exactly the policy's is none below it, whatever the last bit of a sum says."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """One person who carries a part: shares (0 to 1) of the items that were finished in the last
    ``DAYS`` and of those that are open and somebody has; a share among too few items is None."""

    kind: Kind
    container: str
    name: str
    title: str
    human: str
    done: float | None
    done_of: int
    open: float | None
    open_of: int


def carriers(tables: Tables, scope: Scope, held: Frame, policy: Policy) -> tuple[Carrier, ...]:
    """Find who carries a project, epic or component alone.

    Of what was finished and of what is open and assigned, each where it is at least the policy's
    minimum, one person has at least the policy's share; where neither is, nothing can be said. A
    queue that nobody has yet says nothing of who will carry it, and an app is no person.
    """
    facts = tables.hold(
        _assigned(_facts(scope), held).join(_parts(scope), on="item_id", how="inner")
    )
    parts = _counted(facts, [])
    whole = {_part(row): row for row in records(parts)}
    mine: dict[tuple[Part, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    theirs = _counted(facts.join(held, on="item_id", how="inner"), ["human", "sharers"])
    rows = records(_likely(theirs, parts, policy))
    for row in sorted(rows, key=lambda r: r["sharers"]):
        share = mine[(_part(row), row["human"])]
        share[0] += row["done"] / row["sharers"]
        share[1] += row["open"] / row["sharers"]
    apps = {human.name for human in scope.people.humans if human.team == APPS}
    found = [
        _carrier(part, human, done, left, whole[part], policy)
        for (part, human), (done, left) in mine.items()
        if human not in apps
    ]
    return tuple(sorted(filter(None, found), key=_place))


def carried(tables: Tables, scope: Scope, held: Frame, found: Sequence[Carrier]) -> Frame:
    """Return item_id, place, done (1 or 0): what the person of ``found[place]`` has of the part;
    with ``held`` that names nobody (no column human), all that the part has."""
    rows = tables.rows(
        {"place": "int64", "kind": "str", "container": "str", "name": "str", "human": "str"},
        [(n, c.kind, c.container, c.name, c.human) for n, c in enumerate(found)],
    )
    part = ["kind", "container", "name"]
    items = _facts(scope).join(_parts(scope), on="item_id", how="inner")
    who = ["human"] if "human" in held.collect_schema().names() else []
    if who:
        items = items.join(held, on="item_id", how="inner")
    return items.join(rows, on=[*part, *who], how="inner").select("item_id", "place", "done")


def _likely(theirs: Frame, parts: Frame, policy: Policy) -> Frame:
    """Leave out whoever has too few items to carry a part even if nobody shared one: nearly all
    rows, which need not become Python's."""
    wholes = parts.rename({name: f"all_{name}" for name in COUNTED})
    told = theirs.join(wholes, on=list(PART), how="inner").with_columns(
        nw.col(name).sum().over(*PART, "human").alias(f"most_{name}") for name in COUNTED
    )
    least, share = policy.lone_carrier_minimum, policy.lone_carrier - ROUNDING
    telling = [nw.col(f"all_{name}") >= least for name in COUNTED]
    enough = [nw.col(f"most_{name}") >= nw.col(f"all_{name}") * share for name in COUNTED]
    carried = [~tells | has for tells, has in zip(telling, enough, strict=True)]
    return told.filter(nw.any_horizontal(*telling, ignore_nulls=False), *carried).select(
        *PART, "human", "sharers", *COUNTED
    )


def _carrier(
    part: Part, human: str, done: float, left: float, whole: Mapping[str, Any], policy: Policy
) -> Carrier | None:
    of = int(whole["done"]), int(whole["open"])
    least = policy.lone_carrier_minimum
    known = [n / all_ if all_ >= least else None for n, all_ in zip((done, left), of, strict=True)]
    telling = [share for share in known if share is not None]
    if not telling or min(telling) < policy.lone_carrier - ROUNDING:
        return None
    kind, container, name, title = part
    return Carrier(kind, container, name, title, human, known[0], of[0], known[1], of[1])


def _place(carrier: Carrier) -> tuple[int, str, str, str]:
    return KINDS.index(carrier.kind), carrier.container, carrier.name, carrier.human


def _facts(scope: Scope) -> Frame:
    since = scope.at - timedelta(days=DAYS)
    finished = (nw.col("category") == "done") & (nw.col("finished") > since).fill_null(value=False)
    left = ~nw.col("category").is_in(FINISHED)
    return scope.items.filter(finished | left).select(
        "item_id",
        nw.when(left).then(0).otherwise(1).alias("done"),
        nw.when(left).then(1).otherwise(0).alias("open"),
    )


def _assigned(facts: Frame, held: Frame) -> Frame:
    """Leave out what is open and nobody has."""
    somebodys = facts.join(held.select("item_id"), on="item_id", how="semi")
    finished = facts.filter(nw.col("done") == 1)
    both = nw.concat([somebodys, finished], how="vertical")
    return distinct(both, "item_id", "done", "open")


def _parts(scope: Scope) -> Frame:
    """Return item_id, kind, container, name, title for each part that an item belongs to."""
    nothing = nw.lit("")
    projects = scope.membership.select(
        "item_id", nw.lit("project").alias("kind"), nothing.alias("container"),
        nw.col("project").alias("name"), nothing.alias("title"),
    )  # fmt: skip
    above = scope.items.filter(nw.col("rank") >= 1).select(
        nw.col("item_id").alias("parent_id"), nw.col("key").alias("name"), "title"
    )
    epics = scope.items.select("item_id", "parent_id").join(above, on="parent_id", how="inner")
    components = scope.members.filter(nw.col("field") == "component").join(
        scope.items.select("item_id", "container"), on="item_id", how="inner"
    )
    return nw.concat(
        [
            projects,
            epics.select("item_id", nw.lit("epic").alias("kind"), nothing.alias("container"),
                         "name", "title"),
            components.select("item_id", nw.lit("component").alias("kind"), "container",
                              nw.col("value").alias("name"), nothing.alias("title")),
        ],
        how="vertical",
    )  # fmt: skip


def _counted(facts: Frame, also: list[str]) -> Frame:
    return facts.group_by(*PART, *also).agg(*(nw.col(name).sum() for name in COUNTED))


def _part(row: Mapping[str, Any]) -> Part:
    return row["kind"], row["container"], row["name"], row["title"]
