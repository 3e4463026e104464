"""How far a repository has been read: the resume state, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from pmo_sync.connectors.decoding import decoder
from pmo_sync.connectors.github.payloads import When
from pmo_sync.connectors.github.repository_payloads import Repository

OVERLAP = timedelta(minutes=2)
"""Read again so much before the watermark: an index may lag, times have whole seconds."""


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """The watermark of a repository, and what its last completed sweep found.

    ``shape`` names what the server could be asked: a server that offers more is read anew.
    """

    shape: str
    since: When | None = None
    total: int | None = None
    newest: When | None = None

    @property
    def fresh(self) -> bool:
        """Nothing has been read yet."""
        return self.since is None

    @property
    def asked_from(self) -> datetime | None:
        """The time from which to ask for changes."""
        return self.since - OVERLAP if self.since else None

    def settled(self, repository: Repository) -> bool:
        """Nothing has changed, come or left since the last completed sweep."""
        return (self.total, self.newest) == (repository.total, repository.newest)

    def advanced(self, changed: datetime | None) -> Place:
        """Everything up to ``changed`` has been read, but not been swept yet."""
        since = max((at for at in (self.since, changed) if at), default=None)
        return Place(self.shape, since)

    def swept(self, total: int, newest: datetime | None) -> Place:
        """The cycle is complete: so many are there, and ``newest`` is the last change of any."""
        return Place(self.shape, self.since, total, newest)

    def dump(self) -> str:
        """As text, to be handed back."""
        return msgspec.json.encode(self).decode()


def place_of(state: Mapping[str, str], scope: str, shape: str) -> Place:
    """Where to go on; at the start if the state is none that we know, or of another shape."""
    try:
        place = decoder(Place).decode(state.get(scope, ""))
    except msgspec.DecodeError:
        return Place(shape)
    return place if place.shape == shape else Place(shape)
