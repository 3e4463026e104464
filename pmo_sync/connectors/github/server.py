"""What the server offers: asked once a day, and remembered in between."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from pmo_sync.connectors.decoding import decoder
from pmo_sync.connectors.github import queries
from pmo_sync.connectors.github.client import GithubClient
from pmo_sync.connectors.github.payloads import When
from pmo_sync.connectors.github.shape import EVENTS, LOSSES, Shape, shape_of

SCOPE = "(server)"
"""Where in the resume state it is kept: no repository is called so."""
INTERVAL = timedelta(days=1)


class Known(msgspec.Struct, frozen=True):
    """What the server offered, and what we wanted to know of then."""

    at: When
    asked: tuple[str, ...]
    fields: frozenset[str]
    events: tuple[str, ...]


def known_shape(
    client: GithubClient, state: Mapping[str, str], now: datetime
) -> tuple[Shape, dict[str, str]]:
    """The shape of the server, and the resume state to keep; empty where it is kept already."""
    wanted = (*LOSSES, *EVENTS)
    try:
        known = decoder(Known).decode(state.get(SCOPE, ""))
    except msgspec.DecodeError:
        known = None
    if known and known.asked == wanted and now - known.at < INTERVAL:
        return Shape(known.fields, known.events), {}
    shape = shape_of(client.ask(queries.SERVER, {}).data)
    found = Known(now, wanted, shape.fields, shape.events)
    return shape, {SCOPE: msgspec.json.encode(found).decode()}
