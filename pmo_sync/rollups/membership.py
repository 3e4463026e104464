"""Which items belong to which project, by the rules that the configuration selects them with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import narwhals as nw

from pmo_sync.config import Program, Project, Select
from pmo_sync.frames.tables import Frame, Tables, distinct

_KEYS = ("container", "label", "component", "epic")
_FIELDS = {"epic": ("key", "parent")}


def membership(
    tables: Tables, items: Frame, members: Frame, sources: Frame, projects: Sequence[Project]
) -> Frame:
    """Return item_id, project: an item is in every project that any of whose rules selects it.

    ``sources`` (item_id, source) are all that see an item: a rule may name any of them. Names
    compare without case, as GitHub compares them. ``epic`` selects the item of that key
    with its children and grandchildren.
    """
    rules = [(project.name, rule) for project in projects for rule in project.select]
    patterns = {tuple(key for key in _KEYS if getattr(rule, key)) for _, rule in rules}
    if not patterns:
        return tables.rows({"item_id": "str", "project": "str"}, [])
    parts = [
        _matching(tables, items, members, sources, pattern, rules) for pattern in sorted(patterns)
    ]
    return tables.hold(distinct(nw.concat(parts, how="vertical"), "item_id", "project"))


def looks_at(projects: Iterable[Project]) -> frozenset[str]:
    """Return the fields of an item that the projects' rules look at."""
    keys = {key for p in projects for rule in p.select for key in _KEYS if getattr(rule, key)}
    return frozenset(field for key in keys for field in _FIELDS.get(key, (key,)))


def program_chain(programs: Iterable[Program]) -> Mapping[str, tuple[str, ...]]:
    """Return for each program itself and all that it is part of, the nearest first."""
    parents = {program.name: program.parent for program in programs}
    return {name: chain_of(name, parents) for name in parents}


def chain_of(name: str | None, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return a program and all that it is part of, the nearest first; nothing for no program."""
    chain: list[str] = []
    while name and name in parents and name not in chain:
        chain.append(name)
        name = parents[name]
    return tuple(chain)


def _matching(
    tables: Tables,
    items: Frame,
    members: Frame,
    sources: Frame,
    pattern: tuple[str, ...],
    rules: Sequence[tuple[str, Select]],
) -> Frame:
    on = ["source", *pattern]
    wanted = tables.rows(
        dict.fromkeys(["project", *on], "str"),
        [
            (name, *(str(getattr(rule, key)) for key in on))
            for name, rule in rules
            if tuple(key for key in _KEYS if getattr(rule, key)) == pattern
        ],
    ).with_columns(nw.col(*on).str.to_lowercase())  # by the engine, like what it is compared with
    facts = sources.select("item_id", nw.col("source").str.to_lowercase())
    for key in pattern:
        facts = facts.join(_facts(items, members, key), on="item_id", how="inner")
    return facts.join(wanted, on=on, how="inner").select("item_id", "project")


def _facts(items: Frame, members: Frame, key: str) -> Frame:
    if key == "container":
        return items.select("item_id", nw.col("container").str.to_lowercase())
    if key != "epic":
        return members.filter(nw.col("field") == key).select(
            "item_id", nw.col("name").str.to_lowercase().alias(key)
        )
    return epics(items)


def epics(items: Frame) -> Frame:
    """Return item_id, epic: the keys, in lower case, of an item itself and of the two above it."""
    own = items.select("item_id", nw.col("key").str.to_lowercase().alias("epic"), "parent_id")
    above = own.select(
        nw.col("item_id").alias("parent_id"),
        nw.col("epic").alias("above"),
        nw.col("parent_id").alias("next"),
    )
    first = own.join(above, on="parent_id", how="inner")
    second = first.select("item_id", nw.col("next").alias("parent_id")).join(
        above, on="parent_id", how="inner"
    )
    return nw.concat(
        [
            own.select("item_id", "epic"),
            first.select("item_id", nw.col("above").alias("epic")),
            second.select("item_id", nw.col("above").alias("epic")),
        ],
        how="vertical",
    )
