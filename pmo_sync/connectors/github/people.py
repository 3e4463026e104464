"""Accounts as persons."""

from __future__ import annotations

from typing import Literal

from pmo_sync.connectors.github.payloads import Actor
from pmo_sync.model import Person, global_id

Kind = Literal["person", "app", "unknown"]
KINDS: dict[str, Kind] = {"User": "person", "EnterpriseUserAccount": "person", "Bot": "app"}
"""An organization is nobody, and a mannequin stands for whom an import did not find."""
GHOST = "ghost"
"""GitHub's account for everybody who deleted theirs."""


class People:
    """Everybody that a batch names, each once."""

    def __init__(self, site: str) -> None:
        self._site = site
        self._known: dict[str, Person] = {}

    def id_of(self, actor: Actor | None) -> str | None:
        """The person's id; None where GitHub no longer says who it was."""
        if actor is None or not actor.login:
            return None
        person_id = global_id(self._site, actor.database_id or actor.login)
        if person_id not in self._known:
            kind = "unknown" if actor.login == GHOST else KINDS.get(actor.typename, "unknown")
            name = actor.name or actor.login
            self._known[person_id] = Person(person_id, self._site, actor.login, name, kind)
        return person_id

    def persons(self) -> tuple[Person, ...]:
        """All that were named."""
        return tuple(self._known.values())
