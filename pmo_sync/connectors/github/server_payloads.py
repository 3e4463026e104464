"""The wire format of what a server says of itself: who we are there, and what it knows."""

from __future__ import annotations

from pmo_sync.connectors.github.payloads import Actor, Named, Payload


class SchemaField(Payload, frozen=True):
    """A field of a type, with the names of its arguments."""

    name: str
    args: tuple[Named, ...] = ()


class SchemaType(Payload, frozen=True):
    """A type of the server's schema."""

    fields: tuple[SchemaField, ...] | None = None
    enum_values: tuple[Named, ...] | None = None


class ServerPage(Payload, frozen=True):
    """The answer to ``Server``: who we are, and what the server's version offers."""

    viewer: Actor | None = None
    issue: SchemaType | None = None
    closed: SchemaType | None = None
    items: SchemaType | None = None
    board: SchemaType | None = None
