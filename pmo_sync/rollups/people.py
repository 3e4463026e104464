"""Who is who, and how outputs speak of them: the only place that decides what a person is called.

A person is all the accounts that the configuration joins, else all that have the same name.
``policy.people`` says what becomes of the name before any rollup, filter or report has it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from pmo_sync.config import Config, PersonConfig
from pmo_sync.frames.tables import Tables, distinct, records
from pmo_sync.policy import Policy

NO_TEAM = "(no team)"
APPS = "(apps)"
"""Bots and automations: what they are assigned is counted, and they are nobody's colleagues."""
SOMEBODY = "(somebody)"


@dataclass(frozen=True, slots=True)
class Human:
    """One person. ``name`` tells persons apart and is for no output; ``shown`` is. ``accounts`` are
    their person ids; ``known`` is what the configuration says of them."""

    name: str
    shown: str
    team: str
    accounts: tuple[str, ...]
    known: PersonConfig | None


@dataclass(frozen=True, slots=True)
class People:
    """Everybody that the configuration or a tracker names, by what they are shown as."""

    humans: tuple[Human, ...]
    policy: Policy

    def names(self) -> dict[str, str]:
        """Return person_id -> what that person is shown as."""
        return {account: human.shown for human in self.humans for account in human.accounts}

    def spoken(self, name: str) -> str:
        """Return how to speak of somebody whom the configuration names outside ``[[people]]``,
        such as an owner: nobody can tell a role from an unknown person, so it is no exception."""
        if self.policy.people == "names":
            return name
        known = next((h for h in self.humans if h.name.casefold() == name.casefold()), None)
        if known:
            return known.shown
        return initials(name) if self.policy.people == "initials" else SOMEBODY


def people(tables: Tables, config: Config) -> People:
    """Find out who is who."""
    accounts: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    for account, name in sorted(_named(tables, config).items()):
        accounts.setdefault(name.casefold(), []).append(account)
        spelled.setdefault(name.casefold(), name)
    known = {person.name.casefold(): person for person in config.people}
    spelled |= {folded: person.name for folded, person in known.items()}
    order = [*known, *sorted(accounts.keys() - known.keys(), key=lambda f: accounts[f][0])]
    apps = _apps(tables)
    teams = [_team(known.get(folded), accounts.get(folded, ()), apps) for folded in order]
    shown = _shown([spelled[folded] for folded in order], teams, config)
    humans = [
        Human(
            name=spelled[folded],
            shown=word,
            team=team,
            accounts=tuple(accounts.get(folded, ())),
            known=known.get(folded),
        )
        for folded, word, team in zip(order, shown, teams, strict=True)
    ]
    return People(tuple(sorted(humans, key=_place)), config.policy)


def initials(name: str) -> str:
    """Return the first letter of each word of a name; ``?`` where there is none."""
    return "".join(word[0] for word in re.findall(r"[^\W_]+", name)).upper() or "?"


def _place(human: Human) -> tuple[str, str, str]:
    first = human.accounts[0] if human.accounts else ""
    return human.shown.casefold(), human.shown, first


def _team(person: PersonConfig | None, accounts: Sequence[str], apps: frozenset[str]) -> str:
    if person is None and accounts and apps.issuperset(accounts):
        return APPS
    return (person.team if person else None) or NO_TEAM


def _apps(tables: Tables) -> frozenset[str]:
    found = tables["person"].filter(nw.col("kind") == "app").select("person_id")
    return frozenset(row["person_id"] for row in records(found))


def _shown(names: Sequence[str], teams: Sequence[str], config: Config) -> list[str]:
    """Return what stands for each of ``names``, who are of these teams; equal initials are numbered
    in their order, the configuration's first, so that nobody is taken for another."""
    if config.policy.people == "names":
        return list(names)
    if config.policy.people == "teams":
        return list(teams)
    short = [initials(name) for name in names]
    several, seen = Counter(short), Counter[str]()
    found = []
    for word in short:
        seen[word] += 1
        found.append(f"{word}-{seen[word]}" if several[word] > 1 else word)
    return found


def _named(tables: Tables, config: Config) -> Mapping[str, str]:
    """Return person_id -> name: the configuration's name for all accounts of one person, else
    the tracker's, else the id that work is assigned to."""
    wanted = _wanted(config.people, _sites(tables))
    names = {}
    for row in records(tables["person"].select("person_id", "site", "login", "name")):
        native = row["person_id"].rpartition("#")[2]
        names[row["person_id"]] = (
            wanted.get((row["site"], (row["login"] or "").casefold()))
            or wanted.get((row["site"], native.casefold()))
            or row["name"]
            or row["login"]
            or native
        )
    return {**{account: account for account in _assigned(tables)}, **names}


def _sites(tables: Tables) -> Mapping[str, str]:
    """Return source -> its site, as any of the source's items tells."""
    one = tables["presence"].group_by("source").agg(nw.col("item_id").min())
    seen = one.join(tables["work_item"].select("item_id", "site"), on="item_id", how="inner")
    rows: Iterable[Mapping[str, Any]] = records(seen.select("source", "site"))
    return {row["source"].casefold(): row["site"] for row in rows}


def _wanted(
    configured: Iterable[PersonConfig], sites: Mapping[str, str]
) -> Mapping[tuple[str, str], str]:
    found = {}
    for person in configured:
        for account in person.accounts:
            source, _, login = account.partition(":")
            found[(sites.get(source.casefold(), ""), login.casefold())] = person.name
    return found


def _assigned(tables: Tables) -> list[str]:
    """List whom work was ever assigned to: some accounts are deleted, and no table names them."""
    rows = tables["history"].filter(
        nw.col("entity") == "item", nw.col("field") == "assignee", ~nw.col("value").is_null()
    )
    return [row["value"] for row in records(distinct(rows, "value"))]
