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
        self._ids: dict[int | str, str] = {}

    def id_of(self, actor: Actor | None) -> str | None:
        """The person's id; None where GitHub no longer says who it was."""
        if actor is None or not actor.login:
            return None
        return self._ids.get(actor.database_id or actor.login) or self._meet(actor)

    def _meet(self, actor: Actor) -> str:
        native = actor.database_id or actor.login
        person_id = self._ids[native] = global_id(self._site, native)
        kind = "unknown" if actor.login == GHOST else KINDS.get(actor.typename, "unknown")
        name = actor.name or actor.login
        self._known.setdefault(person_id, Person(person_id, self._site, actor.login, name, kind))
        return person_id

    def persons(self) -> tuple[Person, ...]:
        """All that were named."""
        return tuple(self._known.values())

    def news(self) -> tuple[Person, ...]:
        """Those that were named since this was asked last."""
        found, self._known = tuple(self._known.values()), {}
        return found
